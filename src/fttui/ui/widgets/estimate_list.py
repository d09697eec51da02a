"""Models side by side: tokens, steps, what training costs, what is cut off, what using them costs, when they end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import ClassVar

from textual.binding import Binding

from fttui.domain.jobs import estimate_words as words
from fttui.domain.jobs.inference import Span
from fttui.domain.jobs.model_estimate import EstimateSheet, ModelEstimate
from fttui.domain.money import money
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import fill, fill_left
from fttui.ui.widgets.line_list import LineList, Piece

COLUMNS = {"Tokens": 8, "Steps": 7, "Training": 16, "Cut": 5, "Tuned": 9, "Base": 8, "Ends": 12}
"""Cells of each column, from left to right."""
_BY_WEIGHT = ("Training", "Tokens", "Tuned", "Base", "Steps", "Cut", "Ends")
NAME = 21
"""Cells that a model's name has at least."""
WIDE = 110
"""Cells from which there is room for the last day as well."""


class EstimateList(LineList):
    """The models of a sheet under the names of their profiles."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "estimate-list--section",
        "estimate-list--free",
        "estimate-list--unknown",
        "estimate-list--cut",
        "estimate-list--chosen",
        "estimate-list--muted",
    }
    BINDINGS = [Binding("enter", "choose", "Choose", id="estimate.choose")]

    def __init__(self) -> None:
        super().__init__(id="models")
        self._rows: Sequence[ModelEstimate | str] = ()
        self._sheet: EstimateSheet | None = None

    def show(self, sheet: EstimateSheet) -> None:
        """Show the models of a sheet; the cursor stays on its model, else it goes to the one in hand."""
        before = self.current
        self._sheet = sheet
        rows: list[ModelEstimate | str] = []
        for provider, members in groupby(sheet.models, key=lambda one: one.provider):
            rows += [provider, *members]
        self._rows = rows
        self.count = len(rows)
        wanted = (before.provider, before.model) if before is not None else None
        models = [(at, row) for at, row in enumerate(rows) if isinstance(row, ModelEstimate)]
        same = [at for at, row in models if (row.provider, row.model) == wanted]
        chosen = [at for at, row in models if row.chosen]
        self.go_to((same or chosen or [0])[0])
        self.refresh()

    @property
    def current(self) -> ModelEstimate | None:
        """The model under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return row if isinstance(row, ModelEstimate) else None

    def selectable(self, number: int) -> bool:
        """Names of profiles cannot be chosen."""
        return isinstance(self._rows[number], ModelEstimate)

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """The name of a profile with its epochs, or one model."""
        row, sheet = self._rows[number], self._sheet
        if isinstance(row, str) or sheet is None:
            members = [one for one in (sheet.models if sheet else ()) if one.provider == row]
            size = words.size_words(sheet, members) if sheet is not None else ""
            yield fill(f" {safe_line(str(row))}  {size}", width), "estimate-list--section"
            return
        mark = "●" if row.chosen else " "
        yield fill(f" {mark} {safe_line(row.model)}", name_cells(width)), "estimate-list--chosen" if row.chosen else ""
        told = _told(row)
        for column in columns(width):
            text, style = told[column]
            yield fill_left(text, COLUMNS[column]), style


def columns(width: int) -> list[str]:
    """The columns that there is room for beside the name; what training costs goes last."""
    room, kept = width - NAME, set[str]()
    for column in _BY_WEIGHT:
        room -= COLUMNS[column]
        if room < 0 or (column == "Ends" and width < WIDE):
            break
        kept.add(column)
    return [column for column in COLUMNS if column in kept]


def name_cells(width: int) -> int:
    """Cells for a model's name, out of a line's width."""
    return max(width - sum(COLUMNS[column] for column in columns(width)) - 1, 0)


def heading(width: int) -> str:
    """The line above the list."""
    return fill("   Model", name_cells(width)) + "".join(fill_left(name, COLUMNS[name]) for name in columns(width))


def _told(one: ModelEstimate) -> dict[str, tuple[str, str]]:
    """What stands in each column, and its style."""
    unknown = not one.free and one.cost is None
    rows_cut = one.count.cut_rows
    return {
        "Tokens": (_tokens(one), ""),
        "Steps": (f"{one.steps:,}", ""),
        "Training": (_cost(one), _tone(free=one.free, unknown=unknown)),
        "Cut": (f"{rows_cut:,}", "estimate-list--cut") if rows_cut else ("–", "estimate-list--muted"),
        "Tuned": (_use(one.inference.tuned, free=one.free), ""),
        "Base": (_use(one.inference.base, free=one.free), "estimate-list--muted"),
        "Ends": (str(one.lifecycle.shuts_down) if one.lifecycle is not None else "", "estimate-list--muted"),
    }


_SHOWN, _NO_CENTS = 0.005, 1000
"""Dollars from which a sum is more than nothing, and from which it is told without cents."""


def _tone(*, free: bool, unknown: bool) -> str:
    return "estimate-list--free" if free else "estimate-list--unknown" if unknown else ""


def _tokens(one: ModelEstimate) -> str:
    tokens = one.count.billable
    number = present.count(tokens) if tokens < 1_000_000 else present.short_count(tokens)
    return number if one.count.exact else f"≈{number}"


def _cost(one: ModelEstimate) -> str:
    """What training costs, short enough for a column: of large sums without the cents."""
    cost = one.cost
    if one.free or cost is None or not one.epochs or cost.low < _NO_CENTS:
        return words.cost_words(one).replace(" to ", "–")
    low, high = _short(cost.low), _short(cost.high)
    return low if low == high else f"{low}–{high}"


def _use(span: Span | None, *, free: bool) -> str:
    """What using a model costs at most, short enough for a column."""
    if free:
        return "free"
    if span is None:
        return "?"
    if span.high < _SHOWN:
        return "<$0.01"
    return money(span.high) if span.high < _NO_CENTS else _short(span.high)


def _short(amount: float) -> str:
    return f"${present.short_count(round(amount))}" if amount >= 10_000 else f"${amount:,.0f}"
