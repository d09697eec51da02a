"""Jobs side by side: their curves over each other, the settings that differ, what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import events, getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.comparison import ComparedRun, compared_runs, outcomes, settings_that_differ
from fttui.domain.plot.tabs import Run
from fttui.domain.text import safe_line
from fttui.services.jobs.ledger import read_ledger
from fttui.ui import present
from fttui.ui.place import Place
from fttui.ui.plot_screen import PlotScreen
from fttui.ui.widgets.compare_table import CompareTable
from fttui.ui.widgets.loss_plot import LossPlot

MOST_RUNS = 6
"""As many as colours can tell apart."""
REFRESH_SECONDS = 5.0
"""How often the journal is read again while one of the jobs goes on."""


class CompareScreen(PlotScreen):
    """Several jobs, of one profile or of several.

    Args:
        jobs: the profile and the id of each; at most `MOST_RUNS` are shown.
    """

    PLACE = Place.JOBS
    CSS_PATH = "../styles/compare.tcss"
    HELP = """
Jobs side by side. On top one curve of each, in a colour of its own; `a` goes through the metrics. Below, first what was
asked for and differs, then what came of each, the best marked. What is the same in all of them is left out.

`o` is a logarithmic scale, `s` smooths, `+` and `-` zoom, `<` and `>` move, left and right read the values of a step,
`0` shows all again. `r` asks the provider for news of jobs that go on.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy table", show=False, id="compare.copy"),
        Binding("r", "refresh", "Refresh", id="compare.refresh"),
    ]

    plot = getters.query_one(LossPlot)
    table = getters.query_one(CompareTable)

    def __init__(self, jobs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._jobs = list(jobs)[:MOST_RUNS]
        self._left_out = len(jobs) - len(self._jobs)
        self._runs: Sequence[ComparedRun] = ()
        self._trouble = ""

    def compose_body(self) -> ComposeResult:
        yield Static(Content("Reading what is known of the jobs…"), id="compare-heading")
        yield LossPlot(self.plot_marks())
        yield Static(Content(""), id="compare-names")
        yield CompareTable(ascii_only=self.app.ascii_only or self.app.no_color)

    def on_mount(self) -> None:
        self.table.focus()
        self.load()
        self.set_interval(REFRESH_SECONDS, self._load_if_moving)

    @property
    def plot_in_view(self) -> LossPlot:
        """The plot the keys are for."""
        return self.plot

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out anew."""
        self.call_after_refresh(self._draw_names)

    def _load_if_moving(self) -> None:
        if self.is_active and any(run.feed.job is not None and not run.feed.job.is_final for run in self._runs):
            self.load()

    @work(group="compare.load", exclusive=True)
    async def load(self) -> None:
        """Show what the journal knows."""
        services = self.app.services
        settings = services.settings
        try:
            journal = await asyncio.to_thread(lambda: services.journal)
            feeds = [(profile, await asyncio.to_thread(journal.feed, profile, one)) for profile, one in self._jobs]
            ledger = await asyncio.to_thread(read_ledger, journal, settings.profiles, settings.prices)
        except FttuiError as error:
            self._trouble = f"{error.title}: {safe_line(error.message)}"
            self._draw()
            return
        self._runs = await asyncio.to_thread(compared_runs, feeds, ledger)
        self._draw()

    @work(group="compare.ask", exclusive=True)
    async def action_refresh(self) -> None:
        """Ask the providers for news of the jobs that go on."""
        from fttui.services.jobs.watch import look_once

        services = self.app.services
        self._trouble = ""
        try:
            for run in self._runs:
                if run.feed.job is not None and not run.feed.job.is_final:
                    provider = await services.provider(run.profile)
                    await look_once(provider, services.journal, run.profile, run.feed.job.id, self.app.clock)
        except FttuiError as error:
            self._trouble = f"as known last · {error.title}: {safe_line(error.message)}"
        self.load()

    def _draw(self) -> None:
        if not self.is_whole:
            return
        runs = [Run(run.name, run.curves) for run in self._runs]
        self.plot.overlay(runs)
        self.table.show([run.name for run in self._runs], settings_that_differ(self._runs), outcomes(self._runs))
        self.query_one("#compare-heading", Static).update(self._heading(), layout=False)
        self.call_after_refresh(self._draw_names)

    def _draw_names(self) -> None:
        if self.is_whole:
            self.query_one("#compare-names", Static).update(self.table.heading(), layout=False)

    def _heading(self) -> Content:
        if self._trouble:
            return Content.styled(self._trouble, "$text-warning")
        profiles = sorted({run.profile for run in self._runs})
        whose = safe_line(profiles[0]) if len(profiles) == 1 else present.counted(len(profiles), "profile")
        words = f"{len(self._runs)} jobs of {whose} · {safe_line(self.plot.current.name)}"
        if self._left_out:
            words += f" · {self._left_out} more than fit are left out"
        return Content.styled(words, "$text-muted")

    def action_next_tab(self) -> None:
        """Show the next metric, and name it."""
        super().action_next_tab()
        self.query_one("#compare-heading", Static).update(self._heading(), layout=False)

    def action_copy(self) -> None:
        """Copy the table, tabs between its columns."""
        self.app.copy_text(self.table.as_text(), "the table")
