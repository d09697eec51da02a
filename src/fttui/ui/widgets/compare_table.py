"""A table with a column for each of several jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from fttui.domain.jobs.comparison import Row
from fttui.domain.text import safe_line
from fttui.ui.cells import fill
from fttui.ui.widgets.line_list import LineList, Piece

LABEL_CELLS, WIDEST = 26, 30
_ORDER = ("first", "second", "third", "fourth", "fifth", "sixth")


class CompareTable(LineList):
    """Rows of settings, then rows of outcomes, under the names of the jobs in the colours of their curves."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "compare-table--heading",
        "compare-table--label",
        "compare-table--best",
        *(f"compare-table--{part}" for part in _ORDER),
    }

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._best_sign = "*" if ascii_only else "✦"
        self._names: Sequence[str] = ()
        self._lines: Sequence[Row | str] = ()

    def show(self, names: Sequence[str], settings: Sequence[Row], outcomes: Sequence[Row]) -> None:
        """Show what was asked for and differs, and what came of it."""
        self._names = names
        asked: list[Row | str] = [*settings] or [Row("  all settings are the same", ())]
        self._lines = ["Settings that differ", *asked, "", "What came of it", *outcomes]
        self.count = len(self._lines)
        self.refresh()

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """A heading, or one thing compared."""
        line = self._lines[number]
        label_cells = min(LABEL_CELLS, width // 3)
        cells = min((width - label_cells - 1) // max(len(self._names), 1), WIDEST)
        if isinstance(line, str):
            yield fill(f" {line}", label_cells + 1), "compare-table--heading"
            for place, name in enumerate(self._names if number == 0 else ()):
                yield fill(safe_line(name), cells - 1) + " ", f"compare-table--{_ORDER[place % len(_ORDER)]}"
            return
        if not line.values:
            yield line.label, "compare-table--label"
            return
        yield fill(f"  {line.label}", label_cells + 1), "compare-table--label"
        for place, value in enumerate(line.values):
            sign = f" {self._best_sign}" if place in line.best else ""
            yield fill(safe_line(value) + sign, cells - 1) + " ", "compare-table--best" if sign else ""

    def as_text(self) -> str:
        """The table with tabs between its columns."""
        rows = [("", *self._names)]
        rows += [(line.label, *line.values) for line in self._lines if isinstance(line, Row) and line.values]
        return "\n".join("\t".join(safe_line(cell) for cell in row) for row in rows)
