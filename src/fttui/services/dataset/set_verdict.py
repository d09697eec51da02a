"""Compares every row of a set with all others, and with those of the validation file, by what their sheets hold."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row_sheet import RowSheet
from fttui.domain.dataset.rules import pairs
from fttui.domain.dataset.rules.whole import CHECKS, SetFacts
from fttui.domain.dataset.similarity import KEYS, SHARED_KEYS, NearDuplicates, resemblance

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

NEAR_ROWS = 400_000
"""Rows up to which near duplicates are looked for: each takes a quarter of a kilobyte."""


@dataclass(frozen=True, slots=True)
class SetUnderTest:
    """The rows of a file, and the lines of which it is known already that they are exact copies."""

    sheet: RowSheet
    format: DataFormat | None
    copies: Set[int] = field(default_factory=frozenset)
    """Lines that stand in the file before, byte by byte."""
    leaked: Set[int] = field(default_factory=frozenset)
    """Lines that stand in the validation file, byte by byte."""


def judge(subject: SetUnderTest, validation: RowSheet | None = None) -> list[Finding]:
    """Everything that is to be said about a set as a whole, apart from exact copies.

    Args:
        subject: the training set, or a validation set by itself.
        validation: the validation set, to find what stands in both.
    """
    facts = SetFacts(subject.sheet, subject.format)
    findings = [finding for check in CHECKS for finding in check(facts)]
    if subject.sheet.rows:
        findings += _Pairs(subject, validation).findings()
    return findings


class _Pairs:
    def __init__(self, subject: SetUnderTest, validation: RowSheet | None) -> None:
        import numpy as np

        sheet = subject.sheet
        self._subject, self._sheet, self._validation = subject, sheet, validation
        self._lines = np.frombuffer(sheet.lines, np.uint32).astype(np.int64)
        self._said = np.frombuffer(sheet.said, np.uint64)
        self._copied = np.isin(self._lines, list(subject.copies))

    def findings(self) -> Iterator[Finding]:
        """All findings about pairs of rows."""
        twins = self._normalised()
        for place, first in twins:
            yield pairs.normalised_duplicate(self._line(place), self._line(first))
        yield from self._conflicts()
        gone = self._copied.copy()
        gone[[place for place, _ in twins]] = True
        leaked = yield from self._normalised_leaks()
        if self._sheet.rows > NEAR_ROWS:
            yield pairs.near_search_left_out(self._sheet.rows, NEAR_ROWS)
            return
        own = Sketches(self._sheet)
        yield from self._near(own, gone)
        if self._validation is not None and self._validation.rows:
            yield from self._near_leaks(own, leaked)

    def _line(self, place: int) -> int:
        return int(self._lines[place])

    def _normalised(self) -> list[tuple[int, int]]:
        """Rows that say the same as an earlier one, by place; exact copies left out."""
        found: list[tuple[int, int]] = []
        for group in _groups(self._said):
            found += [(place, group[0]) for place in group[1:] if not self._copied[place]]
        return sorted(found)

    def _conflicts(self) -> Iterator[Finding]:
        import numpy as np

        answers = np.frombuffer(self._sheet.answers, np.uint64)
        found: list[tuple[int, int]] = []
        for group in _groups(np.frombuffer(self._sheet.prompts, np.uint64)):
            first = group[0]
            others = [place for place in group[1:] if answers[place] != answers[first] and answers[place]]
            if answers[first]:
                found += [(place, first) for place in others]
        for place, first in sorted(found):
            yield pairs.conflicting_answers(self._line(place), self._line(first))

    def _normalised_leaks(self) -> Generator[Finding, None, npt.NDArray[np.bool_]]:
        """Yields findings; returns which rows stand in the validation file exactly or normalised."""
        import numpy as np

        leaked: npt.NDArray[np.bool_] = np.isin(self._lines, list(self._subject.leaked))
        if self._validation is None or not self._validation.rows:
            return leaked
        theirs = np.frombuffer(self._validation.said, np.uint64)
        shared = np.isin(self._said, theirs) & (self._said != 0)
        wanted = np.flatnonzero(shared & ~leaked)
        where = {int(key): place for place, key in reversed(list(enumerate(theirs.tolist())))} if len(wanted) else {}
        for place in wanted.tolist():
            other = self._validation.lines[where[int(self._said[place])]]
            yield pairs.normalised_leak(self._line(place), other)
        leaked |= shared
        return leaked

    def _near(self, own: Sketches, gone: npt.NDArray[np.bool_]) -> Iterator[Finding]:
        """Goes through the rows in order; only those that are no copies are kept to compare with."""
        import numpy as np

        known = NearDuplicates()
        for place in np.flatnonzero(own.shared() & ~gone).tolist():
            mine = own.of(place)
            first = known.first_like(mine)
            if first is None:
                known.keep(mine, place)
            else:
                share = resemblance(mine, own.of(first))
                yield pairs.near_duplicate(self._line(place), self._line(first), share)

    def _near_leaks(self, own: Sketches, leaked: npt.NDArray[np.bool_]) -> Iterator[Finding]:
        import numpy as np

        validation = self._validation
        assert validation is not None  # noqa: S101 - asked before
        theirs = Sketches(validation)
        known = NearDuplicates()
        for place in range(validation.rows):
            known.keep(theirs.of(place), place)
        for place in np.flatnonzero(own.shared_with(theirs) & ~leaked).tolist():
            mine = own.of(place)
            other = known.first_like(mine)
            if other is not None:
                share = resemblance(mine, theirs.of(other))
                yield pairs.near_leak(self._line(place), validation.lines[other], share)


class Sketches:
    """The sketches of all rows of a sheet."""

    def __init__(self, sheet: RowSheet) -> None:
        import numpy as np

        self._flat = np.frombuffer(sheet.sketches, np.uint32) if sheet.sketches else np.zeros(0, np.uint32)
        lengths = np.frombuffer(sheet.sketch_lengths, np.uint8).astype(np.int64)
        self._ends = np.cumsum(lengths)
        self._starts = self._ends - lengths
        self._wanted = np.minimum(lengths, SHARED_KEYS)
        # The pieces a row is found again by, with the rows they belong to.
        counts = np.minimum(lengths, KEYS)
        self._owners = np.repeat(np.arange(len(lengths)), counts)
        within = np.arange(len(self._owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        self._keys = self._flat[self._starts[self._owners] + within]

    def of(self, place: int) -> list[int]:
        """The sketch of a row."""
        pieces: list[int] = self._flat[self._starts[place] : self._ends[place]].tolist()
        return pieces

    def shared(self) -> npt.NDArray[np.bool_]:
        """Which rows have a key that another row has; the others cannot be near duplicates of any."""
        import numpy as np

        order = np.argsort(self._keys, kind="stable")
        keys = self._keys[order]
        twice = np.zeros(len(keys), np.bool_)
        same = keys[1:] == keys[:-1]
        twice[1:] |= same
        twice[:-1] |= same
        return self._rows_of(order[twice])

    def shared_with(self, other: Sketches) -> npt.NDArray[np.bool_]:
        """Which rows have a key that a row of another set has."""
        import numpy as np

        return self._rows_of(np.flatnonzero(np.isin(self._keys, other._keys)))

    def _rows_of(self, keys: Places) -> npt.NDArray[np.bool_]:
        import numpy as np

        shared = np.bincount(self._owners[keys], minlength=len(self._starts))
        enough: npt.NDArray[np.bool_] = (shared > 0) & (shared >= self._wanted)
        return enough


def _groups(keys: npt.NDArray[np.uint64]) -> Iterator[list[int]]:
    """Places of equal keys other than 0, each group in ascending order."""
    import numpy as np

    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    bounds = np.flatnonzero(np.diff(ordered)) + 1
    starts = np.concatenate([[0], bounds])
    sizes = np.diff(np.append(starts, len(ordered)))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        if ordered[start]:
            yield order[start : start + size].tolist()
