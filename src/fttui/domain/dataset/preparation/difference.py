"""A row before and after, line by line, fit to be shown: secrets masked, pictures and long texts shortened."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fttui.domain.dataset.preparation.fix import JsonObject
from fttui.domain.dataset.preparation.messages import ANSWERS
from fttui.domain.dataset.sensitive import masked
from fttui.domain.text import safe_line

LINES, LINE_LENGTH = 40, 400
CONTEXT_LENGTH = 160
"""Characters of a line that stays as it is."""
_AROUND = 60
_DATA_URL = re.compile(r"(data:image/[a-z]+;base64,[A-Za-z0-9+/]{8})[A-Za-z0-9+/=]{32,}")


class Mark(StrEnum):
    """What became of a line."""

    SAME = " "
    GONE = "-"
    NEW = "+"


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One line of a row, before or after."""

    mark: Mark
    text: str


def difference(before: JsonObject | str, after: JsonObject | None) -> tuple[DifferenceLine, ...]:
    """What a fix did to a row; all of it is gone where there is no row after."""
    old = _lines(before)
    if after is None:
        return tuple(_limited(DifferenceLine(Mark.GONE, text) for text in old))
    return tuple(_limited(_compared(old, _lines(after))))


def _compared(old: list[str], new: list[str]) -> Iterator[DifferenceLine]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(1):
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                yield from (DifferenceLine(Mark.SAME, text) for text in old[old_from:old_to])
                continue
            gone, come = old[old_from:old_to], new[new_from:new_to]
            if len(gone) == len(come):
                pairs = [_around_change(*pair) for pair in zip(gone, come, strict=True)]
                gone, come = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            yield from (DifferenceLine(Mark.GONE, text) for text in gone)
            yield from (DifferenceLine(Mark.NEW, text) for text in come)


def _around_change(old: str, new: str) -> tuple[str, str]:
    """Two long lines cut down to where they differ."""
    if max(len(old), len(new)) <= LINE_LENGTH:
        return old, new
    start = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    cut = max(start - _AROUND, 0)
    sign = "…" if cut else ""
    return sign + old[cut:], sign + new[cut:]


def _limited(lines: Iterator[DifferenceLine]) -> Iterator[DifferenceLine]:
    for number, line in enumerate(lines):
        if number == LINES:
            yield DifferenceLine(Mark.SAME, "…")
            return
        yield DifferenceLine(line.mark, safe_line(line.text, CONTEXT_LENGTH if line.mark is Mark.SAME else LINE_LENGTH))


def _lines(row: JsonObject | str) -> list[str]:
    if isinstance(row, str):
        return [_shown(row[: LINE_LENGTH * LINES])]
    return [_shown(line) for line in _written(row)]


def _shown(line: str) -> str:
    return masked(_DATA_URL.sub(r"\1…", line))


def _written(row: JsonObject) -> Iterator[str]:
    """A row for reading: messages by who speaks, with what is said and everything else below; other keys as JSON."""
    for key, value in row.items():
        if key == "input" and isinstance(value, dict) and isinstance(value.get("messages"), list):
            yield "input"
            yield from _messages(value["messages"], 1)
            yield from (f" {name}: {_json(entry)}" for name, entry in value.items() if name != "messages")
        elif isinstance(value, list) and (key == "messages" or key in ANSWERS):
            if key in ANSWERS:
                yield key
            yield from _messages(value, key in ANSWERS)
        else:
            yield f"{key}: {_json(value)}"


def _messages(messages: Sequence[object], depth: int) -> Iterator[str]:
    before = " " * depth
    for message in messages:
        if not isinstance(message, dict):
            yield before + _json(message)
            continue
        role = message.get("role")
        yield before + (role if isinstance(role, str) and role.isidentifier() else f"role: {_json(role)}")
        for key, value in message.items():
            if key == "content" and isinstance(value, str):
                yield f"{before}  {_json(value)}"
            elif key == "tool_calls" and isinstance(value, list):
                yield from (f"{before}  call {_json(call)}" for call in value)
            elif key != "role":
                yield f"{before}  {key}: {_json(value)}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
