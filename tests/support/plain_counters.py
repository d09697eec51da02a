"""Counters of tokens with which every number can be checked by eye."""

from __future__ import annotations

from collections.abc import Sequence


class Letters:
    """Takes each letter for a token."""

    encoding = "letters"
    exact = True

    def count(self, text: str) -> int:
        return len(text)

    def count_each(self, texts: Sequence[str]) -> Sequence[int]:
        return [self.count(text) for text in texts]


class Words:
    """Takes each word for a token, as an estimate."""

    encoding = "words"
    exact = False

    def count(self, text: str) -> int:
        return len(text.split())

    def count_each(self, texts: Sequence[str]) -> Sequence[int]:
        return [self.count(text) for text in texts]
