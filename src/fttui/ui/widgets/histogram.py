"""How a quantity spreads over the examples of a file, drawn as bars."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from fttui.domain.dataset.report import Distribution
from fttui.ui import present
from fttui.ui.bars import axis_row, bar_rows, merged
from fttui.ui.cells import cut, fill_left

MARGIN = 6
"""Cells for the numbers of examples beside the bars."""


class Histogram(Widget):
    """A title, bars with the highest count beside them, the range below.

    Args:
        title: what is spread, such as `tokens per example`.
        ascii: use no block characters.
    """

    COMPONENT_CLASSES = {"histogram--title", "histogram--bars", "histogram--note"}
    DEFAULT_CSS = "Histogram { height: 1fr; min-height: 4; }"

    distribution: reactive[Distribution | None] = reactive[Distribution | None](None)

    def __init__(self, title: str, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = title
        self._ascii = ascii

    def render(self) -> RenderResult:
        """The picture at the present size."""
        width, height = self.content_size
        spread = self.distribution
        title = Content.styled(cut(self._title, width), ".histogram--title")
        if spread is None or not spread.counts:
            return Content("\n").join([title, Content.styled("nothing to count", ".histogram--note")])
        room = max(width - MARGIN - 1, 4)
        rows = bar_rows(spread.counts, room, height - 3, ascii=self._ascii)
        bars = merged(spread.counts, room)
        most = max(bars)
        lines = [title, Content.styled(cut(_numbers(spread, width), width), ".histogram--note")]
        for place, row in enumerate(rows):
            label = present.short_count(most) if place == 0 else "0" if place == len(rows) - 1 and place else ""
            lines.append(
                Content.assemble((fill_left(label, MARGIN) + " ", ".histogram--note"), (row, ".histogram--bars"))
            )
        drawn = len(rows[0]) if rows else room
        axis = axis_row(spread.minimum, spread.maximum, len(bars), drawn)
        lines.append(Content.styled(" " * (MARGIN + 1) + axis, ".histogram--note"))
        return Content("\n").join(lines)


def _numbers(spread: Distribution, width: int) -> str:
    middle = f"median {present.count(spread.p50)}"
    if width >= 60:
        middle = f"mean {spread.mean:,.1f} · {middle}"
    return f"{middle} · 95 % up to {present.count(spread.p95)} · most {present.count(spread.maximum)}"
