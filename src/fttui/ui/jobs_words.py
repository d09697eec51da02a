"""What the list of jobs says below itself and in its own place when it is empty, and what a filter looks in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from fttui.domain.errors import FttuiError
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.job_status import look_of
from fttui.ui.place import Place
from fttui.ui.screens.unsettled import Unsettled, notice

if TYPE_CHECKING:
    from fttui.services.jobs.journal import JournalJob


@dataclass(frozen=True, slots=True)
class ListState:
    """How things stand with a list of jobs."""

    profile: str
    jobs: int
    """How many there are."""
    shown: int
    """How many pass the filter."""
    wanted: str
    """What is looked for."""
    asking: bool
    trouble: FttuiError | None
    marked: int = 0
    of_all: bool = False
    """Whether the jobs of all profiles are in it."""
    unsettled: Sequence[Unsettled] = ()


def empty_words(state: ListState) -> str:
    """What stands where there is no job to show."""
    profile = safe_line(state.profile)
    if state.jobs:
        return f"No job matches {safe_line(state.wanted)}"
    if state.asking:
        return f"Asking {profile} for its jobs…"
    if state.trouble is not None:
        words = (state.trouble.title, "", safe_line(state.trouble.message), safe_line(state.trouble.hint))
        return "\n".join((*words, "", "r asks again."))
    return f"No jobs on profile {profile} yet.\n\nPress {Place.LAUNCH.number} to launch one."


def notice_line(state: ListState) -> Content:
    """The line below the list: what is in the way, what waits for a word, or how many jobs there are."""
    if state.trouble is not None and state.jobs:
        what = f"{state.trouble.title}: {safe_line(state.trouble.message)}"
        return Content.styled(f" as known last · {what}", "$text-warning")
    if state.unsettled:
        return Content.styled(f" {notice(state.unsettled)}", "$text-warning")
    if not state.jobs:
        return Content("")
    total = present.counted(state.jobs, "job")
    words = total if state.shown == state.jobs else f"{state.shown} of {total}"
    words += " of all profiles" if state.of_all else ""
    if state.marked:
        words += f" · {state.marked} marked · C compares" + (
            "" if state.marked > 1 else " with the one under the cursor"
        )
    return Content(f" {words}" + (" · asking the provider…" if state.asking else ""))


def searched(known: JournalJob) -> str:
    """What a filter looks in."""
    job = known.job
    parts = (known.profile, job.id, job.model, job.fine_tuned_model, job.suffix, job.status, look_of(job.status).word)
    return " ".join(part for part in parts if part).casefold()
