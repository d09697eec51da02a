"""A launch as it is remembered before it is made, so that it is never made twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fttui.domain.jobs.job import Job
from fttui.domain.jobs.spec import JobSpec

TAG = "fttui_op"
"""The metadata key that carries the operation's id to the provider and back."""

CLOCK_SKEW_SECONDS = 600
"""How far the provider's clock may be behind ours."""


class OperationState(StrEnum):
    """How far a launch got."""

    INTENT = "intent"
    """Written down; the request may or may not have left."""
    UNKNOWN = "unknown"
    """The request left and its answer was lost."""
    CREATED = "created"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    """The person was told that no job was found, and let it be."""


OPEN_STATES = frozenset({OperationState.INTENT, OperationState.UNKNOWN})


BOTH_KEPT = "both kept"
"""The note of a launch that made more than one job, when the person wants them all."""

_CANDIDATES = "may have made"


def candidates_note(jobs: Sequence[Job]) -> str:
    """The note of a launch of which several jobs may have come: their ids, where no tag tells; empty for one."""
    return "\n".join((_CANDIDATES, *(job.id for job in jobs))) if len(jobs) > 1 else ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One launch. Times are unix seconds."""

    id: str
    profile: str
    state: OperationState
    spec: JobSpec
    created_at: float
    job_id: str | None = None
    note: str = ""
    sent_at: float = 0.0
    """When it was last sent again; nothing where it was sent once."""

    @property
    def last_sent_at(self) -> float:
        """When it was last sent."""
        return max(self.created_at, self.sent_at)

    @property
    def is_open(self) -> bool:
        """Whether it is not known yet if there is a job."""
        return self.state in OPEN_STATES

    @property
    def candidates(self) -> frozenset[str]:
        """The ids of several jobs that may have come of it, as far as was written down."""
        first, *ids = self.note.split("\n")
        return frozenset(ids if first == _CANDIDATES else ())

    def is_tagged(self, job: Job) -> bool:
        """Whether a job carries this launch's tag."""
        return job.metadata.get(TAG) == self.id

    def may_be(self, job: Job) -> bool:
        """Whether a job without any tag can only have come from this launch: same files, same base, not older."""
        return (
            TAG not in job.metadata
            and job.training_file == self.spec.training_file
            and job.validation_file == self.spec.validation_file
            and (job.model == self.spec.model or job.model.startswith(f"{self.spec.model}-"))
            and job.created_at >= self.created_at - CLOCK_SKEW_SECONDS
        )


def doubles(operations: Sequence[Operation], jobs: Sequence[Job]) -> Sequence[tuple[Operation, tuple[Job, ...]]]:
    """Launches that made, or may have made, several jobs of which more than one is not cancelled, with those jobs.

    Args:
        operations: launches made here.
        jobs: all jobs of their profile.

    Returns:
        Each launch with its jobs, oldest first.
    """
    found = []
    for operation in operations:
        candidates = operation.candidates
        its_own = (job for job in jobs if operation.is_tagged(job) or job.id in candidates)
        made = sorted(its_own, key=lambda job: (job.created_at, job.id))
        alive = tuple(job for job in made if job.status != "cancelled")
        if len(alive) > 1 and operation.note != BOTH_KEPT:
            found.append((operation, alive))
    return found
