"""The jobs of a profile, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding

from fttui.domain.jobs.job import Job
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import fill, fill_left
from fttui.ui.job_status import look_of
from fttui.ui.widgets.line_list import LineList, Piece

STATUS_CELLS, PROGRESS_CELLS, CREATED_CELLS = 17, 6, 16


class JobList(LineList):
    """Jobs, newest first: status, progress, what is trained into what, when it was created."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "job-list--muted",
        "job-list--running",
        "job-list--succeeded",
        "job-list--failed",
        "job-list--paused",
    }

    BINDINGS = [Binding("enter", "choose", "Open", id="jobs.open")]

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii_only = ascii_only
        self._jobs: Sequence[Job] = ()
        self._progress: Mapping[str, float] = {}
        self.marked: set[str] = set()
        """The ids of the jobs that are marked."""

    def mark(self) -> None:
        """Mark the job under the cursor, or take its mark away, and go on to the next."""
        if self.chosen is not None:
            self.marked ^= {self.chosen.id}
            self.refresh()
            self.action_move(1)

    def show(self, jobs: Sequence[Job], progress: Mapping[str, float]) -> None:
        """Show jobs and, by id, the share of their steps done; the cursor stays on its job."""
        under = self.chosen
        self._jobs, self._progress = jobs, progress
        self.count = len(jobs)
        place = next((at for at, job in enumerate(jobs) if under is not None and job.id == under.id), 0)
        if jobs:
            self.cursor = place
        self.refresh()

    @property
    def chosen(self) -> Job | None:
        """The job under the cursor."""
        return self._jobs[self.cursor] if self.cursor < len(self._jobs) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One job."""
        job = self._jobs[number]
        look = look_of(job.status)
        sign = look.plain_sign if self._ascii_only else look.sign
        part = job.status if job.status in ("running", "succeeded", "failed", "paused") else "muted"
        # Under the cursor, its own colour is the only one that is sure to be read.
        lit = number == self.cursor and self.has_focus
        muted = "" if lit else "job-list--muted"
        marked = ("+" if self._ascii_only else "▪") if job.id in self.marked else " "
        yield fill(f"{marked}{sign} {look.word}", STATUS_CELLS), "" if lit else f"job-list--{part}"
        share = self._progress.get(job.id)
        shown = present.percent(share) if share is not None and not job.is_final else ""
        yield fill_left(shown, PROGRESS_CELLS), ""
        base_cells, name_cells = columns(width)
        yield "  " + fill(name_of(job), name_cells), ""
        yield "  " + fill(safe_line(job.model), base_cells), muted
        yield "  " + present.moment(job.created_at), muted


def columns(width: int) -> tuple[int, int]:
    """Cells for the base model and for the name, out of a line's width."""
    room = max(width - STATUS_CELLS - PROGRESS_CELLS - CREATED_CELLS - 7, 12)
    base = min(max(room // 3, 8), 30)
    return base, room - base


def heading(width: int) -> str:
    """The line above the list."""
    base, name = columns(width)
    parts = (
        fill("   Status", STATUS_CELLS),
        fill_left("Done", PROGRESS_CELLS),
        "  " + fill("Tuned model or job", name),
        "  " + fill("Base", base),
        "  Created",
    )
    return "".join(parts)


def name_of(job: Job) -> str:
    """The tuned model's name where there is one, else what tells the job apart."""
    if job.fine_tuned_model:
        return safe_line(job.fine_tuned_model)
    return safe_line(f"{job.suffix}  {job.id}" if job.suffix else job.id)
