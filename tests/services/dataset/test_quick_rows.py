"""The short way for healthy lines must never let pass what the domain's rules, the reference, complain about."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_rows import conversations, lines, mutated_conversations, twin_keys
from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.record import ChatRecord, DataFormat
from fttui.services.dataset.quick_rows import Read, fastest_reader, quick_row, standard_reader

READERS = [pytest.param(fastest_reader(), id="fastest"), pytest.param(standard_reader(), id="standard library")]


def assert_agrees(line: bytes, read: Read) -> None:
    quick = quick_row(line, read)
    if quick is None:
        return
    checked = check_line(line, 5, DataFormat.CHAT)
    assert isinstance(checked.record, ChatRecord)
    assert [finding.code for finding in checked.findings] == ["no-system-message"] * quick.lacks_system
    assert quick.roles == [message.role for message in checked.record.messages]
    assert quick.contents == [message.text for message in checked.record.messages]
    assert quick.learnt == [place for place, message in enumerate(checked.record.messages) if message.is_trained]


@pytest.mark.parametrize("read", READERS)
@given(line=lines(conversations() | mutated_conversations()))
def test_what_passes_quickly_is_healthy_in_the_domain(read: Read, line: bytes) -> None:
    assert_agrees(line, read)


@pytest.mark.parametrize("read", READERS)
@given(line=lines(conversations()), trick=st.integers(0, 6))
def test_no_key_that_stands_twice_passes_quickly(read: Read, line: bytes, trick: int) -> None:
    assert_agrees(twin_keys(line, trick), read)


@pytest.mark.parametrize("read", READERS)
@given(line=lines(conversations()), at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_no_damaged_byte_passes_quickly(read: Read, line: bytes, at: int, byte: int) -> None:
    at %= len(line)
    assert_agrees(line[:at] + bytes([byte]) + line[at + 1 :], read)


@pytest.mark.parametrize("read", READERS)
def test_a_plain_conversation_does_pass_quickly(read: Read) -> None:
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": 'é\n"role"'}]
    row = {"messages": [*messages, {"role": "assistant", "content": "你好 \U0001f600", "weight": 1}]}

    assert quick_row(json.dumps(row, ensure_ascii=False).encode(), read) is not None
    assert quick_row(json.dumps(row, separators=(",", ":")).encode(), read) is not None
