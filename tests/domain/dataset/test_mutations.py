"""Whatever is spoilt in a healthy row is found, under its code, at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_rows import conversations, tool_conversations
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.record import DataFormat

Row = dict[str, Any]  # rows are spoilt in every way there is
Spoil = Callable[[Row, int], str]
"""Spoils a row, given a number to choose a place by, and says where the finding must be."""


def _message(row: Row, number: int) -> tuple[Row, str]:
    place = number % len(row["messages"])
    return row["messages"][place], f"messages[{place}]"


def _last(row: Row) -> tuple[Row, str]:
    return row["messages"][-1], f"messages[{len(row['messages']) - 1}]"


def _drop(key: str) -> Spoil:
    def spoil(row: Row, number: int) -> str:
        message, path = _message(row, number)
        del message[key]
        return path

    return spoil


def _put(key: str, value: object, *, into_last: bool = False, path: str = "") -> Spoil:
    def spoil(row: Row, number: int) -> str:
        message, at = _last(row) if into_last else _message(row, number)
        message[key] = value
        return f"{at}.{path or key}"

    return spoil


def _last_without_content(row: Row, _number: int) -> str:
    message, path = _last(row)
    message["content"] = None
    return f"{path}.content"


def _replace_message(row: Row, number: int) -> str:
    place = number % len(row["messages"])
    row["messages"][place] = "hello"
    return f"messages[{place}]"


def _extra_key(row: Row, _number: int) -> str:
    row["weight"] = 1
    return "weight"


def _no_answers(row: Row, _number: int) -> str:
    row["messages"] = [message for message in row["messages"] if message["role"] != "assistant"]
    return "messages"


def _nothing_trained(row: Row, _number: int) -> str:
    for message in row["messages"]:
        if message["role"] == "assistant":
            message["weight"] = 0
    return "messages"


def _messages_gone(row: Row, _number: int) -> str:
    row["messages"] = []
    return "messages"


PLAIN: tuple[tuple[str, Spoil], ...] = (
    ("missing-role", _drop("role")),
    ("unknown-role", _put("role", "robot")),
    ("unknown-role", _put("role", "Assistant")),
    ("unknown-role", _put("role", ["user"])),
    ("unknown-message-key", _put("colour", "red")),
    ("missing-content", _last_without_content),
    ("content-wrong-type", _put("content", 7)),
    ("empty-content", _put("content", "", into_last=True)),
    ("empty-content", _put("content", [], into_last=True)),
    ("invalid-name", _put("name", "two words")),
    ("invalid-name", _put("name", "x" * 65)),
    ("invalid-weight", _put("weight", 0.5)),
    ("invalid-weight", _put("weight", True)),
    ("invalid-refusal", _put("refusal", 7, into_last=True)),
    ("invalid-content-part", _put("content", [{"type": "sound"}], path="content[0].type")),
    ("message-not-object", _replace_message),
    ("unknown-key", _extra_key),
    ("no-assistant-message", _no_answers),
    ("nothing-trained", _nothing_trained),
    ("missing-messages", _messages_gone),
)


@pytest.mark.parametrize(("code", "spoil"), PLAIN, ids=[f"{place} {code}" for place, (code, _) in enumerate(PLAIN)])
@settings(max_examples=30)
@given(row=conversations(), number=st.integers(0, 20))
def test_what_is_spoilt_in_a_conversation_is_found_where_it_is(code: str, spoil: Spoil, row: Row, number: int) -> None:
    spoilt = deepcopy(row)
    path = spoil(spoilt, number)
    checked = check_line(json.dumps(spoilt).encode(), 3, DataFormat.CHAT)

    assert (code, 3, path) in [(finding.code, finding.line, finding.path) for finding in checked.findings]
    assert checked.record is None


def _called(row: Row) -> tuple[Row, str] | None:
    for place, message in enumerate(row["messages"]):
        if message.get("tool_calls"):
            return message, f"messages[{place}]"
    return None


def _call(key: str, value: object) -> Spoil:
    def spoil(row: Row, _number: int) -> str:
        found = _called(row)
        assert found is not None
        message, path = found
        target = message["tool_calls"][0]
        *outer, name = key.split(".")
        for step in outer:
            target = target[step]
        target[name] = value
        return f"{path}.tool_calls[0].{key}"

    return spoil


def _unanswered(row: Row, _number: int) -> str:
    found = _called(row)
    assert found is not None
    message, path = found
    gone = message["tool_calls"][0]["id"]
    row["messages"] = [entry for entry in row["messages"] if entry.get("tool_call_id") != gone]
    return f"{path}.tool_calls"


def _definition(key: str, value: object) -> Spoil:
    def spoil(row: Row, _number: int) -> str:
        row["tools"][0]["function"][key] = value
        return f"tools[0].function.{key}"

    return spoil


WITH_TOOLS: tuple[tuple[str, Spoil], ...] = (
    ("invalid-tool-calls", _call("id", "")),
    ("invalid-tool-calls", _call("type", "tool")),
    ("invalid-tool-calls", _call("function", "f()")),
    ("tool-arguments-not-string", _call("function.arguments", {"a": 1})),
    ("tool-arguments-not-json", _call("function.arguments", "a=1")),
    ("tool-arguments-not-json", _call("function.arguments", "[1]")),
    ("tool-call-not-answered", _unanswered),
    ("invalid-tools", _definition("name", "two words")),
    ("invalid-tools", _definition("description", 7)),
    ("invalid-tool-parameters", _definition("parameters", "none")),
)


@pytest.mark.parametrize(
    ("code", "spoil"), WITH_TOOLS, ids=[f"{place} {code}" for place, (code, _) in enumerate(WITH_TOOLS)]
)
@settings(max_examples=30)
@given(row=tool_conversations().filter(lambda row: _called(row) is not None), number=st.integers(0, 20))
def test_what_is_spoilt_in_calls_is_found_where_it_is(code: str, spoil: Spoil, row: Row, number: int) -> None:
    spoilt = deepcopy(row)
    path = spoil(spoilt, number)
    checked = check_line(json.dumps(spoilt).encode(), 3, DataFormat.CHAT)

    assert (code, path) in [(finding.code, finding.path) for finding in checked.findings]
    assert any(finding.severity is Severity.ERROR for finding in checked.findings)


@given(row=conversations() | tool_conversations())
def test_nothing_is_found_in_a_healthy_row_but_what_is_worth_knowing(row: Row) -> None:
    checked = check_line(json.dumps(row).encode(), 3, DataFormat.CHAT)

    assert {finding.code for finding in checked.findings} <= {"no-system-message"}
