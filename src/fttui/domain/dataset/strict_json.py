"""JSON read strictly: everything that a lenient reader lets pass, or changes in silence, is reported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from fttui.domain.dataset.json_places import Spot, byte_at, spots
from fttui.domain.text import safe_line

DEPTH_LIMIT = 64
"""Nesting that no training format comes near; deeper rows only serve to exhaust a reader's stack."""

FLAWS_TOLD = 100
"""Flaws of one row that are told; a row with more is broken, however many they are."""

_INTEGER_DIGITS = 20
_INTEGER_RANGE = range(-(2**63), 2**64)
_CONSTANTS = frozenset({"NaN", "Infinity", "-Infinity"})
_NUMBER_BEGINS = frozenset("-0123456789")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a piece of JSON, under the code of the rule that it breaks; `at` is the byte where it is."""

    code: str
    message: str
    path: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Decoded:
    """What could be read, if anything, and all that is wrong with it."""

    value: object
    flaws: tuple[Flaw, ...]
    readable: bool = True


class _Strict:
    """A decoder's hooks, which go on where something is wrong and remember that it was."""

    def __init__(self) -> None:
        self.flawed = False

    def pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        self.flawed |= len(value) != len(pairs)
        return value

    def constant(self, _text: str) -> None:
        self.flawed = True

    def integer(self, text: str) -> int:
        if _fits(text):
            return int(text)
        self.flawed = True
        return _INTEGER_RANGE[-1]

    def real(self, text: str) -> float:
        number = float(text)
        if number in (float("inf"), float("-inf")):
            self.flawed = True
            return float(_INTEGER_RANGE[-1])
        return number


def _fits(digits: str) -> bool:
    return len(digits) <= _INTEGER_DIGITS + 1 and int(digits) in _INTEGER_RANGE


def _flaws(text: str) -> Iterator[Flaw]:
    """What a lenient reader lets pass, in its order: keys that stand twice, numbers that are none, half characters."""
    position = before = 0
    for spot in spots(text):
        for code, sentence in _wrong_with(spot):
            before += byte_at(text[position : spot.at], spot.at - position)
            position = spot.at
            yield Flaw(code, sentence, safe_line(spot.path, 200), before)


def _wrong_with(spot: Spot) -> Iterator[tuple[str, str]]:
    word = spot.word
    if spot.again:
        sentence = f"The key {quoted(spot.name)} stands twice in one object, only the last would count; keep one"
        yield "duplicate-key", sentence
    if word in _CONSTANTS:
        yield "not-a-number", f"{word} is not JSON; use a number, null or a string"
    elif word[:1] in _NUMBER_BEGINS and not _is_number_in_range(word):
        yield "number-out-of-range", f"The number {quoted(word)} does not fit into 64 bits; write it as a string"
    elif _is_half(spot.name) or (("\\ud" in word or "\\uD" in word) and _is_half(json.loads(word))):
        yield "lone-surrogate", "Half a character: a lone surrogate escape such as \\ud83d; write the whole character"


def _is_half(text: str) -> bool:
    return _SURROGATE.search(text) is not None


def _is_number_in_range(word: str) -> bool:
    if word.lstrip("-").isdecimal():
        return _fits(word)
    return float(word) not in (float("inf"), float("-inf"))


def decode(raw: bytes) -> Decoded:
    """Read the bytes of one JSON value; any bytes, without raising."""
    if b"\0" in raw:
        at = raw.index(0)
        return _unreadable("nul-byte", f"NUL at byte {at} of the line, which is damaged or not UTF-8", at)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        sentence = (
            f"Byte {error.start} of the line (0x{raw[error.start]:02x}) is not valid UTF-8; save the file as UTF-8"
        )
        return _unreadable("invalid-utf8", sentence, error.start)
    strict = _Strict()
    decoder = json.JSONDecoder(
        object_pairs_hook=strict.pairs,
        parse_constant=strict.constant,
        parse_int=strict.integer,
        parse_float=strict.real,
    )
    try:
        value: object = decoder.decode(text)
    except json.JSONDecodeError as error:
        at = len(text[: error.pos].encode())
        return _unreadable(
            "invalid-json", f"Not valid JSON at byte {at} of the line: {error.msg.removesuffix(' at')}", at
        )
    except RecursionError:
        return _too_deep()
    if raw.count(b"[") + raw.count(b"{") > DEPTH_LIMIT and depth(value) > DEPTH_LIMIT:
        return _too_deep()
    halves = (b"\\ud" in raw or b"\\uD" in raw) and any(_is_half(text) for _, text in strings(value))
    flaws = islice(_flaws(text), FLAWS_TOLD) if strict.flawed or halves else ()
    return Decoded(value, tuple(flaws))


def _unreadable(code: str, message: str, at: int = 0) -> Decoded:
    return Decoded(None, (Flaw(code, message, at=at),), readable=False)


def _too_deep() -> Decoded:
    return _unreadable("too-deep", f"Nested more than {DEPTH_LIMIT} levels deep; flatten the row")


def depth(value: object) -> int:
    """How many levels of lists and objects a JSON value has."""
    deepest = 0
    level: list[object] = [value]
    while level := [entry for entry in level if isinstance(entry, (list, dict))]:
        deepest += 1
        level = [inner for entry in level for inner in (entry.values() if isinstance(entry, dict) else entry)]
    return deepest


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a JSON value with its path, keys included under the path of their value."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for place, entry in enumerate(value):
            yield from strings(entry, f"{path}[{place}]")
    elif isinstance(value, dict):
        for key, entry in value.items():
            inner = f"{path}.{key}" if path else key
            yield inner, key
            yield from strings(entry, inner)


def quoted(text: str, limit: int = 40) -> str:
    """A piece of foreign text for use inside a sentence."""
    return f'"{safe_line(text, limit)}"'
