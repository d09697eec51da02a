"""How long training takes on this computer, from the jobs that were trained on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.remote import base_model_of

JOBS_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens that were gone through in a second, slowest and fastest of some jobs of one base."""

    model: str
    slowest: float
    fastest: float
    jobs: int

    def seconds(self, tokens: int) -> TrainingTime:
        """How long so many tokens, all epochs together, take at that pace."""
        return TrainingTime(tokens / self.fastest, tokens / self.slowest, self.jobs)


@dataclass(frozen=True, slots=True)
class TrainingTime:
    """Seconds of training, as fast as some jobs before."""

    low: float
    high: float
    jobs: int


def paces(done: Iterable[tuple[JobFeed, Estimate]]) -> dict[str, Pace]:
    """The pace of each base, by its name.

    Tokens are those that were counted at the launch, so that counts made the same way can be turned into seconds.

    Args:
        done: jobs that were trained on this computer with what was counted for them, newest first.
    """
    rates: dict[str, list[float]] = {}
    for feed, estimate in done:
        rate = _rate(feed, estimate)
        if rate is not None and feed.job is not None:
            rates.setdefault(base_model_of(feed.job.model), []).append(rate)
    return {
        model: Pace(model, min(newest), max(newest), len(newest))
        for model, known in rates.items()
        if (newest := known[:JOBS_LOOKED_AT])
    }


def _rate(feed: JobFeed, estimate: Estimate) -> float | None:
    """Tokens in a second; None for a job that did not go through, or of which too little is known."""
    job = feed.job
    if job is None or job.status != "succeeded" or job.finished_at is None or not estimate.tokens:
        return None
    epochs = job.hyperparameters.get("n_epochs", estimate.epochs)
    begun = min((event.created_at for event in feed.events if event.step is not None), default=job.created_at)
    seconds = job.finished_at - begun
    if not isinstance(epochs, (int, float)) or epochs <= 0 or seconds <= 0:
        return None
    return estimate.tokens * epochs / seconds
