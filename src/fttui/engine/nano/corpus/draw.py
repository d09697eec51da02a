"""Seeded choices."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

# Few enough sounds that chance does not spell words nobody wants to read.
_ONSETS = (*"bdklmnrtvw", "br", "dr", "kr", "tr")
_VOWELS = (*"aeiou", "ai", "ea")
_CODAS = ("", "", "l", "n", "r", "m", "nd")


class Draw:
    """A random number generator that speaks in choices.

    It rests on `random.Random.random` alone, the one generator whose numbers Python promises to keep the same.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing here is a secret

    def number(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def one(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.number(0, len(options) - 1)]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Different options, in random order."""
        return sorted(options, key=lambda _: self._random.random())[:count]

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return self._random.random() < share

    def made_up_word(self) -> str:
        """A pronounceable word that need not exist."""
        syllables = self.number(2, 3)
        return "".join(self.one(_ONSETS) + self.one(_VOWELS) for _ in range(syllables)) + self.one(_CODAS)

    def code(self) -> str:
        """A short code such as an order number carries."""
        letters = "".join(self.one("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(self.number(1, 3)))
        return f"{letters}{self.one(['', '-'])}{self.number(10, 99999)}"
