"""Tells outside the program that a job ended: once for each job, in this program or another one that watches it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.ranking import best
from fttui.domain.text import safe_line
from fttui.services.jobs.journal import Journal
from fttui.services.profiles import child

COMMAND_SECONDS = 30.0
_UNABLE = ("linux", "dumb", "vt100", "vt220", "ansi", "")
"""Terminals that would print a notification's letters instead of showing it."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class End:
    """The end of a job, in words that are safe to show."""

    profile: str
    job: Job
    cost: str = ""
    best: str = ""
    """The model of the best checkpoint, where the rows kept back tell which that is."""

    @property
    def headline(self) -> str:
        """What ended, in a line."""
        return f"{safe_line(self.job.id, 60)} {safe_line(self.job.status, 30)}"

    @property
    def outcome(self) -> Sequence[str]:
        """What came of it, a line each: cost, the best checkpoint where that is not the last one, why it failed."""
        failure = self.job.failure
        parts = (
            f"cost {self.cost}" if self.cost else "",
            f"best checkpoint {safe_line(self.best, 120)}" if self.best not in ("", self.job.fine_tuned_model) else "",
            safe_line(f"{failure.code}: {failure.message}", 200) if failure is not None else "",
        )
        return [part for part in parts if part]

    @property
    def next_steps(self) -> Sequence[str]:
        """What to do now on the command line, the first thing first."""
        model = safe_line(self.job.fine_tuned_model or "", 120)
        if self.job.status == "succeeded" and model:
            against = f'Hold it against its base: fttui compare --model {model} "a question"'
            return (f"Talk to it: fttui chat --model {model}", against)
        return (f"See its log: fttui jobs show {safe_line(self.job.id, 60)}",)

    def lines(self) -> Sequence[str]:
        """Everything there is to say, a line each."""
        return (self.headline, *self.outcome, *self.next_steps)


def end_of(profile: str, feed: JobFeed, cost: str = "") -> End | None:
    """The end of a job; None while it goes on."""
    if feed.job is None or not feed.job.is_final:
        return None
    chosen = best(feed.checkpoints)
    return End(profile, feed.job, cost, chosen.model if chosen is not None else "")


async def claim(journal: Journal, end: End) -> bool:
    """Whether it is on us to tell of an end: the first who asks does.

    Raises:
        JournalError: the journal cannot be written.
    """
    return await asyncio.to_thread(journal.tell_end_once, end.profile, end.job.id)


def filled_in(command: Sequence[str], end: End) -> list[str]:
    """The command's words with what is known of the end in place of ``{job}``, ``{status}``, ``{model}``,
    ``{profile}``, ``{cost}`` and ``{summary}``."""
    known = {
        "{job}": safe_line(end.job.id),
        "{status}": safe_line(end.job.status),
        "{model}": safe_line(end.job.fine_tuned_model or ""),
        "{profile}": end.profile,
        "{cost}": end.cost,
        "{summary}": "\n".join(end.lines()),
    }
    pattern = re.compile("|".join(map(re.escape, known)))
    return [pattern.sub(lambda found: known[found[0]], word) for word in command]


async def run_command(command: Sequence[str], end: End, environ: Mapping[str, str]) -> str:
    """Run the person's own command, without a shell and without keys; return a complaint, empty when it went well.

    Args:
        command: program and arguments, as in the settings.
        end: what ended.
        environ: the program's environment; keys are left out of the child's.
    """
    if not command:
        return ""
    words = filled_in(command, end)
    given = {"FTTUI_JOB": end.job.id, "FTTUI_STATUS": end.job.status, "FTTUI_PROFILE": end.profile}
    inside = {**child.without_keys(environ), **given, "FTTUI_MODEL": end.job.fine_tuned_model or ""}
    try:
        answer = await child.ask(words, environ=inside, limit=COMMAND_SECONDS)
    except TimeoutError:
        problem = f"notify_command did not end within {COMMAND_SECONDS:.0f} seconds"
    except (OSError, ValueError) as error:
        problem = f"notify_command could not be started: {safe_line(str(error), 120)}"
    else:
        problem = f"notify_command ended with {answer.exit_code}" if answer.exit_code else ""
    if problem:
        logger.warning("%s", problem)
    return problem


def desktop_sequence(end: End, environ: Mapping[str, str]) -> str:
    """What a terminal shows as a notification of the desktop (OSC 9); empty for those that would print it.

    Inside tmux it is wrapped, and arrives where `allow-passthrough` is on.
    """
    term = environ.get("TERM", "")
    if term in _UNABLE or (term.startswith("screen") and not environ.get("TMUX")):
        return ""
    words = safe_line(f"fttui: {end.headline}", 120)
    told = f"\x1b]9;{words}\x07"
    if environ.get("TMUX"):
        doubled = told.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    return told
