"""The metrics a job left behind, a row for each step it told of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from fttui.domain.jobs.results import Cell, ResultTable
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import fill_left
from fttui.ui.widgets.line_list import LineList, Piece

NARROWEST, WIDEST = 9, 16
_SHORTER = (
    ("full_validation_", "full "), ("full_valid_", "full "), ("validation_", "valid "), ("mean_token_", ""),
    ("accuracy", "acc"),
)  # fmt: skip


class ResultRows(LineList):
    """Rows of numbers under the names the provider gave them; columns that do not fit are left to the file."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"result-rows--step"}

    def __init__(self) -> None:
        super().__init__(id="rows")
        self._table = ResultTable((), ())

    def show(self, table: ResultTable) -> None:
        """Show a table, the cursor on its last row."""
        self._table = table
        self.count = len(table.rows)
        self.go_to(self.count - 1)
        self.refresh()

    @property
    def step(self) -> int | None:
        """The step of the row under the cursor."""
        if "step" not in self._table.columns or self.cursor >= self.count:
            return None
        value = self._table.rows[self.cursor][self._table.columns.index("step")]
        return int(value) if isinstance(value, float) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One row of numbers."""
        cells, shown = self._columns(width)
        for place, cell in enumerate(self._table.rows[number][:shown]):
            part = "result-rows--step" if place == 0 else ""
            yield fill_left(cell_text(cell), cells - 1) + " ", part

    def heading(self, width: int) -> str:
        """The line above the rows, and how many columns there was no room for."""
        cells, shown = self._columns(width)
        names = "".join(fill_left(_short(name), cells - 1) + " " for name in self._table.columns[:shown])
        hidden = len(self._table.columns) - shown
        return f"{names} +{hidden}" if hidden else names

    def _columns(self, width: int) -> tuple[int, int]:
        """Cells of a column, and how many columns fit."""
        count = max(len(self._table.columns), 1)
        cells = min(max(width // count, NARROWEST), WIDEST)
        return cells, count if cells * count <= width else max((width - 4) // cells, 1)


def _short(name: str) -> str:
    for long, short in _SHORTER:
        name = name.replace(long, short)
    return safe_line(name.replace("_", " "))


def cell_text(cell: Cell) -> str:
    """A value as it is shown; whole numbers without decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return present.count(int(cell)) if cell.is_integer() and abs(cell) < 1e9 else present.loss(cell)
    return safe_line(cell)
