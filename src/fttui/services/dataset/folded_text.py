"""The texts of many rows as one piece of bytes, and the same without what does not count when rows are compared.

Does for whole batches what `fttui.domain.dataset.similarity` does for one text, with the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from fttui.domain.dataset.similarity import BEGIN, END, FOLD

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]

MESSAGE_END = b"\xfd"
"""Stands between the messages of a row; no text in UTF-8 holds it."""
_SPACES = bytes((0, *range(9, 14), *range(28, 33)))


def joined(rows: Sequence[Sequence[str]]) -> bytes:
    """All messages of all rows, each row between `BEGIN` and `END`."""
    texts = [MESSAGE_END.join([text.encode("utf-8", "replace") for text in row]) for row in rows]
    return b"".join((BEGIN, (END + BEGIN).join(texts), END))


def folded(batch: bytes) -> bytes:
    """The same in small letters and plain signs."""
    import numpy as np

    data = np.frombuffer(batch, np.uint8)
    heads, pages, letters = _tables()
    leads = ((data >= 0xC2) & (data <= 0xD6)) | ((data >= 0xE1) & (data <= 0xE3)) | (data == 0xEF)
    places = np.flatnonzero(leads)
    # Most characters stay as they are.
    pairs = np.ndarray((len(batch) - 1,), np.dtype("V2"), batch, strides=(1,)).take(places).view("<u2")
    turned = np.flatnonzero(heads.take(pairs))
    if not len(turned):
        return batch.lower()
    places, pages = places.take(turned), pages.take(pairs.take(turned))
    changed = bytearray(batch)
    target = np.frombuffer(changed, np.uint8)
    found = letters[pages, data.take(places + 2) & 63]
    target[places], target[places + 1] = found[:, 0], found[:, 1]
    wide = np.flatnonzero(data[places] >= 0xE0)
    target[places[wide] + 2] = found[wide, 2]
    return bytes(changed).lower()


def unspaced(text: bytes) -> bytes:
    """A folded batch without white space."""
    return text.translate(None, _SPACES)


def rows_of(text: bytes) -> list[bytes]:
    """The rows of a batch."""
    return text[len(BEGIN) : -len(END)].split(END + BEGIN)


@cache
def _tables() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.uint16], Bytes]:
    """What characters turn into.

    By the first two bytes of a character, whether it may turn into another, and the number of a page. On a page, by
    the last six bits of the third byte, the three bytes that it turns into; a character of two bytes has no third.
    """
    import numpy as np

    heads, pages = np.zeros(1 << 16, np.bool_), np.zeros(1 << 16, np.uint16)
    letters: list[Bytes] = []
    for code, turned in FOLD.items():
        character = chr(code).encode()
        if len(character) == 1:
            continue
        target = turned.encode()
        head = int.from_bytes(character[:2], "little")
        if not heads[head]:
            heads[head], pages[head] = True, len(letters)
            third = [[*character[:2], 128 + bits if len(character) == 3 else 0] for bits in range(64)]
            letters.append(np.array(third, np.uint8))
        page = letters[pages[head]]
        if len(character) == 2:
            page[:, :2] = list(target)
        else:
            page[character[2] & 63] = list(target)
    return heads, pages, np.array(letters)
