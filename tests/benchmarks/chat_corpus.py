"""Writes large chat files for benchmarks: seeded, from Python's own sources and the vocabulary of a tokenizer.

Run with ``python tests/benchmarks/chat_corpus.py FILE MEGABYTES [SEED]``.

46 % of the text, in bytes, are English sentences, drawn word by word as the words follow each other in the
docstrings of the standard library; 20 % are its code as it stands; 14 % unspaced clauses of Chinese words, 5 %
Japanese ones, the rest words in accented Latin, Cyrillic, Greek and Hangul letters. Those words are made of pieces
of the vocabulary of o200k_base, with frequencies after Zipf's law. A quarter of the lines are escaped
to ASCII, 1 % have a mistake that the cookbook's notebook survives, 7 % of the text are system prompts that repeat.
"""

from __future__ import annotations

import base64
import itertools
import json
import random
import sys
import sysconfig
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from fttui.services.dataset.tokenizer import VOCABULARIES

_SCRIPTS = {
    "latin": ("LATIN", " "),
    "cyrillic": ("CYRILLIC", " "),
    "greek": ("GREEK", " "),
    "hangul": ("HANGUL", " "),
    "chinese": ("CJK", ""),
    "japanese": ("HIRAGANA KATAKANA CJK", ""),
}
_SHARES = {"english": 46, "code": 20, "chinese": 14, "japanese": 5, "latin": 6, "cyrillic": 4, "greek": 2, "hangul": 3}
_WORDS = 30_000
_PASSAGE = 420


class Corpus:
    """Chat rows without end, the same for the same seed and the same Python."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        sources = _sources()
        self._random.shuffle(sources)
        self._code = _code_passages(sources, self._random)
        self._followers = _followers(sources)
        self._word = "The"
        by_script = _pieces_by_script()
        self._scripts = {
            name: self._speaker(list(itertools.chain(*(by_script[script] for script in scripts.split()))), space)
            for name, (scripts, space) in _SCRIPTS.items()
        }
        means = [sum(len(self._draw(kind).encode()) for _ in range(200)) / 200 for kind in _SHARES]
        self._weights = [share / mean for share, mean in zip(_SHARES.values(), means, strict=True)]
        self._systems = [self._passage()[:300] for _ in range(40)]

    def _speaker(self, pieces: list[str], space: str) -> Callable[[], str]:
        choose = self._random
        weights = list(itertools.accumulate(1 / rank for rank in range(10, len(pieces) + 10)))
        lengths = (2, 2, 3, 1) if not space else (1, 1, 2)
        words = ["".join(choose.choices(pieces, cum_weights=weights, k=choose.choice(lengths))) for _ in range(_WORDS)]
        weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))

        def clause() -> str:
            chosen = choose.choices(words, cum_weights=weights, k=choose.randint(3, 7))
            return space.join(chosen) + (", " if space else "，")

        def speak() -> str:
            passage = "".join(clause() for _ in range(15 if space else 30))
            return passage[: choose.randint(100, _PASSAGE)] + (". " if space else "。")

        return speak

    def _passage(self) -> str:
        return self._draw(self._random.choices(list(_SHARES), self._weights)[0])

    def _draw(self, name: str) -> str:
        if name == "code":
            return next(self._code)
        return self._english() if name == "english" else self._scripts[name]()

    def _english(self) -> str:
        words = []
        for _ in range(self._random.randint(25, 75)):
            self._word = self._random.choice(self._followers.get(self._word) or self._followers["The"])
            words.append(self._word)
        return " ".join(words)

    def rows(self) -> Iterator[bytes]:
        """Lines, each with its newline."""
        choose = self._random
        for number in itertools.count():
            messages: list[dict[str, object]] = [{"role": "system", "content": choose.choice(self._systems)}]
            for _ in range(choose.randint(1, 3)):
                messages.append({"role": "user", "content": self._passage()})
                answer = self._passage() + "\n\n" + self._passage()
                messages.append({"role": "assistant", "content": answer})
            if number % 100 == 99:
                messages[choose.randrange(len(messages))]["role"] = "robot"
            yield json.dumps({"messages": messages}, ensure_ascii=number % 4 == 0).encode() + b"\n"


def _pieces_by_script() -> dict[str, list[str]]:
    """Pieces of words by script, the most frequent first: what the vocabulary of o200k_base is made of."""
    found: dict[str, list[str]] = {}
    for line in (VOCABULARIES / "fb374d419588a4632f3f557e76b4b70aebbca790").read_bytes().splitlines():
        try:
            text = base64.b64decode(line.split()[0]).decode().strip()
        except UnicodeDecodeError:
            continue
        if text.isalpha() and not (text.isascii() and len(text) < 3):
            scripts = {unicodedata.name(letter, "?").split()[0] for letter in text}
            # Of Chinese only single characters: the longer pieces are what spam pages are made of.
            wanted = len(text) == 1 if "CJK" in scripts else not text.isascii()
            if len(scripts) == 1 and wanted:
                found.setdefault(scripts.pop(), []).append(text)
    return found


def _sources() -> list[str]:
    every = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    return [path.read_text(errors="replace") for path in every if "site-packages" not in path.parts]


def _followers(sources: list[str]) -> dict[str, list[str]]:
    """Every word of the docstrings with the words seen after it."""
    followers: dict[str, list[str]] = {}
    for source in sources:
        words = [word for text in source.split('"""')[1::2] for word in text.split()]
        for word, follower in itertools.pairwise(words):
            followers.setdefault(word, []).append(follower)
    return followers


def _code_passages(sources: list[str], choose: random.Random) -> Iterator[str]:
    for text in itertools.cycle(sources):
        for begin in range(0, len(text) - _PASSAGE, _PASSAGE):
            yield text[begin : begin + choose.randint(150, _PASSAGE)]


def write(path: Path, megabytes: int, seed: int = 1) -> None:
    """Write a file of at least so many megabytes (of 1,000,000 bytes)."""
    left = megabytes * 1_000_000
    with path.open("wb") as file:
        for row in Corpus(seed).rows():
            left -= file.write(row)
            if left <= 0:
                return


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:]))
