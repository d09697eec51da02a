"""Finds rows that are nearly the same by their sketches, all at once.

Holds to the rules of `fttui.domain.dataset.similarity.NearDuplicates`, which goes row by row: rows are compared that
share keys, each with the first few rows of a key that are not near duplicates themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from fttui.domain.dataset.row_sheet import RowSheet
from fttui.domain.dataset.similarity import BUCKET, KEYS, NEAR, SHARED_KEYS, SKETCH_SIZE
from fttui.services.dataset.leader import cores

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]
    Keys = npt.NDArray[np.uint32]
    Rows = npt.NDArray[np.uint32]
    Flags = npt.NDArray[np.bool_]
    Shares = npt.NDArray[np.float64]

_AT_ONCE = 1 << 17
"""Pairs of rows with a key in common that are looked at together."""
_COMPARED_AT_ONCE = 1 << 12
_FILLER = 2**32 - 1


class Twins(NamedTuple):
    """Pairs of rows by place, and the shares of pieces they have in common."""

    rows: Rows
    firsts: Rows
    shares: Shares


class Sketches:
    """The sketches of all rows of a sheet."""

    def __init__(self, sheet: RowSheet) -> None:
        import numpy as np

        self._pieces = np.frombuffer(sheet.sketches, np.uint32) if sheet.sketches else np.zeros(0, np.uint32)
        self.lengths = np.frombuffer(sheet.sketch_lengths, np.uint8).astype(np.int64)
        self._starts = np.cumsum(self.lengths) - self.lengths
        self.size = sheet.sketch_size

    def keys(self, wanted: Flags) -> tuple[Keys, Rows]:
        """The pieces that some rows are found again by, and the rows they belong to, ascending."""
        import numpy as np

        rows = np.flatnonzero(wanted)
        counts = np.minimum(self.lengths[rows], KEYS)
        # Of each row the first pieces: where they begin, and how far on.
        places = np.repeat(self._starts[rows] - (np.cumsum(counts) - counts), counts)
        places += np.arange(len(places))
        return self._pieces[places], np.repeat(rows.astype(np.uint32), counts)

    def table(self, rows: Rows) -> npt.NDArray[np.uint32]:
        """Sketches, a row each, filled up with the greatest number."""
        import numpy as np

        starts, lengths = self._starts[rows], self.lengths[rows]
        last = len(self._pieces) - SKETCH_SIZE
        # From every piece on as many as a sketch has at most; what begins too near the end is copied by itself.
        size = self._pieces.itemsize
        every = np.ndarray((max(last + 1, 0),), f"V{size * SKETCH_SIZE}", self._pieces, strides=(size,))
        table = np.full((len(rows), SKETCH_SIZE), _FILLER, np.uint32)
        table[starts <= last] = every[starts[starts <= last]].view(np.uint32).reshape(-1, SKETCH_SIZE)
        for place in np.flatnonzero(starts > last).tolist():
            table[place, : lengths[place]] = self._pieces[starts[place] :][: lengths[place]]
        short = np.flatnonzero(lengths < SKETCH_SIZE)
        table[short] = np.where(np.arange(SKETCH_SIZE) < lengths[short][:, None], table[short], np.uint32(_FILLER))
        return table


class Links(NamedTuple):
    """What leads from rows to others: for each key of a row, a stretch of the rows that have it too.

    `rows` are ascending; `begins` and `counts` say which of `partners` each key leads to.
    """

    rows: Rows
    begins: Rows
    counts: npt.NDArray[np.uint8]
    partners: Rows

    def of(self, asking: Flags, lengths: Places) -> Links:
        """Those of some rows, as far as these have as many as it takes to be compared."""
        import numpy as np

        there = (self.counts > 0) & asking[self.rows]
        enough = np.bincount(self.rows[there], minlength=len(lengths)) >= np.minimum(lengths, SHARED_KEYS)
        there &= enough[self.rows]
        return Links(self.rows[there], self.begins[there], self.counts[there], self.partners)

    def parts(self) -> Iterator[Links]:
        """Some rows after the others, all links of a row together."""
        import numpy as np

        ends = np.cumsum(self.counts, dtype=np.int64)
        begin = 0
        while begin < len(self.rows):
            end = int(np.searchsorted(ends, ends[begin] + _AT_ONCE))
            end = int(np.searchsorted(self.rows, self.rows[min(end, len(self.rows) - 1)], "right"))
            yield Links(self.rows[begin:end], self.begins[begin:end], self.counts[begin:end], self.partners)
            begin = end

    def pairs(self, lengths: Places) -> tuple[Rows, Rows]:
        """Pairs that share as many keys as it takes, by row and partner."""
        import numpy as np

        counts = self.counts.astype(np.int64)
        starts = self.begins - (np.cumsum(counts) - counts)
        places = np.repeat(starts, counts)
        places += np.arange(len(places))
        pairs = _packed(np.repeat(self.rows, counts), self.partners[places])
        pairs.sort()
        firsts = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))
        shared = np.diff(firsts, append=len(pairs))
        rows, partners = _unpacked(pairs[firsts])
        enough = shared >= np.minimum(lengths[rows], SHARED_KEYS)
        return rows[enough], partners[enough]


def near_twins(sketches: Sketches, wanted: Flags) -> Twins:
    """Every row that is nearly the same as an earlier one that is not itself a near duplicate, with the first such.

    Args:
        sketches: of all rows.
        wanted: the rows to compare; copies, say, are left out.
    """
    import numpy as np

    left = wanted & (sketches.lengths > 0)
    own = _OwnLinks.of(*sketches.keys(left))
    asking, found = left, list[Twins]()
    while asking.any():
        twins = _first_twins(_near(sketches, sketches, own.links().of(asking, sketches.lengths)), left)
        found.append(twins)
        left = left.copy()
        left[twins.rows] = False
        asking = own.crowded_out(left)
        own = own.only(left)
    twins = _together(found)
    order = np.argsort(twins.rows, kind="stable")
    return Twins(twins.rows[order], twins.firsts[order], twins.shares[order])


def near_twins_in(sketches: Sketches, others: Sketches, wanted: Flags) -> Twins:
    """Every row that is nearly the same as one of another set, with the first such.

    Args:
        sketches: of all rows.
        others: of the other set.
        wanted: the rows to compare.
    """
    import numpy as np

    keys, rows = sketches.keys(wanted & (sketches.lengths > 0))
    theirs, partners = _unpacked(np.sort(_packed(*others.keys(others.lengths > 0))))
    begins = np.searchsorted(theirs, keys, "left")
    counts = np.minimum(np.searchsorted(theirs, keys, "right") - begins, BUCKET)
    links = Links(rows, begins.astype(np.uint32), counts.astype(np.uint8), partners)
    near = _near(sketches, others, links.of(wanted, sketches.lengths))
    first = np.append(True, near.rows[1:] != near.rows[:-1])[: len(near.rows)]
    return Twins(near.rows[first], near.firsts[first], near.shares[first])


class _OwnLinks(NamedTuple):
    """Which rows of one set have which keys, by key and row.

    `rows` has the row of each key as they were given; the others are sorted, and `origins` has the place of each in it.
    """

    rows: Rows
    keys: Keys
    members: Rows
    origins: Rows

    @classmethod
    def of(cls, keys: Keys, rows: Rows) -> _OwnLinks:
        import numpy as np

        packed = _packed(keys, np.arange(len(keys), dtype=np.uint32))
        packed.sort()
        keys, origins = _unpacked(packed)
        return cls(rows, keys, rows.take(origins), origins)

    def only(self, left: Flags) -> _OwnLinks:
        """The same of some of the rows."""
        stay = left.take(self.members)
        return _OwnLinks(self.rows, self.keys[stay], self.members[stay], self.origins[stay])

    def links(self) -> Links:
        """What leads from each row to the first earlier ones with the same key."""
        import numpy as np

        begins, before = self._places()
        first_partners, partners = np.zeros(len(self.rows), np.uint32), np.zeros(len(self.rows), np.uint8)
        first_partners[self.origins] = begins
        partners[self.origins] = np.minimum(before, BUCKET)
        return Links(self.rows, first_partners, partners, self.members)

    def crowded_out(self, left: Flags) -> Flags:
        """Which rows have not been held against all that they could be, now that some of these are gone."""
        import numpy as np

        begins, before = self._places()
        late, stays = before >= BUCKET, left.take(self.members)
        opened = np.zeros(len(self.members), np.bool_)
        opened[begins[~late & ~stays]] = True
        rows = np.zeros(len(left), np.bool_)
        rows[self.members[late & opened.take(begins)]] = True
        return rows & left

    def _places(self) -> tuple[Rows, Rows]:
        """Where those with the same key begin, and how many of them stand before each."""
        import numpy as np

        number = len(self.keys)
        starts = np.flatnonzero(np.append(True, self.keys[1:] != self.keys[:-1])[:number]).astype(np.uint32)
        begins = np.repeat(starts, np.diff(starts, append=np.uint32(number)))
        return begins, np.arange(number, dtype=np.uint32) - begins


def _packed(first: Rows, second: Rows) -> npt.NDArray[np.uint64]:
    """Two numbers as one, to sort by both."""
    import numpy as np

    packed = first.astype(np.uint64)
    packed <<= np.uint64(32)
    packed |= second
    return packed


def _unpacked(packed: npt.NDArray[np.uint64]) -> tuple[Rows, Rows]:
    import numpy as np

    return (packed >> np.uint64(32)).astype(np.uint32), packed.astype(np.uint32)


def _near(sketches: Sketches, others: Sketches, links: Links) -> Twins:
    """All pairs that are near, by row and partner."""

    def near_of(part: Links) -> Twins:
        rows, partners = part.pairs(sketches.lengths)
        bounds = range(0, len(rows), _COMPARED_AT_ONCE)
        ends = [begin + _COMPARED_AT_ONCE for begin in bounds]
        return _together(
            [_compared(sketches, others, rows[b:e], partners[b:e]) for b, e in zip(bounds, ends, strict=True)]
        )

    # Most of the work is done where other threads may go on.
    with ThreadPoolExecutor(cores()) as threads:
        return _together(list(threads.map(near_of, links.parts())))


def _compared(sketches: Sketches, others: Sketches, rows: Rows, partners: Rows) -> Twins:
    """Those of the pairs that are near: `fttui.domain.dataset.similarity.resemblance` of many at once."""
    import numpy as np

    mine, theirs = sketches.lengths[rows], others.lengths[partners]
    pieces = np.concatenate([sketches.table(rows), others.table(partners)], axis=1)
    pieces.sort(axis=1)
    twice = (pieces[:, 1:] == pieces[:, :-1]) & (pieces[:, 1:] != _FILLER)
    common = np.count_nonzero(twice, axis=1)
    # Of sketches that do not hold all pieces, only the smallest of both together count.
    union = mine + theirs - common
    whole = (mine < sketches.size) & (theirs < sketches.size)
    bound = np.where(whole, union, np.minimum(union, sketches.size))
    likely = np.flatnonzero(common >= NEAR * bound)
    twice, bound = twice[likely], bound[likely]
    before = np.cumsum(twice, axis=1, dtype=np.int8) - twice
    rank = np.arange(twice.shape[1], dtype=np.int16) - before
    shares = np.count_nonzero(twice & (rank < bound[:, None]), axis=1) / bound
    near = likely[shares >= NEAR]
    return Twins(rows[near], partners[near], shares[shares >= NEAR])


def _first_twins(near: Twins, left: Flags) -> Twins:
    """Of pairs of one set, the first of each row whose partner stays."""
    import numpy as np

    stays = left.copy()
    chosen = []
    for place, (row, partner) in enumerate(zip(near.rows.tolist(), near.firsts.tolist(), strict=True)):
        if stays[row] and stays[partner]:
            stays[row] = False
            chosen.append(place)
    kept = np.array(chosen, np.int64)
    return Twins(near.rows[kept], near.firsts[kept], near.shares[kept])


def _together(found: Sequence[Twins]) -> Twins:
    import numpy as np

    none = Twins(np.zeros(0, np.uint32), np.zeros(0, np.uint32), np.zeros(0))
    return Twins(*(np.concatenate(columns) for columns in zip(none, *found, strict=True)))
