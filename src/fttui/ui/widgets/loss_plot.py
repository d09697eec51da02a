"""Curves on one axis, of one job or of several, drawn again only when they changed and at most four times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import work
from textual.events import Resize
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from fttui.domain.jobs.series import Series
from fttui.domain.plot.frame import BEST, CHECKPOINT, NOTHING_YET, PlotLine, Span
from fttui.domain.plot.tabs import NO_CURVES, Run, Tab, overlays, run_place, tabs
from fttui.domain.plot.view import View, Window, next_measured, whole_of

if TYPE_CHECKING:
    from fttui.services.plotting import Marks

REDRAW_SECONDS = 0.25
"""Shortest time between two drawings."""

ZOOM, PAN = 0.5, 0.25
_LABEL_CELLS = 6
"""About what the value labels take."""

_SPLITS = (("full_valid_", "third"), ("train_", "first"), ("valid_", "second"))
_ORDER = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a plot is made of: the curves of a job with its marks, and other runs to lay over them."""

    series: Sequence[Series] = ()
    checkpoints: Sequence[int] = ()
    best: int | None = None
    others: Sequence[Run] = ()
    name: str = ""
    """The job's own name among the others."""
    nothing: str = NOTHING_YET
    """What to say where there is no curve."""


class LossPlot(Widget):
    """The curves of one tab at a time; `show` takes all there are."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "loss-plot--frame",
        "loss-plot--faint",
        *(f"loss-plot--{part}" for part in _ORDER),
        "loss-plot--checkpoint",
        "loss-plot--best",
    }
    DEFAULT_CSS = """
    LossPlot {
        height: 1fr;
        & > .loss-plot--frame { color: $text-muted; }
        & > .loss-plot--faint { color: $foreground 30%; }
        & > .loss-plot--first { color: $primary; }
        & > .loss-plot--second { color: $accent; }
        & > .loss-plot--third { color: $success; }
        & > .loss-plot--fourth { color: $secondary; }
        & > .loss-plot--fifth { color: $error; }
        & > .loss-plot--sixth { color: $foreground; }
        & > .loss-plot--checkpoint { color: $text-muted; }
        & > .loss-plot--best { color: $success; text-style: bold; }
    }
    """

    tab: reactive[str] = reactive("")
    """The name of the tab in view; the first there is until one is chosen."""
    view: reactive[View] = reactive(View())

    def __init__(self, marks: Marks | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._marks = marks
        self._shown = Shown()
        self._tabs: Sequence[Tab] = ()
        self._lines: Sequence[PlotLine] = ()
        self._parts: Mapping[str, str] = {}
        self._drawn_at = float("-inf")
        self._stale = False
        self._waits = False
        self.drawings = 0
        """How often it was drawn."""

    def show(
        self,
        series: Sequence[Series],
        checkpoints: Sequence[int] = (),
        best: int | None = None,
        nothing: str = NOTHING_YET,
    ) -> None:
        """Take the curves, the steps at which checkpoints were kept, and the step of the best one.

        Args:
            series: the curves.
            checkpoints: steps.
            best: the step of the best checkpoint.
            nothing: what to say where there is no curve.
        """
        self._take(replace(self._shown, series=series, checkpoints=checkpoints, best=best, nothing=nothing))

    def overlay(self, runs: Sequence[Run], name: str = "") -> None:
        """Lay other runs over the curves, one metric at a time; none to see the curves alone again.

        Args:
            runs: the others.
            name: what the job's own curve is called beside theirs.
        """
        self._take(replace(self._shown, others=runs, name=name))

    def _take(self, shown: Shown) -> None:
        if shown == self._shown:
            return
        self._shown = shown
        own = [Run(shown.name, tuple(shown.series))] if shown.series or not shown.others else []
        self._tabs = overlays([*own, *shown.others]) if shown.others else tabs(shown.series)
        self._go_stale()

    # What is looked at

    @property
    def current(self) -> Tab:
        """The tab in view."""
        found = [tab for tab in self._tabs if tab.name == self.tab]
        return found[0] if found else (self._tabs[0] if self._tabs else NO_CURVES)

    @property
    def tab_names(self) -> tuple[str, ...]:
        """What there are curves for."""
        return tuple(tab.name for tab in self._tabs)

    @property
    def dropped(self) -> int:
        """How many values on show were not finite and could not be drawn."""
        return sum(series.dropped for series in self.current.curves)

    @property
    def is_overlaid(self) -> bool:
        """Whether other runs are laid over the job's own."""
        return bool(self._shown.others)

    def next_tab(self) -> None:
        """Show the next tab there is."""
        names = self.tab_names
        if names:
            self.tab = names[(names.index(self.current.name) + 1) % len(names)]

    def zoom(self, factor: float) -> None:
        """Show a part `factor` as long."""
        if (whole := self._whole) is not None:
            self.view = self.view.zoomed(factor, whole)

    def pan(self, share: float) -> None:
        """Move the part in view by a share of its length."""
        if (whole := self._whole) is not None:
            self.view = self.view.panned(share, whole)

    def move_cursor(self, columns: int) -> None:
        """Move the cursor to the next measured step about so many columns away; it appears at the last one."""
        whole = self._whole
        if whole is None:
            return
        seen = self.view.window or whole
        if self.view.cursor is None:
            self.view = self.view.at(seen.last if columns < 0 else seen.first, whole)
            return
        a_column = max(round(seen.length / max(self.content_size.width - _LABEL_CELLS, 1)), 1)
        step = next_measured(self.current.curves, self.view.cursor, columns * a_column)
        self.view = self.view.at(step, whole)

    def see_all(self) -> None:
        """Show all steps, without a cursor."""
        self.view = replace(self.view, window=None, cursor=None)

    @property
    def _whole(self) -> Window | None:
        return whole_of(self.current.curves)

    # Drawing

    @property
    def is_up_to_date(self) -> bool:
        """Whether all that was shown is drawn."""
        return self.drawings > 0 and not self._stale and not self._waits

    def watch_tab(self) -> None:
        """Draw the other curves."""
        self._go_stale()

    def watch_view(self) -> None:
        """Draw what is looked at now."""
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
        # numpy takes a fifth of a second to import the first time, so drawing is done beside the loop.
        from fttui.services.plotting import Marks, draw

        self._stale = False
        self._drawn_at = monotonic()
        overlaid, curves = self.is_overlaid, self.current.curves
        lines = await asyncio.to_thread(
            draw,
            curves,
            self.content_size.width,
            self.content_size.height,
            view=self.view,
            checkpoints=() if overlaid else tuple(self._shown.checkpoints),
            best=None if overlaid else self._shown.best,
            marks=self._marks or Marks.DOTS,
            nothing=self._shown.nothing,
        )
        # What is drawn keeps the colours it was drawn for, whatever was chosen meanwhile.
        self._lines, self._parts = lines, _parts(curves, overlaid=overlaid)
        self.drawings += 1
        self._waits = False
        self.refresh()
        if self._stale:
            self._go_stale()

    def render_line(self, y: int) -> Strip:
        """One row of the plot as it was drawn last."""
        width, base = self.content_size.width, self.visual_style.rich_style
        if y >= len(self._lines):
            return Strip.blank(width, base)
        return Strip([self._segment(span) for span in self._lines[y]]).adjust_cell_length(width, base)

    def _segment(self, span: Span) -> Segment:
        part = "faint" if span.faint else self._parts.get(span.curve or "", "frame")
        return Segment(span.text, self.get_visual_style(f"loss-plot--{part}").rich_style)

    @property
    def text(self) -> str:
        """What stands on screen, without colours."""
        return "\n".join("".join(span.text for span in line) for line in self._lines)


def _parts(curves: Sequence[Series], *, overlaid: bool) -> Mapping[str, str]:
    """Which component style each curve and mark has: runs by their place, splits always the same, others in turn."""
    parts = {CHECKPOINT: "checkpoint", BEST: "best"}
    for place, one in enumerate(curves):
        at = run_place(one.name) if overlaid else place
        split = None if overlaid else next((part for prefix, part in _SPLITS if one.name.startswith(prefix)), None)
        parts[one.name] = split or _ORDER[at % len(_ORDER)]
    return parts
