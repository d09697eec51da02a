"""A provider whose jobs go on as time passes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from fakes import FakeClock, FakeProvider
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent
from fttui.services.jobs.watch import WatchState

JOB = Job("ftjob-1", "base", "queued", 1_790_000_000, "file-1")


class Timeline(FakeProvider):
    """A provider that changes at given moments of a clock."""

    def __init__(self, clock: FakeClock, job: Job = JOB) -> None:
        super().__init__(jobs=[job])
        self.clock = clock
        self.moments: list[float] = []
        """When each request came."""
        self.started = clock.now()
        self._plan: list[tuple[float, Callable[[], None]]] = []

    def at(self, seconds: float, change: Callable[[], None]) -> None:
        """Let something happen some seconds after the start."""
        self._plan.append((self.started + seconds, change))

    def becomes(self, status: str, **changes: object) -> Callable[[], None]:
        """The change of the job to a status."""

        def change() -> None:
            self.jobs[0] = replace(self.jobs[0], status=status, **changes)  # type: ignore[arg-type]  # fields of a job

        return change

    def says(self, *events: JobEvent) -> Callable[[], None]:
        """The coming of events."""
        return lambda: self.events.setdefault(JOB.id, []).extend(events)

    def keeps(self, *steps: int) -> Callable[[], None]:
        """The set of checkpoints that is kept from then on."""
        return lambda: self.kept.update({JOB.id: [checkpoint(step) for step in steps]})

    async def _asked(self, *call: str) -> None:
        self.moments.append(self.clock.now())
        due = [change for moment, change in self._plan if moment <= self.clock.now()]
        self._plan = [entry for entry in self._plan if entry[0] > self.clock.now()]
        for change in due:
            change()
        await super()._asked(*call)

    def count(self, name: str) -> int:
        """How often something was asked."""
        return sum(1 for call in self.calls if call[0] == name)


def line(number: int, message: str = "") -> JobEvent:
    return JobEvent(f"l{number}", 1_790_000_000 + number, "info", message or f"line {number}")


def step(number: int, total: int = 100) -> JobEvent:
    return JobEvent(
        f"s{number}", 1_790_000_000 + number, "info", "", "metrics", number, total, {"train_loss": 1 / number}
    )


def checkpoint(number: int) -> Checkpoint:
    return Checkpoint(f"c{number}", JOB.id, f"ft:base:ckpt-step-{number}", number, 0)


async def collect(news: AsyncIterator[JobUpdate | WatchState]) -> tuple[JobFeed, list[WatchState]]:
    """Everything a watch tells until it ends."""
    feed, states = JobFeed(), []
    async for one in news:
        if isinstance(one, WatchState):
            states.append(one)
        else:
            feed = feed.apply(one)
    return feed, states


def as_text(feed: JobFeed) -> str:
    """A feed as text, to compare two of them."""
    return json.dumps([str(feed.job), [str(event) for event in feed.events], [str(one) for one in feed.checkpoints]])
