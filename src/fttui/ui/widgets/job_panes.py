"""The body of a job's screen: plot, log, checkpoints and details, side by side or one below the plot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events, getters, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from fttui.domain.jobs.diagnosis import Diagnosis, diagnose_curves
from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.ranking import Ranking, best, rankings_of
from fttui.domain.jobs.series import CurveBook, Series
from fttui.domain.plot.frame import NOTHING_YET
from fttui.ui.job_facts import Beside, details
from fttui.ui.launch_facts import Fact
from fttui.ui.widgets import checkpoint_list
from fttui.ui.widgets.checkpoint_list import CheckpointList
from fttui.ui.widgets.estimate_panel import EstimatePanel
from fttui.ui.widgets.event_log import EventLog
from fttui.ui.widgets.loss_plot import LossPlot
from fttui.ui.widgets.pane_strip import PaneStrip

if TYPE_CHECKING:
    from fttui.services.plotting import Marks

PANES = ("log", "checkpoints", "details")
"""What shares the lower part of a narrow screen, in the order the view key goes through them."""

MOST_VERDICTS = 2
NEVER_BEGAN = "nothing to draw: the job ended before its first step"
NEVER_REPORTED = "nothing to draw: no values were reported"


def no_curve_words(feed: JobFeed) -> str:
    """What stands in place of the plot while a job has no values: that they are to come, or why none ever will."""
    if feed.job is None or not feed.job.is_final or not feed.events:
        return NOTHING_YET
    trained = feed.job.status == "succeeded" or feed.last_step is not None or bool(feed.checkpoints)
    return NEVER_REPORTED if trained else NEVER_BEGAN


class DetailsPane(VerticalScroll, can_focus=True):
    """Names and values that are too many for the screen."""


class JobPanes(Container):
    """Everything a job reported, drawn from its feed."""

    pane: var[int] = var(0)
    """Which of `PANES` is in view where there is room for one."""
    reading: var[bool] = var(False, toggle_class="-reading")
    """Whether the pane has the place of the plot, where there is room for one of them only."""

    plot = getters.query_one(LossPlot)
    event_log = getters.query_one(EventLog)
    checkpoints = getters.query_one(CheckpointList)

    def __init__(self, marks: Marks, *, ascii_only: bool = False) -> None:
        super().__init__(classes=f"-{PANES[0]}")
        self._marks = marks
        self._ascii_only = ascii_only
        self._feed = JobFeed()
        self._curves = CurveBook()
        self.ranking: Ranking | None = None
        """By what the checkpoints are ranked; the usual if None."""
        self._beside = Beside()
        self._verdicts: Sequence[Diagnosis] = ()
        self._judged: tuple[Sequence[Series], bool] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="curves"):
            yield LossPlot(self._marks)
            yield Static(Content(""), id="verdict")
        yield PaneStrip()
        with Vertical(id="checkpoints", classes="pane"):
            yield Static(Content(""), id="checkpoint-heading")
            yield CheckpointList(ascii_only=self._ascii_only)
        with Vertical(id="log", classes="pane"):
            yield EventLog()
        with DetailsPane(id="details", classes="pane"):
            yield EstimatePanel(name_cells=16)

    def on_mount(self) -> None:
        for name in PANES:
            self.query_one(f"#{name}").border_title = name.capitalize()

    def show(self, feed: JobFeed) -> None:
        """Show what is known of the job."""
        self._feed = feed
        winner = best(feed.checkpoints, self.ranking)
        steps = tuple(checkpoint.step for checkpoint in feed.checkpoints)
        series = self._curves.read(feed.events)
        self.plot.show(series, steps, winner.step if winner else None, no_curve_words(feed))
        self.event_log.show(feed.events)
        self.checkpoints.show(feed.checkpoints, self.ranking)
        self._judge(series, feed)
        self.tell_beside(self._beside)
        self._draw_headings()

    def tell_beside(self, beside: Beside) -> None:
        """Show what is known of the job from elsewhere among its details."""
        self._beside = beside
        if self._feed.job is not None:
            facts = [Fact(name, value) for name, value in details(self._feed.job, beside)]
            self.query_one(EstimatePanel).show(facts)

    def rank_anew(self) -> None:
        """Rank the checkpoints by the next of what they can be ranked by."""
        there = rankings_of(self._feed.checkpoints)
        if there:
            now = there.index(self.ranking) if self.ranking in there else 0
            self.ranking = there[(now + 1) % len(there)]
            self.show(self._feed)

    @work(group="job.judge", exclusive=True)
    async def _judge(self, series: Sequence[Series], feed: JobFeed) -> None:
        """Say in words what the curves say; nothing takes no room."""
        running = feed.job is not None and not feed.job.is_final
        if (series, running) != self._judged:
            # A long curve takes some milliseconds to look at.
            verdicts = await asyncio.to_thread(diagnose_curves, series, running=running)
            self._judged, self._verdicts = (series, running), verdicts
        self._draw_verdicts()

    def _draw_verdicts(self) -> None:
        room = 1 if self.screen.has_class("-narrow") else MOST_VERDICTS
        words = "\n".join(str(one) for one in self._verdicts[:room])
        verdict = self.query_one("#verdict", Static)
        verdict.display = bool(words)
        verdict.update(Content(words))

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the headings out anew."""
        self.call_after_refresh(self._draw_headings)
        self.call_after_refresh(self._draw_verdicts)

    def _draw_headings(self) -> None:
        kept = self._feed.checkpoints
        strip = self.query_one(PaneStrip)
        strip.names = ("Log", f"Checkpoints {len(kept)}" if kept else "Checkpoints", "Details")
        strip.at = self.pane
        heading = checkpoint_list.heading(kept, self.checkpoints.size.width, self.ranking)
        self.query_one("#checkpoint-heading", Static).update(Content(heading), layout=False)

    def show_next(self) -> None:
        """Show the next pane; where there is room for one thing only, the plot comes after the last."""
        last = self.pane == len(PANES) - 1
        if not self.screen.has_class("-short"):
            self.pane = 0 if last else self.pane + 1
        elif not self.reading:
            self.reading, self.pane = True, 0
            self.call_after_refresh(self.focus_pane)
        elif last:
            self.reading, self.pane = False, 0
        else:
            self.pane += 1

    def watch_pane(self, before: int, pane: int) -> None:
        """Bring the pane into view and the cursor into it."""
        if not self.is_mounted:
            return
        self.remove_class(f"-{PANES[before]}")
        self.add_class(f"-{PANES[pane]}")
        self._draw_headings()
        self.call_after_refresh(self.focus_pane)

    def focus_pane(self) -> None:
        """Put the cursor into the pane in view."""
        (self.event_log, self.checkpoints, self.query_one(DetailsPane))[self.pane].focus()
        self._draw_headings()
