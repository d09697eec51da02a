"""The curves of a job on one axis, drawn again only when they changed and at most four times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import RenderResult
from textual.content import Content
from textual.events import Resize
from textual.reactive import reactive
from textual.widget import Widget

from fttui.domain.jobs.series import Series
from fttui.domain.plot.axes import Subject, curves_of, subjects
from fttui.domain.plot.frame import BEST, CHECKPOINT, PlotLine

REDRAW_SECONDS = 0.25
"""Shortest time between two drawings."""

_PARTS = {
    "train": "first",
    "valid": "second",
    "full_valid": "third",
}
_ORDER = ("first", "second", "third", "fourth")


class LossPlot(Widget):
    """Curves of one subject at a time; `show` takes all there are."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "loss-plot--frame",
        "loss-plot--first",
        "loss-plot--second",
        "loss-plot--third",
        "loss-plot--fourth",
        "loss-plot--checkpoint",
        "loss-plot--best",
    }
    DEFAULT_CSS = """
    LossPlot { height: 1fr; }
    """

    subject: reactive[Subject] = reactive(Subject.LOSS)
    log_scale: reactive[bool] = reactive(False)

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ascii_only = ascii_only
        self._series: Sequence[Series] = ()
        self._checkpoints: Sequence[int] = ()
        self._best: int | None = None
        self._lines: Sequence[PlotLine] = ()
        self._drawn_at = float("-inf")
        self._stale = False
        self._waits = False
        self.drawings = 0
        """How often it was drawn."""

    def show(self, series: Sequence[Series], checkpoints: Sequence[int] = (), best: int | None = None) -> None:
        """Take the curves, the steps at which checkpoints were kept, and the step of the best one."""
        if (series, checkpoints, best) == (self._series, self._checkpoints, self._best):
            return
        self._series, self._checkpoints, self._best = series, checkpoints, best
        self._go_stale()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What there are curves for."""
        return subjects(self._series)

    @property
    def dropped(self) -> int:
        """How many values on show were not finite and could not be drawn."""
        return sum(series.dropped for series in curves_of(self._series, self.subject))

    @property
    def is_up_to_date(self) -> bool:
        """Whether all that was shown is drawn."""
        return self.drawings > 0 and not self._stale and not self._waits

    def watch_subject(self) -> None:
        """Draw the other curves."""
        self._go_stale()

    def watch_log_scale(self) -> None:
        """Draw on the other scale."""
        self._go_stale()

    def _on_resize(self, event: Resize) -> None:
        self._go_stale()

    def _go_stale(self) -> None:
        self._stale = True
        if self._waits or not self.is_mounted:
            return
        self._waits = True
        self.set_timer(max(self._drawn_at + REDRAW_SECONDS - monotonic(), 0.001), self._draw)

    @work(group="plot.draw")
    async def _draw(self) -> None:
        # plotext and numpy take a fifth of a second to import the first time, so drawing is done beside the loop.
        from fttui.services.plotting import draw

        self._stale = False
        self._drawn_at = monotonic()
        self._lines = await asyncio.to_thread(
            draw,
            curves_of(self._series, self.subject),
            self.content_size.width,
            self.content_size.height,
            checkpoints=tuple(self._checkpoints),
            best=self._best,
            ascii_only=self.ascii_only,
            log_scale=self.log_scale,
        )
        self.drawings += 1
        self._waits = False
        self.refresh()
        if self._stale:
            self._go_stale()

    def render(self) -> RenderResult:
        """The plot as it was drawn last."""
        lines = (Content.assemble(*((span.text, self._style(span.curve)) for span in line)) for line in self._lines)
        return Content("\n").join(lines)

    def _style(self, curve: str | None) -> str:
        return f".loss-plot--{self._part(curve)}"

    def _part(self, curve: str | None) -> str:
        match curve:
            case None:
                return "frame"
            case str() if curve == CHECKPOINT:
                return "checkpoint"
            case str() if curve == BEST:
                return "best"
        for prefix in sorted(_PARTS, key=len, reverse=True):
            if curve.startswith(f"{prefix}_"):
                return _PARTS[prefix]
        names = [series.name for series in curves_of(self._series, self.subject)]
        return _ORDER[names.index(curve) % len(_ORDER)] if curve in names else "fourth"

    @property
    def text(self) -> str:
        """What stands on screen, without colours."""
        return "\n".join("".join(span.text for span in line) for line in self._lines)
