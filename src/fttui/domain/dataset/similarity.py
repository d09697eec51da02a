"""How alike two texts are, from sketches of a few hundred bytes each, so that whole files can be searched."""

from __future__ import annotations

import re
import unicodedata
import zlib
from array import array

SHINGLE = 3
"""Words in a piece of text; of scripts that put no spaces between words, characters."""
SKETCH_SIZE = 64
"""Pieces kept of a text. A text with no more than that is compared exactly, longer ones to within about 5 %."""
NEAR = 0.8
"""Share of pieces in common from which two texts count as near duplicates."""

_KEYS = 4
_BUCKET = 24
"""Texts that a common piece is remembered for; keeps stock phrases from making the search slow."""

# Thai, kana, Han and Hangul: one character at a time; all else by words.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")


def normalised(text: str) -> str:
    """A text without what does not change its meaning: case, width of characters, runs of white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def sketch(text: str) -> array[int]:
    """The smallest hashes of a text's pieces in ascending order, at most `SKETCH_SIZE` of them.

    The bottom-k sketch of A. Broder, "On the resemblance and containment of documents", 1997.

    Args:
        text: in normal form, as `normalised` gives it.
    """
    tokens = list(map(zlib.crc32, map(str.encode, _TOKEN.findall(_encodable(text)))))
    if len(tokens) < SHINGLE:
        pieces = {hash(tuple(tokens))}
    else:
        # Tuples of integers hash alike in every process.
        pieces = set(map(hash, zip(tokens, tokens[1:], tokens[2:], strict=False)))
    # The upper half of a hash keeps its order, and is enough for a sketch.
    return array("i", sorted({piece >> 32 for piece in sorted(pieces)[:SKETCH_SIZE]}))


def _encodable(text: str) -> str:
    """The text without lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def resemblance(first: array[int], second: array[int]) -> float:
    """The share of pieces that two texts have in common, 0 to 1, estimated from their sketches."""
    mine, others = set(first), set(second)
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
        self._buckets: dict[int, list[int]] = {}

    def first_like(self, pieces: array[int]) -> int | None:
        """The number of an earlier text that is nearly the same, or None."""
        seen: set[int] = set()
        for key in pieces[:_KEYS]:
            for other in self._buckets.get(key, ()):
                if other not in seen:
                    seen.add(other)
                    if resemblance(pieces, self._sketches[other]) >= self._threshold:
                        return other
        return None

    def keep(self, pieces: array[int], number: int) -> None:
        """Remember a text under a number."""
        self._sketches[number] = pieces
        for key in pieces[:_KEYS]:
            bucket = self._buckets.setdefault(key, [])
            if len(bucket) < _BUCKET:
                bucket.append(number)
