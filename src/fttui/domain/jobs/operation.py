"""A launch as it is remembered before it is made, so that it is never made twice."""

from __future__ import annotations

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

    @property
    def is_open(self) -> bool:
        """Whether it is not known yet if there is a job."""
        return self.state in OPEN_STATES

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
