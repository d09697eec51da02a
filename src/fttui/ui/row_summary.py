"""What the list says about a row: who speaks in it and how it begins."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fttui.domain.dataset.parsing import parse_line
from fttui.domain.dataset.record import (
    ChatRecord,
    CompletionRecord,
    PreferenceRecord,
    Record,
    ReinforcementRecord,
    turns,
)
from fttui.domain.dataset.sensitive import masked
from fttui.domain.text import safe_line

WORDS = 200
"""Characters of a row's text that the list may show."""

_ROLE = re.compile(r'"role"\s*:\s*"(\w{1,20})"')
_CONTENT = re.compile(r'"(?:content|text|prompt)"\s*:\s*("(?:[^"\\]|\\.)*)')


@dataclass(frozen=True, slots=True)
class RowSummary:
    """A row in short. `roles` are the speakers in order; `problem` is empty for a row that can be read."""

    words: str
    roles: tuple[str, ...] = ()
    is_preference: bool = False
    problem: str = ""


def summarise_plain(raw: bytes) -> RowSummary:
    """A row of a file that is not JSON lines: its text."""
    return RowSummary(_words(raw.decode("utf-8", "replace")))


def summarise(raw: bytes, number: int, *, complete: bool) -> RowSummary:
    """A row of JSON lines.

    Args:
        raw: the line, or its beginning.
        number: 1-based line number.
        complete: whether `raw` is all of the line; of a beginning only what is seen there can be told.
    """
    if not complete:
        return _summarise_beginning(raw)
    parsed = parse_line(raw, number)
    if isinstance(parsed, ChatRecord | PreferenceRecord | ReinforcementRecord | CompletionRecord):
        return _summarise_record(parsed)
    problem = parsed.findings[0].message if parsed.findings else "not a training example"
    return RowSummary(_words(raw.decode("utf-8", "replace")), problem=safe_line(masked(problem)))


def _summarise_record(record: Record) -> RowSummary:
    spoken = turns(record)
    text = next((turn.text for turn in spoken if turn.role == "user" and turn.text), "")
    text = text or next((turn.text for turn in spoken if turn.text), "")
    match record:
        case CompletionRecord():
            return RowSummary(_words(text), ("prompt", "completion"))
        case PreferenceRecord():
            return RowSummary(_words(text), tuple(turn.role for turn in record.messages), is_preference=True)
        case _:
            return RowSummary(_words(text), tuple(turn.role for turn in spoken))


def _summarise_beginning(raw: bytes) -> RowSummary:
    text = raw.decode("utf-8", "replace")
    roles = tuple(_ROLE.findall(text))
    contents = [_unquoted(found) for found in _CONTENT.findall(text)]
    spoken_by_user = roles.index("user") if "user" in roles else 0
    words = contents[min(spoken_by_user, len(contents) - 1)] if contents else text
    return RowSummary(_words(words), (*roles, "…") if roles else ())


def _unquoted(beginning: str) -> str:
    """A JSON string of which the end may be missing."""
    for cut_off in range(7):  # an escape sequence is at most six characters long
        try:
            value = json.loads(beginning[: len(beginning) - cut_off] + '"')
        except ValueError:
            continue
        return str(value)
    return beginning[1:]


def _words(text: str) -> str:
    return " ".join(safe_line(text[:WORDS].strip()).replace("\u2424", " ").split())


def role_letters(roles: Sequence[str], width: int) -> str:
    """Speakers as their first letters, as many as fit, then how many more."""
    letters = "".join(role[:1] for role in roles)
    if len(letters) <= width:
        return letters
    kept = width - 2
    while kept > 0 and kept + len(f"+{len(letters) - kept}") > width:
        kept -= 1
    return letters[:kept] + f"+{len(letters) - kept}"
