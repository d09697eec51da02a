"""A table with a column for each of several jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.content import Content

from fttui.domain.jobs.comparison import Row
from fttui.domain.text import safe_line
from fttui.ui.cells import fill
from fttui.ui.widgets.line_list import LineList, Piece

LABEL_CELLS, WIDEST = 26, 30
COLOURS = ("$primary", "$accent", "$success", "$secondary", "$error", "$foreground")
"""Those of the curves, in their order."""


class CompareTable(LineList):
    """Rows of settings that differ, then rows of outcomes, a column for each job."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "compare-table--heading",
        "compare-table--label",
        "compare-table--best",
    }

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._best_sign = "*" if ascii_only else "✦"
        self._names: Sequence[str] = ()
        self._lines: Sequence[Row | str] = ()

    def show(self, names: Sequence[str], settings: Sequence[Row], outcomes: Sequence[Row]) -> None:
        """Show what was asked for and differs, and what came of it."""
        asked: list[Row | str] = [*settings] or ["  all settings are the same"]
        lines = ["Settings that differ", *asked, "", "What came of it", *outcomes]
        if (names, lines) == (self._names, self._lines):
            return
        if len(lines) != len(self._lines):
            self.count = len(lines)
            self.cursor = next((place for place, line in enumerate(lines) if isinstance(line, Row)), 0)
        self._names, self._lines = names, lines
        self.refresh()

    def selectable(self, number: int) -> bool:
        """The cursor rests on what is compared, not on headings."""
        return isinstance(self._lines[number], Row)

    def heading(self) -> Content:
        """The line above the table: the jobs' names, in the colours of their curves."""
        label, cells = self._cells(self.size.width)
        names = [
            (fill(safe_line(name), cells - 1) + " ", f"bold {COLOURS[place % len(COLOURS)]}")
            for place, name in enumerate(self._names)
        ]
        return Content.assemble(" " * (label + 1), *names)

    def _cells(self, width: int) -> tuple[int, int]:
        label = min(LABEL_CELLS, width // 3)
        return label, max(min((width - label - 1) // max(len(self._names), 1), WIDEST), 2)

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """A heading, or one thing compared."""
        line = self._lines[number]
        if isinstance(line, str):
            yield f" {line}", "compare-table--heading"
            return
        label, cells = self._cells(width)
        yield fill(f"  {line.label}", label + 1), "compare-table--label"
        for place, value in enumerate(line.values):
            sign = f" {self._best_sign}" if place in line.best else ""
            yield fill(safe_line(value) + sign, cells - 1) + " ", "compare-table--best" if sign else ""

    def as_text(self) -> str:
        """The table with tabs between its columns."""
        rows = [("", *self._names)]
        rows += [(line.label, *line.values) for line in self._lines if isinstance(line, Row)]
        return "\n".join("\t".join(safe_line(cell) for cell in row) for row in rows)
