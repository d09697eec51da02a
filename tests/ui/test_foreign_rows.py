"""Rows that the import knows are told from training rows."""

from __future__ import annotations

import json

import pytest

from fttui.ui.foreign_rows import foreign_words
from legal_rows import consultations, legal_rows
from rows import preference, tool_row
from tool_calling_rows import tool_calling_rows, tool_talks

FOREIGN = {
    "consultations": consultations(1)[0],
    "talks": tool_talks(1)[0],
    "alpaca": {"instruction": "a", "input": "", "output": "b"},
    "pairs": {"prompt": "a", "chosen": "b", "rejected": "c"},
    "messages": {"messages": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
    "columns": {"问题": "a", "回答": "b"},
}
OWN = {
    "chat": legal_rows(1)[0],
    "tools": tool_calling_rows(1)[0],
    "picture": tool_row(),
    "preference": preference(),
    "completion": {"Prompt": "a", "completion": "b"},
    "other names of roles": {
        "messages": [{"role": "human", "content": "a"}, {"role": "助手", "content": "b"}],
        "id": 1,
    },
    "unknown": {"foo": 1},
    "list": [1],
}


@pytest.mark.parametrize("name", FOREIGN)
def test_rows_of_another_shape_are_known(name: str) -> None:
    assert "I makes training rows" in foreign_words(json.dumps(FOREIGN[name], ensure_ascii=False).encode())


@pytest.mark.parametrize("name", OWN)
def test_training_rows_and_unknown_ones_are_left_alone(name: str) -> None:
    assert foreign_words(json.dumps(OWN[name]).encode()) == ""


def test_the_first_entry_of_a_list_over_many_lines_tells() -> None:
    rows = [FOREIGN["alpaca"]] * 9

    assert foreign_words(json.dumps(rows, indent=2).encode()[:-200])
    assert not foreign_words(b'{"instruction": "a", "out')
    assert not foreign_words(b"")
