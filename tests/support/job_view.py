"""One job's screen as a person opens it, with all there is on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from fttui.domain.jobs.job import Job
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from make_jobs import StillClock
from pictures import FakeServices, make_app, until


@asynccontextmanager
async def job_screen(
    services: FakeServices, job: Job, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Pilot[None], JobScreen]]:
    """The app on a job's screen."""
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=size, notifications=True) as pilot:
        app.open_job("local", job.id)
        await until(pilot, lambda: isinstance(app.screen, JobScreen), "the job's screen")
        screen = app.screen
        assert isinstance(screen, JobScreen)
        await until(pilot, lambda: screen.feed.job is not None, "the job")
        # Others sleep on the same clock, so that somebody sleeps does not tell that all of the job is there.
        await until(pilot, lambda: knows_all(screen, services, job), "what the provider has of it")
        if not job.is_final:
            await asleep(pilot, services)
        await until(pilot, lambda: screen.panes.plot.is_up_to_date, "the plot")
        yield pilot, screen


def knows_all(screen: JobScreen, services: FakeServices, job: Job) -> bool:
    """Whether every event and checkpoint of a job has come."""
    events, kept = services.fake.events.get(job.id, ()), services.fake.kept.get(job.id, ())
    return (len(screen.feed.events), len(screen.feed.checkpoints)) == (len(events), len(kept))


async def asleep(pilot: Pilot[None], services: FakeServices) -> None:
    """Wait until the watching has nothing to do but let time pass."""
    clock = services.clock
    assert isinstance(clock, StillClock)
    await until(pilot, lambda: clock.is_slept_on, "the watching to pause")
    await pilot.pause()
