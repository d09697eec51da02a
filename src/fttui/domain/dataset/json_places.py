"""Where the parts of a JSON text stand, found without reading them as values, so that damaged text serves as well."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 128
"""Levels that are followed."""

_TOKEN = re.compile(
    r'[ \t\n\r]*+(?:(?P<string>"(?:[^"\\]++|\\.)*+")|(?P<mark>[{}\[\],:])|(?P<word>[^\s{}\[\],:"]++))', re.DOTALL
)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A value in a text.

    `name` is its key, or its place in a list as ``[3]``; `at` is the character where its key begins, or itself where
    it has none; `word` is the text of a scalar, strings with their quotes and escapes; `again` says that its key
    stood in the same object before.
    """

    parent: Spot | None
    name: str
    at: int
    word: str = ""
    again: bool = False

    @property
    def path(self) -> str:
        """Where it is, like ``messages[2].content``."""
        names: list[str] = []
        spot: Spot | None = self
        while spot is not None and spot.parent is not None:
            names.append(spot.name if spot.name.startswith("[") else f".{spot.name}")
            spot = spot.parent
        return "".join(reversed(names)).removeprefix(".")


@dataclass(slots=True)
class _Open:
    """A list or an object that has begun and not ended."""

    spot: Spot
    is_object: bool
    count: int = 0
    key: str | None = None
    key_at: int = 0
    keys: set[str] = field(default_factory=set)


def spots(text: str) -> Iterator[Spot]:
    """Every value of a text in its order, as far as the text can be followed."""
    stack: list[_Open] = []
    position = 0
    while len(stack) <= DEEPEST and (token := _TOKEN.match(text, position)):
        position = token.end()
        kind = token.lastgroup or ""
        word, at = token[kind], token.start(kind)
        top = stack[-1] if stack else None
        if word in ("}", "]"):
            if top is None:
                return
            stack.pop()
        elif word == ",":
            if top is not None:
                top.count, top.key = top.count + 1, None
        elif word != ":":
            if top is not None and top.is_object and top.key is None and kind == "string":
                top.key, top.key_at = _key(word), at
                continue
            spot = _spot(top, at, "" if kind == "mark" else word)
            yield spot
            if kind == "mark":
                stack.append(_Open(spot, word == "{"))


def _spot(inside: _Open | None, at: int, word: str) -> Spot:
    if inside is None:
        return Spot(None, "", at, word)
    if not inside.is_object:
        return Spot(inside.spot, f"[{inside.count}]", at, word)
    key = inside.key or ""
    again = key in inside.keys
    inside.keys.add(key)
    return Spot(inside.spot, key, inside.key_at, word, again)


def _key(word: str) -> str:
    try:
        return str(json.loads(word))
    except ValueError:
        return word[1:-1]


def spot_of(text: str, path: str) -> Spot | None:
    """The value that a path leads to, or the innermost value on the way to it; None where nothing can be followed."""
    best: Spot | None = None
    reached = -1
    way: set[Spot] = set()
    for spot in spots(text):
        if (spot.parent is not None and spot.parent not in way) or len(spot.name) > len(path):
            continue
        here = spot.path
        if here == path:
            return spot
        if _leads_to(here, path):
            way.add(spot)
            if len(here) > reached:
                best, reached = spot, len(here)
    return best


def _leads_to(outer: str, path: str) -> bool:
    return not outer or (path.startswith(outer) and path[len(outer)] in ".[")


def byte_at(text: str, character: int) -> int:
    """How many bytes of UTF-8 stand before a character."""
    return len(text[:character].encode("utf-8", "surrogatepass"))
