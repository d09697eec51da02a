"""JSON read strictly: everything that a lenient reader lets pass, or changes in silence, is reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from fttui.domain.text import safe_line

DEPTH_LIMIT = 64
"""Nesting that no training format comes near; deeper rows only serve to exhaust a reader's stack."""

_INTEGER_DIGITS = 20
_INTEGER_RANGE = range(-(2**63), 2**64)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a piece of JSON, under the code of the rule that it breaks."""

    code: str
    message: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What could be read, if anything, and all that is wrong with it."""

    value: object
    flaws: tuple[Flaw, ...]
    readable: bool = True


class _Strict:
    """A decoder's hooks, which note flaws and go on."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []

    def pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        if len(value) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    sentence = f"The key {quoted(key)} stands twice in one object, only the last would count; keep one"
                    self.flaws.append(Flaw("duplicate-key", sentence))
                seen.add(key)
        return value

    def constant(self, text: str) -> None:
        self.flaws.append(Flaw("not-a-number", f"{text} is not JSON; use a number, null or a string"))

    def integer(self, text: str) -> int:
        if len(text) <= _INTEGER_DIGITS + 1:
            number = int(text)
            if number in _INTEGER_RANGE:
                return number
        self._out_of_range(text)
        return _INTEGER_RANGE[-1]

    def real(self, text: str) -> float:
        number = float(text)
        if number in (float("inf"), float("-inf")):
            self._out_of_range(text)
            return float(_INTEGER_RANGE[-1])
        return number

    def _out_of_range(self, text: str) -> None:
        sentence = f"The number {quoted(text)} does not fit into 64 bits; write it as a string"
        self.flaws.append(Flaw("number-out-of-range", sentence))


def decode(raw: bytes) -> Decoded:
    """Read the bytes of one JSON value; any bytes, without raising."""
    if b"\0" in raw:
        return _unreadable("nul-byte", f"NUL at byte {raw.index(0)}; the line is damaged or not UTF-8")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        sentence = f"Byte {error.start} (0x{raw[error.start]:02x}) is not valid UTF-8; save the file as UTF-8"
        return _unreadable("invalid-utf8", sentence)
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
        return _unreadable("invalid-json", f"Not valid JSON at byte {at}: {error.msg.removesuffix(' at')}")
    except RecursionError:
        return _too_deep()
    if raw.count(b"[") + raw.count(b"{") > DEPTH_LIMIT and depth(value) > DEPTH_LIMIT:
        return _too_deep()
    if b"\\ud" in raw or b"\\uD" in raw:
        strict.flaws.extend(_lone_surrogates(value))
    return Decoded(value, tuple(strict.flaws))


def _unreadable(code: str, message: str) -> Decoded:
    return Decoded(None, (Flaw(code, message),), readable=False)


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


def _lone_surrogates(value: object) -> Iterator[Flaw]:
    for path, text in strings(value):
        if any("\ud800" <= character <= "\udfff" for character in text):
            sentence = "Half a character: a lone surrogate escape such as \\ud83d; write the whole character"
            yield Flaw("lone-surrogate", sentence, safe_line(path, 200))


def quoted(text: str, limit: int = 40) -> str:
    """A piece of foreign text for use inside a sentence."""
    return f'"{safe_line(text, limit)}"'
