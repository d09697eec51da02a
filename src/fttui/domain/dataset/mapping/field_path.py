"""Where a value stands in a row: a field's name, or a path such as ``data.answers[0].text`` into nested values."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache

Step = str | int
"""A key of an object, or a place in a list."""

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(-?\d+)\]")
_LONGEST_JSON = 4 * 1024 * 1024
"""Characters of a cell that is read as JSON where a list is wanted."""
_NOWHERE = object()


@lru_cache(maxsize=1000)
def steps_of(path: str) -> tuple[Step, ...]:
    """Take a path apart; text that is no path is one key, since headings may hold anything."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            return (path,)
        steps.append(found[1] if found[1] is not None else int(found[2]))
        at = found.end()
    return tuple(steps)


def value_at(row: object, path: str) -> object:
    """What stands at a path, None where there is nothing.

    A key of the row that is the whole path wins, so that a heading with dots or brackets in it is found.
    """
    found = _find(row, path)
    return None if found is _NOWHERE else found


def has_place(row: object, path: str) -> bool:
    """Whether a row has such a field at all, be it empty."""
    return _find(row, path) is not _NOWHERE


def _find(row: object, path: str) -> object:
    if isinstance(row, dict) and path in row:
        return row[path]
    value = row
    for step in steps_of(path):
        if isinstance(step, str):
            if not isinstance(value, dict) or step not in value:
                return _NOWHERE
            value = value[step]
        else:
            if not isinstance(value, list) or not -len(value) <= step < len(value):
                return _NOWHERE
            value = value[step]
    return value


def list_at(row: object, path: str) -> Sequence[object] | None:
    """The list at a path, or None; a cell of a table that holds a list as JSON text is read."""
    value = structure(value_at(row, path))
    return value if isinstance(value, list) else None


def structure(value: object) -> object:
    """A list or an object; text that is one of them as JSON is read, everything else comes back as it is."""
    if isinstance(value, str) and value[:1] in "[{" and 2 <= len(value) <= _LONGEST_JSON:
        try:
            read: object = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return read if isinstance(read, list | dict) else value
    return value


def as_text(value: object) -> str:
    """A value as it is written into a message: text untouched, nothing as nothing, everything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
