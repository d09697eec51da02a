"""Asks which jobs to look at together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from fttui.domain.jobs.comparison import run_name
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.series import curves
from fttui.domain.plot.tabs import Run
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import fill
from fttui.ui.widgets.job_list import JobKey, JobList, key_of
from fttui.ui.widgets.line_list import LineList, Piece

if TYPE_CHECKING:
    from fttui.services.jobs.journal import JournalJob
    from fttui.ui.app import FttuiApp

MOST_OTHERS = 5
"""Curves of other jobs that colours can still tell apart."""


class MarkedJobs(JobList):
    """Jobs to mark."""

    BINDINGS = [
        Binding("space", "mark", "Mark", id="runs.mark"),
        Binding("enter", "choose", "Take", id="runs.take"),
    ]

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One job: its mark, name, profile where there are several, settings, and when it was created."""
        known = self._jobs[number]
        job = known.job
        sign = "[x]" if key_of(known) in self.marked else "[ ]"
        created = present.moment(job.created_at)
        room = max(width - len(sign) - len(created) - 5, 12)
        name_cells = room // 2
        whose = [known.profile] if self._names_profiles else []
        asked = ", ".join((*whose, *(f"{value} {name}" for name, value in _settings(job))))
        muted = "" if number == self.cursor and self.has_focus else "job-list--muted"
        yield f" {sign} " + fill(safe_line(run_name(job)), name_cells), ""
        yield " " + fill(safe_line(asked), room - name_cells) + "  " + created, muted

    def action_mark(self) -> None:
        """Mark the job under the cursor, or take its mark away."""
        if self.chosen is not None and (key_of(self.chosen) in self.marked or len(self.marked) < MOST_OTHERS):
            self.mark()


def _settings(job: Job) -> Iterable[tuple[str, object]]:
    words = {"n_epochs": "epochs", "batch_size": "a batch", "learning_rate_multiplier": "× rate"}
    return [(words[name], job.hyperparameters[name]) for name in words if name in job.hyperparameters]


class RunsDialog(ModalScreen[tuple[JobKey, ...] | None]):
    """Other jobs; answers with the marked ones, or the one under the cursor.

    Args:
        jobs: what there is, newest first.
    """

    CSS_PATH = "styles/runs_dialog.tcss"
    HELP = f"`space` marks up to {MOST_OTHERS} jobs, `enter` takes them, or the one under the cursor."

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="runs.cancel")]

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    list = getters.query_one(MarkedJobs)

    def __init__(self, jobs: Sequence[JournalJob]) -> None:
        super().__init__()
        self._jobs = jobs

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Lay which jobs over this one?"
            if self._jobs:
                yield MarkedJobs(ascii_only=self.app.ascii_only)
            nothing = "There is no other job. Escape closes."
            words = "space marks · enter takes · escape cancels" if self._jobs else nothing
            yield Static(Content(words), classes="note")

    def on_mount(self) -> None:
        if self._jobs:
            self.list.show(self._jobs, {}, names_profiles=len({known.profile for known in self._jobs}) > 1)
            self.list.focus()

    @on(LineList.Chosen)
    def _take(self, event: LineList.Chosen) -> None:
        event.stop()
        under = self.list.chosen
        marked = tuple(key_of(known) for known in self._jobs if key_of(known) in self.list.marked)
        self.dismiss(marked or ((key_of(under),) if under is not None else ()))

    def action_cancel(self) -> None:
        """Lay none over it."""
        self.dismiss(None)


async def ask_for_runs(app: FttuiApp, profile: str, job_id: str) -> Sequence[Run]:
    """Ask which other jobs to look at beside one, and read their curves from the journal; from within a worker.

    Those of the same profile come first.
    """
    journal = app.services.journal
    known = await asyncio.to_thread(journal.jobs)
    others = [entry for entry in known if key_of(entry) != (profile, job_id)]
    chosen = await app.push_screen_wait(RunsDialog(sorted(others, key=lambda entry: entry.profile != profile)))
    feeds = [await asyncio.to_thread(journal.feed, *other) for other in chosen or ()]
    return [Run(run_name(feed.job), curves(feed.events)) for feed in feeds if feed.job is not None]
