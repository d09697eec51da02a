"""Strategies for rows of chat data: healthy ones, and ones that somebody has had their fingers in."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy

from hypothesis import strategies as st

TEXTS = st.text(min_size=1, max_size=40).filter(lambda text: not text.isspace() and not _has_surrogate(text))

JSON_VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)

_KEYS = (
    *("role", "content", "weight", "name", "tool_calls", "tool_call_id", "messages", "tools", "type", "function"),
    *("id", "arguments", "parameters", "parallel_tool_calls"),
)
_ROLES = ("system", "developer", "user", "assistant", "tool", "function", "Assistant", "")


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


@st.composite
def conversations(draw: st.DrawFn) -> dict[str, object]:
    """Healthy plain conversations, now and then with weights."""
    messages: list[dict[str, object]] = []
    if draw(st.booleans()):
        messages.append({"role": draw(st.sampled_from(["system", "developer"])), "content": draw(TEXTS)})
    for turn in range(draw(st.integers(1, 3))):
        messages.append({"role": "user", "content": draw(TEXTS)})
        answer: dict[str, object] = {"role": "assistant", "content": draw(TEXTS)}
        if turn and draw(st.booleans()):
            answer["weight"] = draw(st.sampled_from([0, 1]))
        messages.append(answer)
    return {"messages": messages}


NAMES = ("look_up", "book", "f")
_PROPERTIES = {"city": {"type": "string", "description": 'In "quotes".'}, "days": {"type": "integer", "enum": [1, 2]}}


@st.composite
def tool_conversations(draw: st.DrawFn) -> dict[str, object]:
    """Healthy conversations in which tools are called and answer."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    messages: list[dict[str, object]] = []
    if draw(st.booleans()):
        messages.append({"role": "system", "content": draw(TEXTS)})
    messages.append({"role": "user", "content": draw(TEXTS)})
    for turn in range(draw(st.integers(0, 2))):
        ids = [
            f"call_{turn}_{place}{draw(st.sampled_from(['', chr(34), 'é']))}"
            for place in range(draw(st.integers(1, 2)))
        ]
        calls = [
            {"id": identity, "type": "function", "function": {"name": draw(st.sampled_from(names)), "arguments": words}}
            for identity in ids
            for words in [json.dumps(draw(st.dictionaries(st.text(max_size=5), TEXTS, max_size=2)))]
        ]
        sayings: list[dict[str, object]] = [{}, {"content": None}, {"content": ""}, {"content": "Let me see."}]
        said = draw(st.sampled_from(sayings))
        messages.append({"role": "assistant", **said, "tool_calls": calls})
        answers: list[dict[str, object]] = [
            {"role": "tool", "tool_call_id": identity, "content": draw(TEXTS | st.just(""))} for identity in ids
        ]
        messages += draw(st.permutations(answers))
    messages.append({"role": "assistant", "content": draw(TEXTS)})
    functions = [
        {"name": name, "parameters": {"type": "object", "properties": deepcopy(_PROPERTIES)}} for name in names
    ]
    row: dict[str, object] = {"messages": messages}
    row["tools"] = [{"type": "function", "function": function} for function in functions]
    return row


@st.composite
def lines(draw: st.DrawFn, rows: st.SearchStrategy[object]) -> bytes:
    """Rows as bytes, in one of the ways in which people write JSON."""
    separators = draw(st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : ")]))
    text = json.dumps(draw(rows), ensure_ascii=draw(st.booleans()), separators=separators)
    return text.encode("utf-8", "surrogatepass") + draw(st.sampled_from([b"", b"\r", b" "]))


@st.composite
def mutated_conversations(
    draw: st.DrawFn, rows: st.SearchStrategy[dict[str, object]] | None = None
) -> dict[str, object]:
    """Conversations in which something was changed, added or removed at one or two places."""
    row = draw(conversations() if rows is None else rows)
    for _ in range(draw(st.integers(1, 2))):
        places = list(_places(row))
        change = draw(st.sampled_from(places))
        value = draw(JSON_VALUES | st.sampled_from([*_ROLES, 0, 1, True, None, [], "", " "]))
        change(draw(st.sampled_from(_KEYS)), value)
    return row


def _places(value: object) -> list[Callable[[str, object], None]]:
    """Ways to change a value somewhere inside."""
    changes: list[Callable[[str, object], None]] = []
    if isinstance(value, dict):
        inside = value

        def put(key: str, entry: object) -> None:
            inside[key] = entry

        def drop(key: str, _entry: object) -> None:
            inside.pop(key, None)

        changes += [put, drop]
        for entry in value.values():
            changes += _places(entry)
    elif isinstance(value, list):
        items = value
        changes.append(lambda _key, entry: items.append(entry))
        for entry in value:
            changes += _places(entry)
    return changes


def twin_keys(line: bytes, at: int) -> bytes:
    """A line with one of its keys written twice, or escaped, or spaced."""
    tricks = (
        (b'"role"', b'"role": "user", "role"'),
        (b'"content"', b'"content": "x", "content"'),
        (b'"messages"', b'"messages": [], "messages"'),
        (b'"role"', b'"\\u0072ole": "user", "role"'),
        (b'"content"', b'"c\\u006Fntent": "x", "content"'),
        (b'"role":', b'"role" : "user", "role":'),
        (b'"weight"', b'"weight": 1, "weight"'),
        (b'"tools"', b'"tools": [], "tools"'),
        (b'"tool_calls"', b'"tool_calls": [], "tool_calls"'),
        (b'"arguments"', b'"arguments": "{}", "arguments"'),
        (b'"id"', b'"id": "call_0_0", "id"'),
        (b'"type"', b'"t\\u0079pe": "function", "type"'),
        (b'"content"', b'"content": "\\u0022\\u0022\\u0022\\u0022", "content"'),
    )
    old, new = tricks[at % len(tricks)]
    return line.replace(old, new, 1)
