"""Jobs, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from fttui.domain.jobs.job import Job
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import cut_left, fill, fill_left
from fttui.ui.job_status import look_of
from fttui.ui.widgets.line_list import LineList, Piece

if TYPE_CHECKING:
    from fttui.services.jobs.journal import JournalJob

JobKey = tuple[str, str]
"""The profile and the id of a job."""

GAP = "  "
PROGRESS_CELLS, ENDS_CELLS = 6, 11
NAME_CELLS, BASE_CELLS = 14, 10
"""The least that says something."""

_STATUS, _BRIEF, _SIGN = 17, 14, 3
_MOMENT, _DAY = len("2026-09-21 09:04"), len("2026-09-21")
_STEPS = (
    (_STATUS, _MOMENT, 1 / 3),
    (_BRIEF, _DAY, 2 / 5),
    (_BRIEF, 0, 2 / 5),
    (_BRIEF, 0, 0),
    (_SIGN, 0, 0),
)
"""What gives way on ever shorter lines: cells of the status and of the day, and the share of the base in the rest."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of the columns of a line; none for one that has no room, or nothing to say."""

    status: int
    name: int
    base: int
    ends: int
    created: int


def lay_out(width: int, *, with_ends: bool) -> Columns:
    """Divide a line so that the name, and the end where one is announced, stay readable.

    Args:
        width: cells of the line.
        with_ends: whether the end of any model is announced.
    """
    ends, name, base = ENDS_CELLS if with_ends else 0, 0, 0
    status, created = _STATUS, _MOMENT
    for status, created, share in _STEPS:
        taken = sum(cells + len(GAP) for cells in (ends, created) if cells)
        room = width - 1 - status - PROGRESS_CELLS - taken - len(GAP)
        base = min(max(int((room - len(GAP)) * share), BASE_CELLS), 30) if share else 0
        name = room - (base + len(GAP) if base else 0)
        if name >= NAME_CELLS:
            break
    return Columns(status, max(name, 1), base, ends, created)


class JobList(LineList):
    """Jobs, newest first: status, progress, what is trained into what, when that ends, when it was created."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "job-list--muted",
        "job-list--running",
        "job-list--succeeded",
        "job-list--failed",
        "job-list--paused",
        "job-list--soon",
        "job-list--ended",
    }

    BINDINGS = [Binding("enter", "choose", "Open", id="jobs.open")]

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii_only = ascii_only
        self._jobs: Sequence[JournalJob] = ()
        self._progress: Mapping[JobKey, float] = {}
        self._names_profiles = False
        self._ends: Mapping[JobKey, Lifecycle] = {}
        self._today = date.min
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

    def tell_ends(self, ends: Mapping[JobKey, Lifecycle], today: date) -> None:
        """Say in a column of its own when the models of jobs end; without any there is no such column.

        Args:
            ends: the last days, where the day is announced on which a model stops answering.
            today: the day to count from.
        """
        self._ends, self._today = ends, today
        self.refresh()

    @property
    def chosen(self) -> JournalJob | None:
        """The job under the cursor."""
        return self._jobs[self.cursor] if self.cursor < len(self._jobs) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One job."""
        known, at = self._jobs[number], lay_out(width, with_ends=bool(self._ends))
        job = known.job
        look = look_of(job.status)
        sign = look.plain_sign if self._ascii_only else look.sign
        part = job.status if job.status in ("running", "succeeded", "failed", "paused") else "muted"
        marked = ("+" if self._ascii_only else "▪") if key_of(known) in self.marked else " "
        word = look.word if at.status > _SIGN else ""
        yield fill(f"{marked}{sign} {word}", at.status), f"job-list--{part}"
        share = self._progress.get(key_of(known))
        shown = present.percent(share) if share is not None and not job.is_final else ""
        yield fill_left(shown, PROGRESS_CELLS), ""
        yield GAP + fill(cut_left(name_of(job), at.name), at.name), ""
        if at.base:
            base = known.profile if self._names_profiles else job.model
            yield GAP + fill(safe_line(base), at.base), "job-list--muted"
        if at.ends:
            yield self._ending(known, at.ends)
        if at.created:
            yield GAP + present.moment(job.created_at)[: at.created], "job-list--muted"

    def _ending(self, known: JournalJob, cells: int) -> Piece:
        end = self._ends.get(key_of(known))
        if end is None:
            return GAP + " " * cells, ""
        tone = "ended" if end.is_gone(self._today) else "soon" if end.ends_soon(self._today) else "muted"
        return GAP + fill(end.countdown(self._today), cells), f"job-list--{tone}"

    def heading(self) -> str:
        """The line above the list."""
        at = lay_out(self.size.width, with_ends=bool(self._ends))
        base = "Profile" if self._names_profiles else "Base"
        columns = (("Tuned model or job", at.name), (base, at.base), ("Ends", at.ends), ("Created", at.created))
        status = fill("   Status" if at.status > _SIGN else "", at.status) + fill_left("Done", PROGRESS_CELLS)
        return (status + "".join(GAP + fill(words, cells) for words, cells in columns if cells)).rstrip()


def key_of(known: JournalJob) -> JobKey:
    """What tells a job from all others, of other profiles too."""
    return known.profile, known.job.id


def name_of(job: Job) -> str:
    """The tuned model's name where there is one, else what tells the job apart."""
    if job.fine_tuned_model:
        return safe_line(job.fine_tuned_model)
    return safe_line(f"{job.suffix}  {job.id}" if job.suffix else job.id)
