"""Finds rows that are nearly the same by their sketches, all at once.

Holds to the rules of `fttui.domain.dataset.similarity.NearDuplicates`, which goes row by row: rows are compared that
share keys, each with the first few rows of a key that are not near duplicates themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fttui.domain.dataset.row_sheet import RowSheet
from fttui.domain.dataset.similarity import BUCKET, KEYS, NEAR, SHARED_KEYS, SKETCH_SIZE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Shares = npt.NDArray[np.float64]

_AT_ONCE = 1 << 20
"""Pairs of rows with a key in common that are looked at together."""
_COMPARED_AT_ONCE = 1 << 12
_FILLER = 2**32 - 1


class Twins(NamedTuple):
    """Pairs of rows by place, and the shares of pieces they have in common."""

    rows: Places
    firsts: Places
    shares: Shares


class Sketches:
    """The sketches of all rows of a sheet."""

    def __init__(self, sheet: RowSheet) -> None:
        import numpy as np

        self._pieces = np.frombuffer(sheet.sketches, np.uint32) if sheet.sketches else np.zeros(0, np.uint32)
        self.lengths = np.frombuffer(sheet.sketch_lengths, np.uint8).astype(np.int64)
        self._starts = np.cumsum(self.lengths) - self.lengths

    def keys(self, wanted: Flags) -> tuple[npt.NDArray[np.uint32], Places]:
        """The pieces that some rows are found again by, and the rows they belong to, ascending."""
        import numpy as np

        rows = np.flatnonzero(wanted)
        counts = np.minimum(self.lengths[rows], KEYS)
        owners = np.repeat(rows, counts)
        within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._pieces[self._starts[owners] + within], owners

    def table(self, rows: Places) -> npt.NDArray[np.uint32]:
        """Sketches, a row each, filled up with the greatest number."""
        import numpy as np

        columns = np.arange(SKETCH_SIZE)
        there = columns < self.lengths[rows][:, None]
        places = np.where(there, self._starts[rows][:, None] + columns, 0)
        return np.where(there, self._pieces[places], np.uint32(_FILLER))


class Links(NamedTuple):
    """What leads from rows to others: for each key of a row, a stretch of the rows that have it too.

    `rows` are ascending; `begins` and `counts` say which of `partners` each key leads to.
    """

    rows: Places
    begins: Places
    counts: Places
    partners: Places

    def of(self, asking: Flags, lengths: Places) -> Links:
        """Those of some rows, as far as these have as many as it takes to be compared."""
        import numpy as np

        there = (self.counts > 0) & asking[self.rows]
        enough = np.bincount(self.rows[there], minlength=len(lengths)) >= np.minimum(lengths, SHARED_KEYS)
        there &= enough[self.rows]
        return Links(self.rows[there], self.begins[there], self.counts[there], self.partners)


def near_twins(sketches: Sketches, wanted: Flags) -> Twins:
    """Every row that is nearly the same as an earlier one that is not itself a near duplicate, with the first such.

    Args:
        sketches: of all rows.
        wanted: the rows to compare; copies, say, are left out.
    """
    left = wanted & (sketches.lengths > 0)
    asking, found = left, [_none()]
    while asking.any():
        own = _OwnLinks.of(*sketches.keys(left))
        twins = _first_twins(_near(sketches, sketches, own.links.of(asking, sketches.lengths)), left)
        found.append(twins)
        left = left.copy()
        left[twins.rows] = False
        asking = own.crowded_out(left)
    return _together(found)


def near_twins_in(sketches: Sketches, others: Sketches, wanted: Flags) -> Twins:
    """Every row that is nearly the same as one of another set, with the first such.

    Args:
        sketches: of all rows.
        others: of the other set.
        wanted: the rows to compare.
    """
    import numpy as np

    keys, rows = sketches.keys(wanted & (sketches.lengths > 0))
    theirs, partners = _by_key(*others.keys(others.lengths > 0))
    begins = np.searchsorted(theirs, keys, "left")
    counts = np.minimum(np.searchsorted(theirs, keys, "right") - begins, BUCKET)
    links = Links(rows, begins, counts, partners).of(wanted, sketches.lengths)
    near = _near(sketches, others, links)
    first = np.append(True, near.rows[1:] != near.rows[:-1])[: len(near.rows)]
    return Twins(near.rows[first], near.firsts[first], near.shares[first])


class _OwnLinks(NamedTuple):
    """Links between the rows of one set, each to the first earlier ones; and for each key of a row, its place among
    those of the key, and how many these are.
    """

    links: Links
    ranks: Places
    sizes: Places
    groups: Places
    members: Places

    @classmethod
    def of(cls, keys: npt.NDArray[np.uint32], rows: Places) -> _OwnLinks:
        import numpy as np

        keys, members = _by_key(keys, rows)
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        lengths = np.diff(starts, append=len(keys))
        groups = np.repeat(np.arange(len(starts)), lengths)
        begins = starts[groups]
        ranks = np.arange(len(keys)) - begins
        order = members.astype(np.uint64) << np.uint64(32) | np.arange(len(members), dtype=np.uint64)
        order.sort()
        order &= np.uint64(0xFFFFFFFF)
        links = Links(members[order], begins[order], np.minimum(ranks, BUCKET)[order], members)
        return cls(links, ranks, lengths[groups], groups, members)

    def crowded_out(self, left: Flags) -> Flags:
        """Which rows have not been held against all that they could be, now that some of these are gone."""
        import numpy as np

        gone = self.groups[(self.ranks < BUCKET) & (self.sizes > BUCKET) & ~left[self.members]]
        opened = np.zeros(len(self.groups), np.bool_)
        opened[gone] = True
        rows = np.zeros(len(left), np.bool_)
        rows[self.members[opened[self.groups] & (self.ranks >= BUCKET)]] = True
        return rows & left


def _by_key(keys: npt.NDArray[np.uint32], rows: Places) -> tuple[npt.NDArray[np.uint32], Places]:
    """Keys and the rows they belong to, by key and row."""
    import numpy as np

    order = keys.astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64)
    order.sort()
    return (order >> np.uint64(32)).astype(np.uint32), (order & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _near(sketches: Sketches, others: Sketches, links: Links) -> Twins:
    """All pairs that are near, by row and partner."""
    found = [_none()]
    for rows, partners in _candidates(links, sketches.lengths):
        for begin in range(0, len(rows), _COMPARED_AT_ONCE):
            end = begin + _COMPARED_AT_ONCE
            found.append(_compared(sketches, others, rows[begin:end], partners[begin:end]))
    return _together(found)


def _candidates(links: Links, lengths: Places) -> Iterator[tuple[Places, Places]]:
    """Pairs that share as many keys as it takes, by row and partner."""
    import numpy as np

    ends = np.cumsum(links.counts)
    begin = 0
    while begin < len(links.rows):
        before = ends[begin] - links.counts[begin]
        end = int(np.searchsorted(ends, before + _AT_ONCE, "right"))
        # All links of a row are looked at together.
        end = max(end, begin + 1)
        end = int(np.searchsorted(links.rows, links.rows[end - 1], "right"))
        counts = links.counts[begin:end]
        starts = links.begins[begin:end] - (ends[begin:end] - counts - before)
        partners = links.partners[np.repeat(starts, counts) + np.arange(int(counts.sum()))]
        pairs = np.repeat(links.rows[begin:end], counts).astype(np.uint64) << np.uint64(32) | partners.astype(np.uint64)
        pairs.sort()
        firsts = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))
        shared = np.diff(firsts, append=len(pairs))
        pairs = pairs[firsts]
        rows = (pairs >> np.uint64(32)).astype(np.int64)
        enough = shared >= np.minimum(lengths[rows], SHARED_KEYS)
        yield rows[enough], (pairs[enough] & np.uint64(0xFFFFFFFF)).astype(np.int64)
        begin = end


def _compared(sketches: Sketches, others: Sketches, rows: Places, partners: Places) -> Twins:
    """Those of the pairs that are near: `fttui.domain.dataset.similarity.resemblance` of many at once."""
    import numpy as np

    mine, theirs = sketches.lengths[rows], others.lengths[partners]
    pieces = np.concatenate([sketches.table(rows), others.table(partners)], axis=1)
    pieces.sort(axis=1)
    twice = (pieces[:, 1:] == pieces[:, :-1]) & (pieces[:, 1:] != _FILLER)
    common = twice.sum(axis=1)
    union = mine + theirs - common
    # Of sketches that do not hold all pieces, only the smallest of both together count.
    whole = (mine < SKETCH_SIZE) & (theirs < SKETCH_SIZE)
    bound = np.where(whole, union, np.minimum(union, SKETCH_SIZE))
    before = np.cumsum(twice, axis=1) - twice
    rank = np.arange(twice.shape[1]) - before
    shares = (twice & (rank < bound[:, None])).sum(axis=1) / bound
    near = shares >= NEAR
    return Twins(rows[near], partners[near], shares[near])


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

    twins = Twins(*(np.concatenate(columns) for columns in zip(*found, strict=True)))
    order = np.argsort(twins.rows, kind="stable")
    return Twins(twins.rows[order], twins.firsts[order], twins.shares[order])


def _none() -> Twins:
    import numpy as np

    return Twins(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
