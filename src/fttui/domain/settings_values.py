"""Values out of a decoded settings file, each with an error that names its place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from fttui.domain.errors import SettingsError
from fttui.domain.text import safe_line


def refuse_unknown(table: Mapping[str, object], known: Iterable[str], place: str) -> None:
    """Stop at a key that nothing reads.

    Raises:
        SettingsError: the message names the key, the hint the nearest known one.
    """
    names = tuple(known)
    for key in table:
        if key not in names:
            hint = nearest(key, names) or f"Known here: {', '.join(names)}."
            raise SettingsError(f"Unknown setting {place}{safe_line(key, 60)}", hint=hint)


def nearest(name: str, known: Iterable[str]) -> str:
    """A question for the known name that is nearest; empty where none is near."""
    close = get_close_matches(name, tuple(known), n=1)
    return f"Did you mean {close[0]}?" if close else ""


def _named(key: str, place: str) -> str:
    return f"{place}.{key}" if place else key


def text(table: Mapping[str, object], key: str, usual: str, place: str = "") -> str:
    """A text, or the usual one."""
    value = table.get(key, usual)
    if not isinstance(value, str):
        raise SettingsError(f"{_named(key, place)} must be text in quotes")
    return value


def flag(table: Mapping[str, object], key: str, *, default: bool, place: str = "") -> bool:
    """A yes or no."""
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise SettingsError(f"{_named(key, place)} must be true or false")
    return value


def choice(table: Mapping[str, object], key: str, usual: str, choices: tuple[str, ...], place: str = "") -> str:
    """One of a few words."""
    value = text(table, key, usual, place)
    if value not in choices:
        raise SettingsError(f"{_named(key, place)} must be one of {', '.join(choices)}", hint=nearest(value, choices))
    return value


def words(table: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    """A list of words."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise SettingsError(
            f"{_named(key, place)} must be a list of words", hint='For example: ["pass", "show", "fttui"]'
        )
    return tuple(value)


def amount(table: Mapping[str, object], key: str, place: str) -> float | None:
    """An amount of money, None where it is not given."""
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value) or value < 0:
        raise SettingsError(f"{_named(key, place)} must be a number of US dollars")
    return float(value)


def whole(table: Mapping[str, object], key: str, place: str) -> int:
    """A whole number above nothing.

    Raises:
        SettingsError: it is something else.
    """
    value = table.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise SettingsError(f"{_named(key, place)} must be a whole number above 0")
    return value


def whole_table(document: Mapping[str, object], key: str, place: str = "") -> tuple[tuple[str, int], ...]:
    """The entries of a table of whole numbers above nothing."""
    table = table_of(document, key, place)
    return tuple((name, whole(table, name, _named(key, place))) for name in table)


def table_of(document: Mapping[str, object], key: str, place: str = "") -> Mapping[str, object]:
    """A table, empty where it is not given."""
    value = document.get(key, {})
    if not isinstance(value, Mapping):
        raise SettingsError(f"{_named(key, place)} must be a table")
    return value


def text_table(document: Mapping[str, object], key: str, place: str = "") -> dict[str, str]:
    """A table of texts."""
    entries = table_of(document, key, place)
    return {name: text(entries, name, "", _named(key, place)) for name in entries}
