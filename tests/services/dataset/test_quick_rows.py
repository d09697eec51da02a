"""The short way for healthy lines must never let pass what the domain's rules, the reference, complain about."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_rows import conversations, lines, mutated_conversations, tool_conversations, twin_keys
from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.record import ChatRecord, DataFormat
from fttui.services.dataset.quick_rows import plain_reader, quick_reader

ROWS = conversations() | tool_conversations()
READ = quick_reader()
READ_PLAIN = plain_reader(msgspec.json.Decoder(str).decode, msgspec.DecodeError)


def assert_agrees(line: bytes) -> None:
    quick = READ(line)
    if quick is None:
        return
    checked = check_line(line, 5, DataFormat.CHAT)
    assert isinstance(checked.record, ChatRecord)
    assert [finding.code for finding in checked.findings] == ["no-system-message"] * quick.lacks_system
    messages = checked.record.messages
    assert list(quick.roles) == [message.role for message in messages]
    assert quick.contents == [message.text for message in messages]
    calls = [(place, call.name, call.arguments) for place, one in enumerate(messages) for call in one.tool_calls]
    assert (quick.tools.calls if quick.tools else []) == calls
    assert (quick.tools.definitions.tools if quick.tools else ()) == checked.record.tools
    assert list(quick.learnt) == [place for place, message in enumerate(messages) if message.is_trained]


@given(line=lines(ROWS | mutated_conversations(ROWS)))
def test_what_passes_quickly_is_healthy_in_the_domain(line: bytes) -> None:
    assert_agrees(line)


@given(line=lines(ROWS), trick=st.integers(0, 12))
def test_no_key_that_stands_twice_passes_quickly(line: bytes, trick: int) -> None:
    assert_agrees(twin_keys(line, trick))


@given(line=lines(ROWS), at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_no_damaged_byte_passes_quickly(line: bytes, at: int, byte: int) -> None:
    at %= len(line)
    assert_agrees(line[:at] + bytes([byte]) + line[at + 1 :])


@pytest.mark.parametrize("separators", [(", ", ": "), (",", ":")])
@given(row=conversations())
def test_what_most_programs_write_is_read_by_its_known_bytes(separators: tuple[str, str], row: dict[str, Any]) -> None:
    messages = [{"role": message["role"], "content": message["content"]} for message in row["messages"]]
    line = json.dumps({"messages": messages}, separators=separators).encode()
    weighed = json.dumps({"messages": [*messages[:-1], {**messages[-1], "weight": 1}]}, ensure_ascii=False).encode()
    row_read, otherwise = READ_PLAIN(line), READ(weighed)

    assert row_read is not None
    assert otherwise is not None
    assert row_read == READ(line) == otherwise._replace(learnt=tuple(otherwise.learnt))
    assert READ_PLAIN(weighed) is None


def test_texts_that_look_like_the_bytes_around_them_pass_as_texts() -> None:
    inside = '"}, {"role": "user", "content": "'
    messages = [{"role": "user", "content": inside * 2}, {"role": "assistant", "content": f'a"}}]}}{inside}\\'}]

    for separators in ((", ", ": "), (",", ":")):
        row = READ(json.dumps({"messages": messages}, separators=separators).encode())
        assert row is not None
        assert row.contents == [message["content"] for message in messages]


@given(
    line=lines(ROWS),
    inside=st.sampled_from((b'}, {"role": ', b', "content": ', b'},{"role":', b'"}]}', b'"')),
    at=st.integers(0, 10_000),
)
def test_bytes_from_around_texts_in_other_places_do_not_pass_quickly(line: bytes, inside: bytes, at: int) -> None:
    at %= len(line)
    assert_agrees(line[:at] + inside + line[at:])
    assert_agrees(line.replace(inside, b"", 1))


def test_a_plain_conversation_does_pass_quickly() -> None:
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": 'é\n"role"'}]
    row = {"messages": [*messages, {"role": "assistant", "content": "你好 \U0001f600", "weight": 1}]}

    assert READ(json.dumps(row, ensure_ascii=False).encode()) is not None
    assert READ(json.dumps(row, separators=(",", ":")).encode()) is not None


@given(line=lines(tool_conversations()))
def test_conversations_with_tools_do_pass_quickly(line: bytes) -> None:
    assert b"\\u0022" in line or READ(line) is not None
