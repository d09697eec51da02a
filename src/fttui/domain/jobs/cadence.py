"""How often a job is asked after."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.jobs.job import Job, JobEvent
from fttui.domain.profiles.profile import Dialect, Profile


@dataclass(frozen=True, slots=True)
class Cadence:
    """Seconds between questions about one job.

    Args:
        events: between two looks at the events of a running job.
        job: between two looks at the job itself, unless an event hints at a change.
        waiting: between two looks while the job waits: validating, queued, or a status we do not know.
        paused: between two looks at a paused job.
        sweep: after the end, before the last look.
        settled: after the end, from which on one look is enough; longer than clocks differ.
        throttled: after the provider said that we ask too often, unless it says how long to wait.
        listing: between two looks at the list of all jobs while one of them goes on.
        failing: limit of the first random wait after a failure; it doubles with each.
        away: how many times as long it may take while nobody looks at the terminal.
    """

    events: float
    job: float
    waiting: float
    paused: float
    sweep: float
    settled: float
    throttled: float = 60.0
    listing: float = 30.0
    failing: float = 3.0
    away: float = 2.0

    def interval(self, job: Job | None, *, away: bool = False) -> float:
        """Seconds until the next look."""
        times = self.away if away else 1.0
        if job is None or job.status == "running":
            return self.events * times
        return (self.paused if job.status == "paused" else self.waiting) * times


# At most 15 requests a minute for one running job, whoever follows it and whoever looks at the list of jobs meanwhile:
# 6 for its events, 2 for the job, 2 for the list, the rest for the first look and for checkpoints.
# The last event of a finished job comes 7 to 8 seconds after `finished_at` (observed at OpenAI, 2024).
REMOTE = Cadence(events=10.0, job=30.0, waiting=10.0, paused=30.0, sweep=10.0, settled=600.0)
LOOPBACK = Cadence(
    events=0.5, job=0.5, waiting=0.5, paused=2.0, sweep=0.5, settled=3.0, throttled=2.0, listing=5.0, failing=1.0
)


def cadence_for(profile: Profile) -> Cadence:
    """The embedded engine may be asked often; every other provider is spared."""
    return LOOPBACK if profile.dialect is Dialect.ENGINE else REMOTE


def hints_at_change(event: JobEvent) -> bool:
    """Whether an event says that the job itself has changed, so that it is worth a look."""
    return event.level == "error" or (event.step is None and not _tells_of_checkpoint(event))


def hints_at_checkpoint(event: JobEvent) -> bool:
    """Whether an event says that there is a new checkpoint or model."""
    return _tells_of_checkpoint(event) or "model created" in event.message.lower()


def _tells_of_checkpoint(event: JobEvent) -> bool:
    return "checkpoint" in event.message.lower()
