"""Our findings against the cookbook's counts on the same rows; where they differ, the difference is listed here."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given

from chat_rows import conversations, mutated_conversations
from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.jobs.estimate import auto_epochs
from oracles.cookbook import epochs, format_errors

USER = {"role": "user", "content": "q"}
ASSISTANT = {"role": "assistant", "content": "a"}


def ours(row: object) -> Counter[str]:
    """Our errors on a row, by the cookbook's keys, each message counted once for each key."""
    checked = check_line(json.dumps(row).encode(), 1, DataFormat.CHAT)
    places = {(BY_CODE[f.code].alias, _message(f.path)) for f in checked.findings if BY_CODE[f.code].alias}
    return Counter(alias for alias, _ in places)


def _message(path: str) -> str:
    return path.partition("]")[0]


def theirs(row: object) -> Counter[str]:
    return format_errors([row])


@given(conversations())
def test_both_find_nothing_in_healthy_conversations_without_developer(row: dict[str, object]) -> None:
    messages = row["messages"]
    assert isinstance(messages, list)
    plain = [message for message in messages if message["role"] != "developer"]

    assert theirs({"messages": plain}) == Counter() == ours({"messages": plain})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param([1], {"data_type": 1}, id="not an object"),
        pytest.param({"messages": []}, {"missing_messages_list": 1}, id="no messages"),
        pytest.param({"prompt": "x"}, {"missing_messages_list": 1}, id="another format"),
        pytest.param({"messages": [{"role": "robot", "content": "x"}, ASSISTANT]}, {"unrecognized_role": 1}, id="role"),
        pytest.param(
            {"messages": [{**USER, "mood": "x"}, ASSISTANT]}, {"message_unrecognized_key": 1}, id="unknown key"
        ),
        pytest.param({"messages": [USER]}, {"example_missing_assistant_message": 1}, id="no assistant"),
        pytest.param({"messages": [USER, {**ASSISTANT, "content": ""}]}, {"missing_content": 1}, id="empty content"),
        pytest.param({"messages": [USER, {**ASSISTANT, "content": None}]}, {"missing_content": 1}, id="null content"),
        pytest.param({"messages": [{**USER, "content": 7}, ASSISTANT]}, {"missing_content": 1}, id="a number"),
        pytest.param(
            {"messages": [USER, {"role": "assistant", "content": "a", "weight": 0}, ASSISTANT]}, {}, id="weights"
        ),
        pytest.param(
            {"messages": [USER, {"role": "function", "name": "f", "content": "1"}, ASSISTANT]}, {}, id="function role"
        ),
    ],
)
def test_both_count_the_same_where_the_cookbook_is_right(row: object, expected: dict[str, int]) -> None:
    assert theirs(row) == Counter(expected) == ours(row)


CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
ANSWER = {"role": "tool", "tool_call_id": "c", "content": "1"}
PARTS = {"role": "user", "content": [{"type": "text", "text": "q"}]}


@pytest.mark.parametrize(
    ("row", "cookbook", "fttui"),
    [
        pytest.param(
            {"messages": [USER, CALLING, ANSWER, ASSISTANT]},
            {"message_unrecognized_key": 2, "unrecognized_role": 1, "missing_content": 1},
            {},
            id="tools: it knows neither calls nor the tool role nor null content beside calls",
        ),
        pytest.param({"messages": [PARTS, ASSISTANT]}, {"missing_content": 1}, {}, id="content in parts"),
        pytest.param(
            {"messages": [{"role": "developer", "content": "d"}, USER, ASSISTANT]},
            {"unrecognized_role": 1},
            {},
            id="the developer role",
        ),
        pytest.param(
            {"messages": [USER, {**ASSISTANT, "refusal": None}]},
            {"message_unrecognized_key": 1},
            {},
            id="the refusal key",
        ),
        pytest.param(
            {"messages": [USER, {"role": "function", "name": "f", "content": ""}, ASSISTANT]},
            {"missing_content": 1},
            {},
            id="a function that returned nothing",
        ),
        pytest.param(
            {"messages": [{"role": "user"}, ASSISTANT]},
            {"message_missing_key": 1, "missing_content": 1},
            {"missing_content": 1},
            id="absent content: it counts two keys for one mistake",
        ),
        pytest.param(
            {"messages": [{"content": "q"}, ASSISTANT]},
            {"message_missing_key": 1, "unrecognized_role": 1},
            {"message_missing_key": 1},
            id="an absent role: likewise",
        ),
        pytest.param(
            {"messages": [{**USER, "weight": 1}, ASSISTANT]},
            {},
            {},
            id="a weight of the user: ours is a warning without an alias",
        ),
        pytest.param(
            {"messages": [USER, {"role": "assistant", "content": "a", "function_call": None, "name": "x y"}]},
            {},
            {},
            id="a name with a space: ours has no alias",
        ),
    ],
)
def test_where_both_differ_the_cookbook_does_not_know_the_protocol(
    row: object, cookbook: dict[str, int], fttui: dict[str, int]
) -> None:
    assert theirs(row) == Counter(cookbook)
    assert ours(row) == Counter(fttui)


def _survives(row: dict[str, object]) -> bool:
    """Whether the notebook gets through a row at all, and all messages speak the protocol of its day."""
    messages = row.get("messages")
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        return False
    keys = {key for message in messages for key in message}
    roles = [message.get("role") for message in messages]
    contents = [message.get("content") for message in messages]
    plain = keys <= {"role", "content", "weight"} and all("role" in m and "content" in m for m in messages)
    hashable = all(isinstance(role, str) for role in roles) and not {"tool", "developer", "function"} & set(roles)
    return plain and hashable and not any(isinstance(content, list) for content in contents)


@given(mutated_conversations().filter(_survives))
def test_both_agree_on_mutated_conversations_of_its_day(row: dict[str, object]) -> None:
    assert theirs(row) == ours(row)


@pytest.mark.parametrize("examples", [1, 4, 10, 33, 34, 80, 100, 8_333, 8_334, 12_500, 25_000, 100_000])
def test_default_epochs_are_the_cookbooks(examples: int) -> None:
    assert auto_epochs(examples) == epochs(examples)
