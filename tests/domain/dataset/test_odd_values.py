"""Whatever stands in whatever place of a row, it gets findings and a count, and nothing breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row_record import record_of
from fttui.domain.dataset.tokens import example_tokens
from fttui.domain.dataset.training_view import training_view
from fttui.services.dataset.sheet_writer import gathered
from plain_counters import Words

SCHEMA = {"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}, "required": ["a"]}
TOOL = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA}}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
PARTS = [{"type": "text", "text": "t"}, {"type": "image_url", "image_url": {"url": "https://a/b.png", "detail": "low"}}]
TALK = [
    {"role": "system", "content": "s"},
    {"role": "user", "content": PARTS, "name": "n"},
    {"role": "assistant", "content": None, "tool_calls": [CALL], "weight": 1},
    {"role": "tool", "tool_call_id": "c1", "content": "r"},
    {"role": "assistant", "content": "a", "refusal": None, "function_call": CALL["function"]},
]
ROWS: dict[DataFormat, dict[str, Any]] = {
    DataFormat.CHAT: {"messages": TALK, "tools": [TOOL], "functions": [TOOL["function"]], "parallel_tool_calls": True},
    DataFormat.PREFERENCE: {
        "input": {"messages": [{"role": "user", "content": "u"}], "tools": [TOOL], "parallel_tool_calls": False},
        "preferred_output": [{"role": "assistant", "content": "a"}],
        "non_preferred_output": [{"role": "assistant", "content": "b"}],
    },
    DataFormat.REINFORCEMENT: {"messages": [{"role": "user", "content": "u"}], "reference": {"x": [1]}},
    DataFormat.COMPLETION: {"prompt": "p ->", "completion": " c\n"},
}
NUMBERS = (None, True, 0, -1, 1.5, 10**30)
STRINGS = ("", " ", "x", "tool", "assistant", "\ud800")
ODD: tuple[Any, ...] = (
    *NUMBERS,
    *STRINGS,
    [],
    [[]],
    [None],
    [1],
    ["a"],
    {},
    {"a": []},
    {"role": []},
    {"type": {}},
    [{}],
    TOOL,
    CALL,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside another."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield (*path, key)
        yield from places(entry, (*path, key))


def put(value: Any, path: tuple[str | int, ...], odd: object) -> Any:
    """A copy with another value in one place."""
    if not path:
        return odd
    changed = copy.copy(value)
    changed[path[0]] = put(value[path[0]], path[1:], odd)
    return changed


@pytest.mark.parametrize("kind", DataFormat)
def test_any_value_in_any_place_is_judged_and_counted(kind: DataFormat) -> None:
    choose = Random(7)
    for path in places(ROWS[kind]):
        for odd in ODD:
            row = put(ROWS[kind], path, odd)
            elsewhere = choose.choice(list(places(row)))
            for spoilt in (row, put(row, elsewhere, choose.choice(ODD))):
                checked = check_line(json.dumps(spoilt).encode(), 3, choose.choice((kind, None)), images=3)
                assert checked.findings or checked.record is not None
                if checked.row is not None:
                    record = checked.record or record_of(checked.row)
                    total = example_tokens(record, Words(), "gpt-4o-mini").total
                    view = training_view(record, Words(), "gpt-4o-mini", 5)
                    assert gathered(record, 3, total).tokens == total >= view.trained
