"""Sketches of many rows at once, and the scripts they are written in.

Does for whole batches what `fttui.domain.dataset.similarity` does for one text, with the same result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fttui.domain.dataset.scripts import JAPANESE, SCRIPT_OF_LEAD, Script
from fttui.domain.dataset.similarity import BEGIN, END, FACTORS, SIGNS, SKETCH_SIZE, WIDE_LEADS, WIDE_WINDOW, WINDOW
from fttui.services.dataset.folded_text import MESSAGE_END

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.uint64]
    Places = npt.NDArray[np.int64]

_FROM = 2.5
"""How many pieces of a long row are looked at for each that is kept, in the mean."""


@dataclass(frozen=True, slots=True)
class RowSketches:
    """The sketches of rows, one after the other, how long each is, and which script each row is mostly written in."""

    pieces: npt.NDArray[np.uint32]
    lengths: Places
    scripts: Places


def row_sketches(text: bytes, dense: bytes) -> RowSketches:
    """Make the sketches of all rows of a batch.

    The script of a row is that of most of the pieces in its sketch, which are drawn from all of it by their hashes.

    Args:
        text: the batch, folded.
        dense: the same without white space.
    """
    import numpy as np

    windows = _windows(text, dense)
    ends = np.flatnonzero(windows == _number(END))
    rows = len(ends)
    sizes = np.diff(ends, prepend=-1)
    numbers = _hashes(windows)
    # The last piece of a row is its end; that of an empty row, the beginning too.
    nothing = np.concatenate([ends, ends[windows[ends - 1] == _number(BEGIN + END)] - 1])
    bounds = np.full(rows, 1 << 32, np.uint64)
    many = sizes > SKETCH_SIZE * _FROM
    bounds[many] = (2.0**32 * SKETCH_SIZE * _FROM) / sizes[many]
    low = numbers < np.repeat(bounds, sizes)
    low[nothing] = False
    owner = np.repeat(np.arange(rows), sizes)
    keys = _distinct(numbers, owner, windows, np.flatnonzero(low))
    short = many & (np.bincount(_owner(keys), minlength=rows) < SKETCH_SIZE)
    if short.any():
        # So much recurs in these that too little lies below the bound.
        again = short[owner]
        again[nothing] = False
        keys = keys[~short[_owner(keys)]]
        more = _distinct(numbers, owner, windows, np.flatnonzero(again))
        keys = np.sort(np.concatenate([keys, more]), kind="stable")
    kept = np.bincount(_owner(keys), minlength=rows)
    rank = np.arange(len(keys)) - np.repeat(np.cumsum(kept) - kept, kept)
    keys = keys[rank < SKETCH_SIZE]
    pieces = (keys >> np.uint64(8)).astype(np.uint32)
    return RowSketches(pieces, np.minimum(kept, SKETCH_SIZE), _main_scripts(keys, rows))


def _windows(text: bytes, dense: bytes) -> Numbers:
    """The eight bytes of letters at each place where a piece begins, as numbers."""
    import numpy as np

    flags = np.frombuffer(text.translate(_LETTERS), np.bool_)
    # Letters and other signs take turns; the batch begins and ends with what counts as letters. A word stands where the
    # lengths of all before it add up to.
    turns = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    ends, begins = turns[::2], turns[1::2]
    words = np.cumsum(ends - np.append(0, begins[:-1])) if len(ends) else ends
    letters = dense.translate(None, _SIGNS)
    data = np.frombuffer(letters, np.uint8)
    wide = data >= 0x80
    marks = (data >= 0xE0) & (data != END[-1])
    marks[1:] |= wide[:-1] & ~wide[1:]
    marks[words] = True
    # Of eight bytes each, one byte apart.
    every = np.ndarray((len(letters) - WINDOW + 1,), np.dtype(f"V{WINDOW}"), letters, strides=(1,))
    windows = every.take(np.flatnonzero(marks)).view("<u8")
    windows &= _masks().take(windows.astype(np.uint8))
    return windows


@cache
def _masks() -> Numbers:
    """What of a window is looked at, by its first byte."""
    import numpy as np

    masks = np.full(256, (1 << 8 * WINDOW) - 1, np.uint64)
    masks[WIDE_LEADS.start : WIDE_LEADS.stop] = (1 << 8 * WIDE_WINDOW) - 1
    return masks


_SIGNS = SIGNS + MESSAGE_END
_LETTERS = bytes(byte not in _SIGNS for byte in range(256))


def _number(window: bytes) -> np.uint64:
    import numpy as np

    return np.uint64(int.from_bytes(window[:WINDOW], "little"))


def _hashes(windows: Numbers) -> Numbers:
    import numpy as np

    first, second = (np.uint64(factor) for factor in FACTORS)
    numbers = windows * first
    numbers[:-1] += windows[1:] * second
    numbers ^= numbers >> np.uint64(31)
    numbers *= first
    numbers >>= np.uint64(32)
    return numbers


def _distinct(numbers: Numbers, owner: Places, windows: Numbers, places: Places) -> Numbers:
    """The pieces at some places, each with its row before it and its script after it, ascending and each once."""
    import numpy as np

    keys = owner.take(places).astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= numbers.take(places)
    keys <<= np.uint64(8)
    keys |= _script_table().take(windows.take(places).astype(np.uint16))
    # They are ascending by row, which this way of sorting makes use of.
    keys.sort(kind="stable")
    fresh = np.ones(len(keys), np.bool_)
    plain = keys >> np.uint64(8)
    fresh[1:] = plain[1:] != plain[:-1]
    return keys[fresh]


def _owner(keys: Numbers) -> Places:
    import numpy as np

    return (keys >> np.uint64(40)).astype(np.int64)


@cache
def _script_table() -> npt.NDArray[np.uint8]:
    """The script of a piece by its first two bytes."""
    import numpy as np

    first, second = np.meshgrid(np.arange(256), np.arange(256))
    lead = np.where(first == BEGIN[0], second, first)
    table = np.frombuffer(SCRIPT_OF_LEAD, np.uint8)[lead]
    table[(first == _KANA_LEAD) & (second >= 0x81) & (second <= 0x83)] = Script.KANA
    return table.ravel()


_KANA_LEAD = 0xE3


def _main_scripts(keys: Numbers, rows: int) -> Places:
    """The script that most of the pieces of every row begin in."""
    import numpy as np

    kinds = _owner(keys) * len(Script) + (keys & np.uint64(255)).astype(np.int64)
    counts = np.bincount(kinds, minlength=rows * len(Script)).reshape(rows, len(Script))
    eastern = counts[:, Script.HAN] + counts[:, Script.KANA]
    japanese = counts[:, Script.KANA] > JAPANESE * eastern
    counts[japanese, Script.KANA] = eastern[japanese]
    counts[japanese, Script.HAN] = 0
    counts[:, Script.NONE] = 0
    most: Places = counts.argmax(axis=1)
    return most
