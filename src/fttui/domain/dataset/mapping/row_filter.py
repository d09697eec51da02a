"""Which rows to take: ``score >= 4 and lang = zh and answer ~ 法律``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from fttui.domain.dataset.mapping.field_path import as_text
from fttui.domain.errors import MappingError

_WORD = re.compile(
    r"""\s*(?:(?P<op>!=|>=|<=|!~|=|>|<|~)|(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<word>[^\s=<>~!"']+|!))"""
)
_ORDERED: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_HOW = "Write for example: score >= 4 and lang = zh, text ~ part of it, not hidden."

Look = Callable[[str], object]
"""The value of a field."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of a field with a text; without an operator, whether the field has anything in it."""

    field: str
    operator: str = ""
    value: str = ""
    negated: bool = False

    def holds(self, look: Look) -> bool:
        """Whether it is so for a row."""
        return self._compares(look(self.field)) != self.negated

    def _compares(self, found: object) -> bool:
        text = as_text(found)
        match self.operator:
            case "":
                return bool(text.strip()) and found is not False and found != [] and found != {}
            case "~":
                return self.value.casefold() in text.casefold()
            case "!~":
                return self.value.casefold() not in text.casefold()
            case "=":
                return _same(text, self.value)
            case "!=":
                return not _same(text, self.value)
            case sign:
                number, limit = _number(text), _number(self.value)
                return number is not None and limit is not None and _ORDERED[sign](number, limit)


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Alternatives, of which one must hold in all its conditions; no alternatives take every row."""

    alternatives: tuple[tuple[Condition, ...], ...] = ()

    def takes(self, look: Look) -> bool:
        """Whether a row is taken."""
        return not self.alternatives or any(all(part.holds(look) for part in every) for every in self.alternatives)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are looked at."""
        return tuple(part.field for every in self.alternatives for part in every)


def read_filter(text: str) -> RowFilter:
    """Read a filter: conditions joined by ``and`` and ``or`` (``and`` binds closer), each perhaps after ``not``.

    Names and values with blanks or signs in them stand in quotes.

    Raises:
        MappingError: it cannot be understood.
    """
    if not text.strip():
        return RowFilter()
    alternatives: list[tuple[Condition, ...]] = []
    every: list[Condition] = []
    condition: list[tuple[str, str]] = []
    for kind, word in [*_words(text), ("word", "or")]:
        if kind == "word" and word.casefold() in ("and", "or", "且", "或"):
            every.append(_condition(condition, text))
            condition = []
            if word.casefold() in ("or", "或"):
                alternatives.append(tuple(every))
                every = []
        else:
            condition.append((kind, word))
    return RowFilter(tuple(alternatives))


def _words(text: str) -> list[tuple[str, str]]:
    words: list[tuple[str, str]] = []
    text = text.rstrip()
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            raise MappingError(f"The filter cannot be read from here on: {text[at : at + 40]}", hint=_HOW)
        at = found.end()
        if found["quoted"] is not None:
            words.append(("quoted", re.sub(r"\\(.)", r"\1", found["quoted"][1:-1])))
        else:
            words.append(("op", found["op"]) if found["op"] is not None else ("word", found["word"]))
    return words


def _condition(words: list[tuple[str, str]], text: str) -> Condition:
    negated = bool(words) and words[0][0] == "word" and words[0][1].casefold() in ("not", "非", "!") and len(words) > 1
    rest = words[1:] if negated else words
    signs = [place for place, (kind, _) in enumerate(rest) if kind == "op"]
    if not rest or len(signs) > 1 or (signs and (signs[0] == 0 or signs[0] == len(rest) - 1)):
        raise MappingError(f"The filter {text.strip()} has a part that is no comparison", hint=_HOW)
    if not signs:
        return Condition(" ".join(word for _, word in rest), negated=negated)
    at = signs[0]
    name = " ".join(word for _, word in rest[:at])
    return Condition(name, rest[at][1], " ".join(word for _, word in rest[at + 1 :]), negated)


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    first, second = _number(one), _number(other)
    # "007" and "7" are the same number and not the same text; only what is written like a plain number compares as one.
    return first is not None and first == second and not (_padded(one) or _padded(other))


def _padded(text: str) -> bool:
    digits = text.strip().lstrip("-")
    return len(digits) > 1 and digits[0] == "0" and digits[1] != "."


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
