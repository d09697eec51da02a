"""Jobs, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from fttui.domain.jobs.job import Job
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import cut_left, fill, fill_left
from fttui.ui.job_status import look_of
from fttui.ui.widgets.line_list import LineList, Piece

if TYPE_CHECKING:
    from fttui.services.jobs.journal import JournalJob

JobKey = tuple[str, str]
"""The profile and the id of a job."""

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
        self._jobs: Sequence[JournalJob] = ()
        self._progress: Mapping[JobKey, float] = {}
        self._names_profiles = False
        self.marked: set[JobKey] = set()
        """The jobs that are marked."""

    def mark(self) -> None:
        """Mark the job under the cursor, or take its mark away, and go on to the next."""
        if self.chosen is not None:
            self.marked ^= {key_of(self.chosen)}
            self.refresh()
            self.action_move(1)

    def show(
        self, jobs: Sequence[JournalJob], progress: Mapping[JobKey, float], *, names_profiles: bool = False
    ) -> None:
        """Show jobs and the share of their steps done; the cursor stays on its job.

        Args:
            jobs: from the top.
            progress: 0 to 1, where it is known.
            names_profiles: whether the profile stands in place of the base model.
        """
        under = self.chosen
        self._jobs, self._progress, self._names_profiles = jobs, progress, names_profiles
        self.count = len(jobs)
        place = next((at for at, job in enumerate(jobs) if under is not None and key_of(job) == key_of(under)), 0)
        if jobs:
            self.cursor = place
        self.refresh()

    @property
    def chosen(self) -> JournalJob | None:
        """The job under the cursor."""
        return self._jobs[self.cursor] if self.cursor < len(self._jobs) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One job."""
        known = self._jobs[number]
        job = known.job
        look = look_of(job.status)
        sign = look.plain_sign if self._ascii_only else look.sign
        part = job.status if job.status in ("running", "succeeded", "failed", "paused") else "muted"
        # Under the cursor, its own colour is the only one that is sure to be read.
        lit = number == self.cursor and self.has_focus
        muted = "" if lit else "job-list--muted"
        marked = ("+" if self._ascii_only else "▪") if key_of(known) in self.marked else " "
        yield fill(f"{marked}{sign} {look.word}", STATUS_CELLS), "" if lit else f"job-list--{part}"
        share = self._progress.get(key_of(known))
        shown = present.percent(share) if share is not None and not job.is_final else ""
        yield fill_left(shown, PROGRESS_CELLS), ""
        base_cells, name_cells = columns(width)
        yield "  " + fill(cut_left(name_of(job), name_cells), name_cells), ""
        yield "  " + fill(safe_line(known.profile if self._names_profiles else job.model), base_cells), muted
        yield "  " + present.moment(job.created_at), muted


def columns(width: int) -> tuple[int, int]:
    """Cells for the base model and for the name, out of a line's width."""
    room = max(width - STATUS_CELLS - PROGRESS_CELLS - CREATED_CELLS - 7, 12)
    base = min(max(room // 3, 8), 30)
    return base, room - base


def key_of(known: JournalJob) -> JobKey:
    """What tells a job from all others, of other profiles too."""
    return known.profile, known.job.id


def heading(width: int, *, names_profiles: bool = False) -> str:
    """The line above the list."""
    base, name = columns(width)
    parts = (
        fill("   Status", STATUS_CELLS),
        fill_left("Done", PROGRESS_CELLS),
        "  " + fill("Tuned model or job", name),
        "  " + fill("Profile" if names_profiles else "Base", base),
        "  Created",
    )
    return "".join(parts)


def name_of(job: Job) -> str:
    """The tuned model's name where there is one, else what tells the job apart."""
    if job.fine_tuned_model:
        return safe_line(job.fine_tuned_model)
    return safe_line(f"{job.suffix}  {job.id}" if job.suffix else job.id)
