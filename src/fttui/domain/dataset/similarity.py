"""How alike two texts are, from sketches of a few hundred bytes each, so that whole files can be searched."""

from __future__ import annotations

import itertools
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence

SKETCH_SIZE = 64
"""Pieces kept of a text. A text with no more than that is compared exactly, longer ones to within about 5 %."""
NEAR = 0.8
"""Share of pieces in common from which two texts count as near duplicates."""

KEYS = 6
"""How many of its smallest pieces a text is found again by."""
SHARED_KEYS = 2
"""How many of them two texts must share to be compared; one is often a stock phrase."""
BUCKET = 24
"""Texts that a common piece is remembered for; keeps stock phrases from making the search slow."""

WINDOW = 8
"""Bytes of letters that are looked at from where a piece begins, and again from where the next one does."""
WIDE_WINDOW = 6
"""The same where a character of three or four bytes begins."""
WIDE_LEADS = range(0xE0, 0xF5)
"""First bytes of such characters."""
SIGNS = bytes(byte for byte in range(128) if not chr(byte).isalnum())
"""The bytes of ASCII that say nothing: white space, punctuation, controls."""
BEGIN, END = b"\xfc", b"\xff" + b"\xfe" * (WINDOW - 1)
"""What stands before and after a text while it is cut up; no text in UTF-8 holds such bytes."""
_MARKS = (BEGIN[0], END[0])
_WORDS = re.compile(b"[^" + re.escape(SIGNS) + b"]+")
_MASK = 2**64 - 1
FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Odd numbers that spread bits over 64, from the golden ratio and from xxHash."""


# Punctuation of typographers and of the Far East, and what it comes to.
_PUNCTUATION = {
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″「」『』〝〞《》〈〉", '"'),
    **dict.fromkeys("‐‑‒–—―", "-"),
    **dict.fromkeys("…。", "."),
    **dict.fromkeys("•‣、", ","),
    **dict.fromkeys("【〔〖", "["),
    **dict.fromkeys("】〕〗", "]"),
    **dict.fromkeys("\xa0\u2002\u2003\u2009\u202f\u3000", " "),
}


def _fold() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    table |= {ord(sign): plain for sign, plain in _PUNCTUATION.items()}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x800), *range(0x1E00, 0x1F00)):
        capital, small = chr(code), chr(code).lower()
        if small != capital and len(small.encode()) == len(capital.encode()):
            table[code] = small
    return {code: plain.ljust(len(chr(code).encode()) - len(plain.encode()) + 1, "\0") for code, plain in table.items()}


FOLD = _fold()
"""Capitals to small letters, wide and other signs to plain ones, by code point; to as many bytes of UTF-8, with NUL."""


def normalised(text: str) -> str:
    """A text without what does not change its meaning: case, width of characters, runs of white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def compared(text: str) -> str:
    """A text in normal form without what does not count when texts are held against each other: spaces, looks of signs.

    Args:
        text: as `normalised` gives it.
    """
    return "".join(text.translate(FOLD).replace("\0", "").split())


def sketch(text: str) -> array[int]:
    """The smallest hashes of a text's pieces in ascending order, at most `SKETCH_SIZE` of them.

    The bottom-k sketch of A. Broder, "On the resemblance and containment of documents", 1997. Case, punctuation and
    spaces do not count.
    """
    return array("I", sorted(pieces(text))[:SKETCH_SIZE])


def pieces(text: str) -> set[int]:
    """The hashes, of 32 bits, of all pieces of a text.

    A piece begins with each word, and goes on for eight bytes of letters, and for eight bytes from where the next one
    begins: about three words in all. Where no spaces part words, one begins with each character, and goes on for three.
    """
    words = _WORDS.findall(BEGIN + text.translate(FOLD).encode("utf-8", "replace") + END)
    letters = b"".join(words)
    if letters == BEGIN + END:
        return set()
    begins = set(itertools.accumulate(map(len, words[:-1]), initial=0))
    before = 0
    for place, byte in enumerate(letters):
        if byte in WIDE_LEADS or byte in _MARKS or byte < 0x80 <= before:
            begins.add(place)
        before = byte
    windows = [_window(letters, begin) for begin in sorted(begins)]
    first, second = FACTORS
    return {_mixed(one * first + two * second) for one, two in itertools.pairwise(windows)}


def _window(letters: bytes, begin: int) -> int:
    length = WIDE_WINDOW if letters[begin] in WIDE_LEADS else WINDOW
    return int.from_bytes(letters[begin : begin + length], "little")


def _mixed(number: int) -> int:
    number &= _MASK
    number ^= number >> 31
    return (number * FACTORS[0] & _MASK) >> 32


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
        hits = Counter(itertools.chain.from_iterable(known))
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

    def remembered(self, number: int) -> Sequence[int]:
        """The sketch of the text under a number; empty where there is none."""
        return self._sketches.get(number, ())

    def keep(self, pieces: Sequence[int], number: int) -> None:
        """Remember a text under a number."""
        self._sketches[number] = array("I", pieces)
        for key in pieces[:KEYS]:
            bucket = self._buckets.setdefault(key, array("I"))
            if len(bucket) < BUCKET:
                bucket.append(number)
