"""The result file of a job: its table, its curves, and a way to keep it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.results import ResultTable, as_csv_rows
from fttui.domain.plot.view import whole_of
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.place import Place
from fttui.ui.plot_screen import PlotScreen
from fttui.ui.results_saving import save_results
from fttui.ui.widgets.line_list import LineList
from fttui.ui.widgets.loss_plot import LossPlot
from fttui.ui.widgets.result_table import ResultRows


class ResultsScreen(PlotScreen):
    """What a finished job left behind, from the journal or else from its provider.

    Args:
        profile: whose job it is.
        job: a job with a result file.
    """

    PLACE = Place.JOBS
    CSS_PATH = "../styles/results.tcss"
    HELP = """
The result file of a job, row by row and as curves. It is fetched once and then kept on this computer. The cursor in the
table is the cursor in the plot.

`w` writes it to a new file: CSV, or JSON where the name ends in `.json`. `y` copies the table. `a` goes through the
measures, `o` is a logarithmic scale, `s` smooths, `+` and `-` zoom.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", "Save", id="results.save"),
        Binding("y", "copy", "Copy table", id="results.copy"),
        Binding("r", "reload", "Refresh", show=False, id="results.refresh"),
    ]

    plot = getters.query_one(LossPlot)
    rows = getters.query_one(ResultRows)

    def __init__(self, profile: str, job: Job) -> None:
        super().__init__()
        self._profile, self._job = profile, job
        self._table: ResultTable | None = None
        self._words = "Reading the result file…"

    def compose_body(self) -> ComposeResult:
        yield Static(Content(self._words), id="what")
        yield LossPlot(self.plot_marks())
        yield Static(Content(""), id="columns")
        yield ResultRows()

    def on_mount(self) -> None:
        self.rows.focus()
        self.load()

    @property
    def plot_in_view(self) -> LossPlot:
        """The plot the keys are for."""
        return self.plot

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out anew."""
        self.call_after_refresh(self._draw)

    @work(group="results.load", exclusive=True)
    async def load(self) -> None:
        """Read the file from the journal, else fetch it."""
        from fttui.services.jobs.results import read_results

        try:
            self._table = await read_results(self.app.services, self._profile, self._job)
        except FttuiError as error:
            self._words = f"{error.title}: {safe_line(error.message)} · r tries again"
            self._draw()
            return
        table = self._table
        rows, columns = present.counted(len(table.rows), "row"), present.counted(len(table.columns), "column")
        self._words = f"{safe_line(self._job.fine_tuned_model or self._job.id)} · {rows}, {columns}"
        self.plot.show(await asyncio.to_thread(table.curves))
        self.rows.show(table)
        self._draw()

    def _draw(self) -> None:
        if not self.is_whole:
            return
        self.set_class(self._table is not None, "-ready")
        tone = "$text-muted" if self._table is not None else "$text-warning"
        self.query_one("#what", Static).update(Content.styled(self._words, tone))
        self.query_one("#columns", Static).update(Content(self.rows.heading(self.rows.size.width)), layout=False)
        self.refresh_bindings()

    @on(LineList.Highlighted)
    def _point_at(self) -> None:
        """Put the plot's cursor on the step under the table's."""
        whole, step = whole_of(self.plot.current.curves), self.rows.step
        if whole is not None and step is not None and self.rows.cursor < self.rows.count - 1:
            self.plot.view = self.plot.view.at(step, whole)
        elif self.plot.view.cursor is not None:
            self.plot.view = replace(self.plot.view, cursor=None)

    @work(group="results.save")
    async def action_save(self) -> None:
        """Write the table to a new file."""
        if self._table is not None:
            await save_results(self.app, self._job, self._table)

    def action_copy(self) -> None:
        """Copy the table, tabs between its columns."""
        if self._table is not None:
            self.app.copy_text("\n".join("\t".join(row) for row in as_csv_rows(self._table)), "the table")

    def action_reload(self) -> None:
        """Try again."""
        if self._table is None:
            self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to keep before there is something."""
        return self._table is not None if action in ("save", "copy") else True
