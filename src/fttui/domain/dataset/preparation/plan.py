"""What a preparation would do, or did: every fix with its count and samples, and what is worth knowing besides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.preparation.difference import DifferenceLine
from fttui.domain.dataset.preparation.fix import Effect, Fix, Habit
from fttui.domain.dataset.record import DataFormat

SAMPLES = 5
"""Rows that are shown of each fix."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row that a fix changes: its line (from 1), the difference, and what there is to say about it."""

    line: int
    lines: tuple[DifferenceLine, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PlannedFix:
    """A fix, how many rows it changes or would change, and a few of them.

    `accepted` tells which of the two; `detail` is what it adds or takes away, where that is one text for all rows.
    """

    fix: Fix
    count: int
    accepted: bool
    samples: tuple[Sample, ...] = ()
    detail: str = ""

    @property
    def mends(self) -> bool:
        """Whether it finds something wrong; what is always done, or a matter of what one wants, does not count."""
        return self.count > 0 and self.fix.habit in (Habit.ON, Habit.OFF)

    @property
    def drops(self) -> bool:
        """Whether rows go."""
        return self.fix.effect is Effect.DROP


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that no fix takes care of."""

    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a preparation of one file comes to.

    `rows` are the lines that are not empty; `kept` those that are left after the accepted fixes.
    """

    file: PurePath
    size: int
    format: DataFormat | None
    rows: int
    kept: int
    fixes: tuple[PlannedFix, ...]
    notes: tuple[Note, ...] = ()
    labelled: bool = False
    """Whether answers look like labels of classes."""

    @property
    def found(self) -> tuple[PlannedFix, ...]:
        """The fixes that have something to do."""
        return tuple(entry for entry in self.fixes if entry.count)

    @property
    def undone(self) -> tuple[PlannedFix, ...]:
        """The fixes that are on by default, would mend something, and are not accepted."""
        return tuple(entry for entry in self.found if entry.fix.habit is Habit.ON and not entry.accepted)

    @property
    def changes(self) -> bool:
        """Whether the accepted fixes change anything."""
        return any(entry.count and entry.accepted for entry in self.fixes)

    @property
    def dropped(self) -> int:
        """Rows that go."""
        return self.rows - self.kept
