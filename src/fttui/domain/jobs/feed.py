"""What is known of a running job, folded from updates that may repeat, overlap or come late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fttui.domain.jobs.job import Checkpoint, Job, JobEvent


@dataclass(frozen=True, slots=True)
class JobUpdate:
    """News of one job: its state, events oldest first, all checkpoints kept now; any part may be absent."""

    job: Job | None = None
    events: tuple[JobEvent, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


@dataclass(frozen=True, slots=True)
class JobFeed:
    """All that is known of one job: the latest state, each event once in order, checkpoints by step."""

    job: Job | None = None
    events: tuple[JobEvent, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    _known: frozenset[str] = field(default_factory=frozenset, repr=False, compare=False)

    def apply(self, update: JobUpdate) -> JobFeed:
        """Fold news in; events that are known already change nothing, checkpoints replace those kept before."""
        new_events = _first_of_each(event for event in update.events if event.id not in self._known)
        checkpoints = {checkpoint.id: checkpoint for checkpoint in update.checkpoints or self.checkpoints}
        return replace(
            self,
            job=update.job or self.job,
            events=self.events + new_events,
            checkpoints=tuple(sorted(checkpoints.values(), key=lambda checkpoint: checkpoint.step)),
            _known=self._known.union(event.id for event in new_events),
        )

    @property
    def last_step(self) -> JobEvent | None:
        """The newest event that carries a training step."""
        return max(
            (event for event in self.events if event.step is not None),
            key=lambda event: event.step or 0,
            default=None,
        )

    @property
    def progress(self) -> float | None:
        """Share of the steps done, 0 to 1; None before the first step or where the total is unknown."""
        newest = self.last_step
        if newest is None or newest.step is None or not newest.total_steps:
            return None
        return min(newest.step / newest.total_steps, 1.0)


def _first_of_each(events: Iterable[JobEvent]) -> tuple[JobEvent, ...]:
    return tuple({event.id: event for event in reversed(tuple(events))}.values())[::-1]
