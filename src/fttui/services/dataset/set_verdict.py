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
from fttui.services.dataset.near_rows import Sketches, near_twins, near_twins_in

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

NEAR_ROWS = 1_000_000
"""Rows up to which near duplicates are looked for: with the sketches of more, memory would run out."""


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
        prompts = self._sheet.prompts
        for place, first in twins:
            # What is said is the same, so prompts differ in their instructions alone.
            same = prompts[place] == prompts[first]
            yield pairs.normalised_duplicate(self._line(place), self._line(first), same_instructions=same)
        yield from self._conflicts()
        gone = self._copied.copy()
        gone[[place for place, _ in twins]] = True
        leaked = yield from self._normalised_leaks()
        if self._sheet.rows > NEAR_ROWS:
            yield pairs.near_search_left_out(self._sheet.rows, NEAR_ROWS)
            return
        if self._validation is not None:
            shorter = min(self._sheet.sketch_size, self._validation.sketch_size)
            self._sheet.shorten(shorter)
            self._validation.shorten(shorter)
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
        for row, first, share in zip(*(column.tolist() for column in near_twins(own, ~gone)), strict=True):
            yield pairs.near_duplicate(self._line(row), self._line(first), share)

    def _near_leaks(self, own: Sketches, leaked: npt.NDArray[np.bool_]) -> Iterator[Finding]:
        validation = self._validation
        assert validation is not None  # noqa: S101 - asked before
        twins = near_twins_in(own, Sketches(validation), ~leaked)
        for row, other, share in zip(*(column.tolist() for column in twins), strict=True):
            yield pairs.near_leak(self._line(row), validation.lines[other], share)


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
