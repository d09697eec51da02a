"""How alike two texts are, from sketches of a few hundred bytes each, so that whole files can be searched."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import chain

SHINGLE = 3
"""Words in a piece of text; of scripts that put no spaces between words, characters."""
SKETCH_SIZE = 64
"""Pieces kept of a text. A text with no more than that is compared exactly, longer ones to within about 5 %."""
NEAR = 0.8
"""Share of pieces in common from which two texts count as near duplicates."""
WORD = 16
"""Bytes of a word that are looked at together; a longer one counts as several."""

KEYS = 6
"""How many of its smallest pieces a text is found again by."""
SHARED_KEYS = 2
"""How many of them two texts must share to be compared; one is often a stock phrase."""
_BUCKET = 24
"""Texts that a common piece is remembered for; keeps stock phrases from making the search slow."""

# Words of letters and digits; characters that take three bytes or more, such as Han, kana and Hangul, one at a time.
_TOKEN = re.compile(rb"[0-9a-z]{1,%d}|[\xe0-\xf4][\x80-\xdf]{0,%d}|[\x80-\xdf]{1,%d}" % (WORD, WORD - 1, WORD))
_MASK = 2**64 - 1
FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
"""Odd numbers that spread bits over 64, from the golden ratio and from xxHash."""


def normalised(text: str) -> str:
    """A text without what does not change its meaning: case, width of characters, runs of white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def sketch(text: str) -> array[int]:
    """The smallest hashes of a text's pieces in ascending order, at most `SKETCH_SIZE` of them.

    The bottom-k sketch of A. Broder, "On the resemblance and containment of documents", 1997. Punctuation and spaces
    do not count.

    Args:
        text: in normal form, as `normalised` gives it.
    """
    tokens = list(map(_token_hash, _TOKEN.findall(text.encode("utf-8", "replace"))))
    return array("I", sorted(pieces(tokens))[:SKETCH_SIZE])


def pieces(tokens: Sequence[int]) -> set[int]:
    """The hashes, of 32 bits, of all pieces of a text that is given by the hashes of its words."""
    if len(tokens) < SHINGLE:
        return (
            {_mixed(sum(token * factor for token, factor in zip(tokens, FACTORS, strict=False)))} if tokens else set()
        )
    first, second, third = FACTORS
    triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return {_mixed(one * first + two * second + three * third) for one, two, three in triples}


def _mixed(number: int) -> int:
    number &= _MASK
    number ^= number >> 31
    return (number * FACTORS[0] & _MASK) >> 32


def _token_hash(word: bytes) -> int:
    """64 bits of a word of at most `WORD` bytes: of its first eight bytes, its last eight and its length."""
    number = (int.from_bytes(word[:8], "little") ^ len(word)) * FACTORS[1] & _MASK
    number ^= number >> 32
    if len(word) > 8:
        number += int.from_bytes(word[-8:], "little") * FACTORS[2]
    number = number * FACTORS[0] & _MASK
    return number ^ number >> 29


def resemblance(first: Sequence[int], second: Sequence[int]) -> float:
    """The share of pieces that two texts have in common, 0 to 1, estimated from their sketches."""
    mine, others = set(first), set(second)
    if not mine or not others:
        return float(mine == others)
    if len(first) < SKETCH_SIZE and len(second) < SKETCH_SIZE:
        return len(mine & others) / len(mine | others)
    smallest = sorted(mine | others)[:SKETCH_SIZE]
    return sum(1 for piece in smallest if piece in mine and piece in others) / len(smallest)


class NearDuplicates:
    """Remembers texts, and says of a new one which earlier one it is nearly the same as.

    Only texts that are kept are remembered, so going through what was kept once more finds nothing.
    """

    def __init__(self, threshold: float = NEAR) -> None:
        self._threshold = threshold
        self._sketches: dict[int, array[int]] = {}
        self._buckets: dict[int, array[int]] = {}

    def first_like(self, pieces: Sequence[int]) -> int | None:
        """The number of an earlier text that is nearly the same, or None."""
        buckets = self._buckets
        known = [buckets[key] for key in pieces[:KEYS] if key in buckets]
        wanted = min(SHARED_KEYS, len(pieces))
        if len(known) < wanted:
            return None
        hits = Counter(chain.from_iterable(known))
        mine = set(pieces)
        for other, shared in hits.items():
            sketch = self._sketches[other]
            if shared < wanted or not self._may_be_like(mine, sketch):
                continue
            if resemblance(pieces, sketch) >= self._threshold:
                return other
        return None

    def _may_be_like(self, mine: set[int], other: array[int]) -> bool:
        """False only where the two cannot be alike enough; much quicker than to see how alike they are."""
        return len(mine.intersection(other)) >= self._threshold * max(len(mine), len(other))

    def keep(self, pieces: Sequence[int], number: int) -> None:
        """Remember a text under a number."""
        self._sketches[number] = array("I", pieces)
        for key in pieces[:KEYS]:
            bucket = self._buckets.setdefault(key, array("I"))
            if len(bucket) < _BUCKET:
                bucket.append(number)
