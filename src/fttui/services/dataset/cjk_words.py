"""Counts most of Chinese and Japanese by tables, so that a counter is left with little of it.

A counter that remembers what it has seen gains little from runs of such characters: without spaces each is one word,
and new. But no token lies across most pairs of neighbours, and there a run can be cut into words of its own:

- Merging bytes only ever makes tokens of the vocabulary. If none of them has bytes on both sides of a place in a
  word, the two sides are merged apart.
- A line end put there splits the word in two words, and is one word and one token itself. Both splitters take any
  letters for the first half; the second begins as the whole did, as long as the run follows something that is no
  letter, or something that is none follows it.
- What then stands between two line ends, or between one and something that ends a word, is a word by itself. It can be
  taken out, with its line end, without a change to any other word.

Nearly all words that are cut in this way have one or two characters, and the tokens of those are known. They, and the
pairs that must stay together, were found by `short_words` and lie beside the vocabularies, in files that
``python -m fttui.services.dataset.cjk_words`` writes.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.services.dataset.tokenizer import RANK_FILES, VOCABULARIES, load_encoding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Letters without case in every version of Unicode: kana, ideographs of the first two blocks.
_RANGES = ((0x3041, 0x3096), (0x30A1, 0x30FA), (0x30FC, 0x30FE), (0x3400, 0x4DB5), (0x4E00, 0x9FA5))
_ANY = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _RANGES)}]")
_LEADS = range(0xE3, 0xEA)
"""First bytes of these characters in UTF-8; all have three."""
# Neither letters nor marks: ASCII's signs and digits, CJK punctuation, full-width signs; and what stands between texts.
_NO_LETTERS = (
    *((0x00, 0x40), (0x5B, 0x60), (0x7B, 0x7F)),
    *((0x3000, 0x3004), (0x3008, 0x3020), (0xFF01, 0xFF20), (0xFFFF, 0xFFFF)),
)
_APOSTROPHE = 0x27
"""Belongs to the word before it where an s follows."""
_NO_LETTER, _ENDS_WORD = 1, 2
_BITS = 18
_LINE_END = 10
_BOUND = 0xFFFF
"""A unit that is no character stands before, between and after texts."""
_BETWEEN = _BOUND.to_bytes(2, "little")
_SAMPLE = 64
"""About so many characters of a long text are looked at for one that can be taken out."""


@dataclass(frozen=True, slots=True)
class ShortWords:
    """The tokens of short words of a vocabulary, a digit for each word."""

    characters: str
    """The tokens of each character of the ranges above."""
    pairs: str
    """Two neighbours and two neighbours that a token may lie across."""
    pair_tokens: str


class CjkWords:
    """Takes short words out of texts for one encoding.

    Args:
        encoding: by tiktoken's name.
    """

    def __init__(self, encoding: str) -> None:
        import numpy as np

        known = read_short_words(encoding)
        codes = np.concatenate([np.arange(first, last + 1) for first, last in _RANGES])
        self._character_tokens = np.zeros(0x10000, np.uint8)
        self._character_tokens[codes] = _digits(known.characters)
        self._kinds = np.zeros(0x10000, np.uint8)
        for first, last in _NO_LETTERS:
            self._kinds[first : last + 1] = _NO_LETTER | _ENDS_WORD
        self._kinds[_APOSTROPHE] = _NO_LETTER
        pairs = _units(known.pairs.encode("utf-16-le"))
        hashes = _hashes(pairs[::2], pairs[1::2])
        # Of two pairs with one hash only one is known; that the other keeps together as well is never wrong.
        self._pair_tokens = np.zeros(1 << _BITS, np.uint8)
        self._pair_tokens[hashes] = _digits(known.pair_tokens)
        self._pairs = np.zeros(1 << _BITS, np.uint32)
        self._pairs[hashes] = _joined(pairs[::2], pairs[1::2])

    def take_out(self, texts: Sequence[str]) -> tuple[Sequence[str], Sequence[int]]:
        """Shorten texts; return what is left of each, and the tokens that what was taken out is worth.

        A text with half a character, which no encoding has, stays as it is, as do those that have next to none of
        these characters.
        """
        left, worth = list(texts), [0] * len(texts)
        places: list[int] = []
        packed: list[bytes] = []
        for place, text in enumerate(texts):
            if not text.isascii() and _ANY.search(text[:: len(text) // _SAMPLE or 1]) is not None:
                try:
                    packed.append(text.encode("utf-16-le"))
                except UnicodeEncodeError:
                    continue
                places.append(place)
        if places:
            for place, text, tokens in zip(places, *self._take_out(packed), strict=True):
                left[place], worth[place] = text, tokens
        return left, worth

    def _take_out(self, texts: Sequence[bytes]) -> tuple[Sequence[str], Sequence[int]]:
        import numpy as np

        units = _units(bytearray(_BETWEEN.join((b"", *texts, b""))))
        bounds = np.flatnonzero(units == _BOUND)
        tokens, gone, is_character = self._words(units)
        # The last of what goes makes room for the line end before a word that stays.
        ends = gone.copy()
        ends[:-1] &= is_character[1:] & ~gone[1:]
        units[ends] = _LINE_END
        left = units.compress(~gone | ends).tobytes().decode("utf-16-le").split(chr(_BOUND))[1:-1]
        if len(left) > len(texts):
            # One of them has the unit that lies between them.
            return [text.decode("utf-16-le") for text in texts], [0] * len(texts)
        worth = tokens.view(np.int8) - ends.view(np.int8)
        return left, np.add.reduceat(worth, bounds[:-1], dtype=np.int32).tolist()

    def _words(self, units: NDArray[np.uint16]) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
        """The tokens of each word that can be taken out, at its first unit; its units; those of all characters."""
        import numpy as np

        tokens = self._character_tokens.take(units)
        is_character = tokens != 0
        hashes = _hashes(units[:-1], units[1:])
        pair_tokens = self._pair_tokens.take(hashes)
        begins = self._beginnings(units, is_character, pair_tokens)
        ones = begins & is_character
        ones[:-1] &= begins[1:]
        tokens *= ones
        twos = np.flatnonzero(begins[:-2] & ~begins[1:-1] & begins[2:] & is_character[:-2])
        twos = twos[self._pairs.take(hashes.take(twos)) == _joined(units.take(twos), units.take(twos + 1))]
        tokens[twos] = pair_tokens.take(twos)
        ones[twos] = ones[twos + 1] = True
        return tokens, ones, is_character

    def _beginnings(
        self, units: NDArray[np.uint16], is_character: NDArray[np.bool_], pair_tokens: NDArray[np.uint8]
    ) -> NDArray[np.bool_]:
        """Where in a run of characters another word may begin, and where one ends with the run."""
        import numpy as np

        begins = is_character.copy()
        begins[1:] &= is_character[:-1] & (pair_tokens == 0)
        turns = np.flatnonzero(is_character[1:] != is_character[:-1])
        before, after = turns[::2], turns[1::2] + 1
        follows = self._kinds[units[after]]
        stuck = ((self._kinds[units[before]] | follows) & _NO_LETTER) == 0
        if stuck.any():
            # Runs between other letters are one word with them.
            depth = np.zeros(len(units), np.int8)
            depth[before[stuck]] += 1
            depth[after[stuck]] -= 1
            begins &= np.cumsum(depth, dtype=np.int8) == 0
        begins[after[(follows & _ENDS_WORD) != 0]] = True
        return begins


def _units(data: bytes | bytearray) -> NDArray[np.uint16]:
    import numpy as np

    return np.frombuffer(data, np.dtype("<u2"))


def _digits(text: str) -> NDArray[np.uint8]:
    import numpy as np

    return np.frombuffer(text.encode(), np.uint8) - np.uint8(ord("0"))


def _joined(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> NDArray[np.uint32]:
    import numpy as np

    joined: NDArray[np.uint32] = (one * np.uint32(0x10000)) | other
    return joined


def _hashes(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> NDArray[np.uint32]:
    import numpy as np

    hashes: NDArray[np.uint32] = one * np.uint32(40503)
    hashes += other * np.uint32(2654435761)
    hashes >>= np.uint32(32 - _BITS)
    return hashes


def short_words(tokens: Iterable[bytes], count: Callable[[str], int]) -> ShortWords:
    """Find the neighbours that some token lies across, and the tokens of all short words.

    Args:
        tokens: all that a vocabulary has.
        count: the tokens of a text.
    """
    characters = [chr(code) for first, last in _RANGES for code in range(first, last + 1)]
    by_ending, by_beginning = defaultdict(list), defaultdict(list)
    for one in characters:
        data = one.encode()
        for length in (1, 2, 3):
            by_ending[data[-length:]].append(one)
            by_beginning[data[:length]].append(one)
    found = {
        one + other
        for token in tokens
        for at in range(1, len(token))
        if token[at] in _LEADS
        # A token may begin and end within a character.
        for one in by_ending.get(token[:at][-3:], ())
        for other in by_beginning.get(token[at:][:3], ())
    }
    pairs = sorted(found)
    return ShortWords(_counts(characters, count), "".join(pairs), _counts(pairs, count))


def _counts(words: Iterable[str], count: Callable[[str], int]) -> str:
    return "".join(str(count(word)) for word in words)


def tokens_of(encoding: str) -> Iterator[bytes]:
    """Every token of a vocabulary."""
    for line in (VOCABULARIES / RANK_FILES[encoding]).read_bytes().splitlines():
        yield base64.b64decode(line.split()[0])


def _file_of(encoding: str) -> Path:
    return VOCABULARIES / f"{encoding}.words"


def read_short_words(encoding: str) -> ShortWords:
    """What was found for an encoding.

    Raises:
        OSError: there is no file for it.
    """
    return ShortWords(*_file_of(encoding).read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    for name in RANK_FILES:
        encode = load_encoding(name).encode_ordinary
        found = short_words(tokens_of(name), lambda text: len(encode(text)))  # noqa: B023 - called at once
        lines = "\n".join((found.characters, found.pairs, found.pair_tokens, ""))
        _file_of(name).write_text(lines, encoding="utf-8")
