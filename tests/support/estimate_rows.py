"""Training files whose tokens are easy to reckon by hand: one-token words, a shared system prompt, tools."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

PROMPT = "You answer questions about lamps. " * 60
TOOL = {
    "type": "function",
    "function": {
        "name": "set_lamp",
        "description": "Switch a lamp",
        "parameters": {"type": "object", "properties": {"on": {"type": "boolean", "description": "Whether it is on"}}},
    },
}


def plain_row(words: int = 1) -> dict[str, object]:
    """A question of some one-token words, and an answer of one token."""
    return {"messages": [{"role": "user", "content": " a" * words}, {"role": "assistant", "content": "yes"}]}


def instructed_row(place: int, *, tools: bool = False) -> dict[str, object]:
    """A question under the shared system prompt."""
    messages = [
        {"role": "system", "content": PROMPT},
        {"role": "user", "content": f"Is lamp {place} on?"},
        {"role": "assistant", "content": f"Lamp {place} is on, and its light is warm."},
    ]
    return {"messages": messages, **({"tools": [TOOL]} if tools else {})}


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a file of rows."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lamps(path: Path, rows: int = 40, *, tools: bool = False) -> Path:
    """Write a file of questions under the shared system prompt."""
    return write_rows(path, [instructed_row(place, tools=tools) for place in range(rows)])
