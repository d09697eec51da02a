"""Cuts runs of Chinese and Japanese characters into short pieces that take the same tokens.

A counter that remembers what it has seen gains little from such runs: without spaces each is one word, and new. But
no token lies across most pairs of neighbours, and there a cut changes nothing:

- Merging bytes only ever makes tokens of the vocabulary. If none of them has bytes on both sides of a place in a
  word, the two sides are merged apart.
- A line end put there splits the word in two words, and is one word and one token itself. Both splitters take any
  letters for the first half; the second begins as the whole did, as long as the run follows something that is no
  letter, or something that is none follows it.

The pairs that must stay together were found by `joined_pairs` and lie beside the vocabularies, in files that
``python -m fttui.services.dataset.cjk_cuts`` writes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.services.dataset.tokenizer import RANK_FILES, VOCABULARIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEADS = range(0xE3, 0xEA)
"""First bytes of the characters below; all of them have three."""
# Letters without case in every version of Unicode: kana, ideographs of the first two blocks.
_RANGES = ((0x3041, 0x3096), (0x30A1, 0x30FA), (0x30FC, 0x30FE), (0x3400, 0x4DB5), (0x4E00, 0x9FA5))
# Neither letters nor marks nor parts of a character: ASCII's signs and digits, CJK punctuation, full-width signs.
_NO_LETTERS = (
    *((0x00, 0x40), (0x5B, 0x60), (0x7B, 0x7F)),
    *((0x3000, 0x3004), (0x3008, 0x3020), (0xFF01, 0xFF20)),
)
_CHARACTER, _ALL_AFTER, _ALL_BEFORE, _NO_LETTER = 1, 2, 4, 8
_BITS = 18
_LINE_END = 10


@dataclass(frozen=True, slots=True)
class JoinedPairs:
    """Neighbours that a token of a vocabulary may lie across."""

    pairs: frozenset[tuple[str, str]]
    with_all_after: frozenset[str]
    """Characters that are taken to belong to whatever follows them."""
    with_all_before: frozenset[str]


class Cutter:
    """Cuts texts for one encoding.

    Args:
        encoding: by tiktoken's name.
    """

    def __init__(self, encoding: str) -> None:
        import numpy as np

        joined = read_joined_pairs(encoding)
        kinds = np.zeros(0x10000, np.uint8)
        for first, last in _RANGES:
            kinds[first : last + 1] = _CHARACTER
        for first, last in _NO_LETTERS:
            kinds[first : last + 1] = _NO_LETTER
        kinds[[ord(one) for one in joined.with_all_after]] |= _ALL_AFTER
        kinds[[ord(one) for one in joined.with_all_before]] |= _ALL_BEFORE
        self._kinds = kinds
        pairs = np.array([(ord(one), ord(other)) for one, other in joined.pairs], np.uint32)
        # Two pairs of one hash keep each other together, which is never wrong.
        self._together = np.zeros(1 << _BITS, np.bool_)
        self._together[_hashes(pairs[:, 0], pairs[:, 1])] = True

    def cut(self, texts: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[int]]:
        """Put line ends into texts in UTF-8; return the texts, and how many line ends each got."""
        cut, added = list(texts), [0] * len(texts)
        # Most texts have none of these characters.
        places = [place for place, text in enumerate(texts) if any(lead in text for lead in _LEADS)]
        if places:
            entries = zip(places, *self._cut([texts[place] for place in places]), strict=True)
            for place, text, more in entries:
                cut[place], added[place] = text, more
        return cut, added

    def _cut(self, texts: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[int]]:
        import numpy as np

        data = np.frombuffer(b"\n".join((*texts, b"")), np.uint8)
        places = self._places(data)
        if not len(places):
            return texts, [0] * len(texts)
        # Where each text ends, before and after.
        ends = np.fromiter(accumulate(map(len, texts), lambda end, length: end + 1 + length), np.intp, len(texts))
        before = np.searchsorted(places, ends)
        longer = np.full(len(data) + len(places), _LINE_END, np.uint8)
        kept = np.ones(len(longer), np.bool_)
        kept[places + np.arange(len(places))] = False
        longer[kept] = data
        joined = longer.tobytes()
        ends += before
        begins = [0, *(ends[:-1] + 1).tolist()]
        cut = [joined[begin:end] for begin, end in zip(begins, ends.tolist(), strict=True)]
        return cut, np.diff(before, prepend=0).tolist()

    def _places(self, data: NDArray[np.uint8]) -> NDArray[np.intp]:
        """Where to cut bytes, which must end in a line end."""
        import numpy as np

        leads = np.flatnonzero((data >= _LEADS.start) & (data < _LEADS.stop))
        if not len(leads):
            return leads
        codes = _codes(data, leads)
        kinds = self._kinds[codes]
        letters = (kinds & _CHARACTER) != 0
        beside = letters[1:] & letters[:-1] & (np.diff(leads) == 3)
        left = np.flatnonzero(beside)
        apart = ((kinds[left] & _ALL_AFTER) | (kinds[left + 1] & _ALL_BEFORE)) == 0
        apart &= ~self._together[_hashes(codes[left], codes[left + 1])]
        cuts = left[apart]
        first = np.flatnonzero(letters & np.concatenate(([True], ~beside)))
        last = np.flatnonzero(letters & np.concatenate((~beside, [True])))
        alone = self._is_no_letter_before(data, leads[first]) | self._is_no_letter_after(data, leads[last] + 3)
        if not alone.all():
            cuts = cuts[alone[np.searchsorted(first, cuts, "right") - 1]]
        places: NDArray[np.intp] = leads[cuts + 1]
        return places

    def _is_no_letter_before(self, data: NDArray[np.uint8], places: NDArray[np.intp]) -> NDArray[np.bool_]:
        # Before the first byte of all stands, in this view, the line end that is the last.
        return self._is_no_letter(data, places - 1, places - 3)

    def _is_no_letter_after(self, data: NDArray[np.uint8], places: NDArray[np.intp]) -> NDArray[np.bool_]:
        import numpy as np

        return self._is_no_letter(data, places, np.minimum(places, len(data) - 3))

    def _is_no_letter(
        self, data: NDArray[np.uint8], single: NDArray[np.intp], three: NDArray[np.intp]
    ) -> NDArray[np.bool_]:
        """Whether a character of one byte, or of three, is known to be no letter."""
        import numpy as np

        is_ascii = data[single] < 0x80
        code = np.where(is_ascii, data[single], _codes(data, three))
        known = is_ascii | ((data[three] & 0xF0) == 0xE0)
        free: NDArray[np.bool_] = ((self._kinds[code] & _NO_LETTER) != 0) & known
        return free


def _codes(data: NDArray[np.uint8], leads: NDArray[np.intp]) -> NDArray[np.uint32]:
    """The code points of characters of three bytes, given where they begin; anything below 65,536 for others."""
    import numpy as np

    codes: NDArray[np.uint32] = (data[leads].astype(np.uint32) & np.uint32(0x0F)) << np.uint32(12)
    codes |= (data[leads + 1].astype(np.uint32) & np.uint32(0x3F)) << np.uint32(6)
    codes |= data[leads + 2] & 0x3F
    return codes


def _hashes(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> NDArray[np.uint32]:
    import numpy as np

    hashes: NDArray[np.uint32] = (one * np.uint32(40503) + other * np.uint32(2654435761)) >> np.uint32(32 - _BITS)
    return hashes


def joined_pairs(tokens: Iterable[bytes]) -> JoinedPairs:
    """Find the neighbours that some token lies across.

    Args:
        tokens: all that a vocabulary has.
    """
    pairs: set[tuple[str, str]] = set()
    after: set[str] = set()
    before: set[str] = set()
    for token in tokens:
        for at in range(1, len(token)):
            if token[at] not in _LEADS:
                continue
            one, other = _ending(token[:at]), _beginning(token[at:])
            if one is None or other is None:
                continue
            if one and other:
                pairs.add((one, other))
            elif one:
                after.add(one)
            elif other:
                before.add(other)
            else:
                # No vocabulary has one; every pair would have to stay together.
                raise ValueError(f"{token!r} is made of parts of two characters")
    return JoinedPairs(frozenset(pairs), frozenset(after), frozenset(before))


def _ending(piece: bytes) -> str | None:
    """The last character, empty if only a part of one is there; None if it is none that is ever cut after."""
    last = piece[-3:]
    if last[0] in _LEADS and len(last) == 3 and all(map(_is_later_byte, last[1:])):
        return _character(last)
    return "" if len(piece) < 3 and all(map(_is_later_byte, piece)) else None


def _beginning(piece: bytes) -> str | None:
    """The first character; as above."""
    first = piece[:3]
    if not all(map(_is_later_byte, first[1:])):
        return None
    return _character(first) if len(first) == 3 else ""


def _is_later_byte(byte: int) -> bool:
    return byte & 0xC0 == 0x80


def _character(data: bytes) -> str | None:
    character = data.decode()
    return character if any(first <= ord(character) <= last for first, last in _RANGES) else None


def tokens_of(encoding: str) -> Iterator[bytes]:
    """Every token of a vocabulary."""
    for line in (VOCABULARIES / RANK_FILES[encoding]).read_bytes().splitlines():
        yield base64.b64decode(line.split()[0])


def _file_of(encoding: str) -> Path:
    return VOCABULARIES / f"{encoding}.joined"


def read_joined_pairs(encoding: str) -> JoinedPairs:
    """What was found for an encoding.

    Raises:
        OSError: there is no file for it.
    """
    pairs, after, before = _file_of(encoding).read_text(encoding="utf-8").splitlines()
    return JoinedPairs(frozenset(zip(pairs[::2], pairs[1::2], strict=True)), frozenset(after), frozenset(before))


if __name__ == "__main__":
    for name in RANK_FILES:
        found = joined_pairs(tokens_of(name))
        lines = ["".join(map("".join, sorted(found.pairs)))]
        lines += ["".join(sorted(found.with_all_after)), "".join(sorted(found.with_all_before))]
        _file_of(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
