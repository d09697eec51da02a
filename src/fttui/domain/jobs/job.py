"""A fine-tuning job as the provider describes it, and what it reports while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Method(StrEnum):
    """Ways of training."""

    SUPERVISED = "supervised"
    PREFERENCE = "dpo"
    REINFORCEMENT = "reinforcement"


FINAL_STATUSES = frozenset({"succeeded", "failed", "cancelled"})
ACTIVE_STATUSES = frozenset({"validating_files", "queued", "running"})


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job failed, in the provider's words."""

    code: str
    message: str
    param: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One job. Times are unix seconds; `status` is the provider's word, kept as it came."""

    id: str
    model: str
    status: str
    created_at: int
    training_file: str
    validation_file: str | None = None
    fine_tuned_model: str | None = None
    finished_at: int | None = None
    estimated_finish: int | None = None
    trained_tokens: int | None = None
    method: str = Method.SUPERVISED
    hyperparameters: Mapping[str, str | int | float] = field(default_factory=dict)
    suffix: str | None = None
    seed: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    result_files: tuple[str, ...] = ()
    failure: JobFailure | None = None
    grader: Mapping[str, object] | None = None
    """How answers are graded, as the protocol writes it; for reinforcement."""
    response_format: Mapping[str, object] | None = None
    """The shape that answers have while they are trained on; for reinforcement."""

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.status in FINAL_STATUSES

    @property
    def can_cancel(self) -> bool:
        """Whether asking to cancel makes sense."""
        return not self.is_final

    @property
    def can_pause(self) -> bool:
        """Whether asking to pause makes sense."""
        return self.status in ACTIVE_STATUSES

    @property
    def can_resume(self) -> bool:
        """Whether asking to go on makes sense."""
        return self.status == "paused"


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One line of a job's log; `metrics` holds every finite number the provider attached, by its own name."""

    id: str
    created_at: int
    level: str
    message: str
    type: str = "message"
    step: int | None = None
    total_steps: int | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model kept along the way that can be talked to."""

    id: str
    job_id: str
    model: str
    step: int
    created_at: int
    metrics: Mapping[str, float] = field(default_factory=dict)
