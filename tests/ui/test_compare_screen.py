"""Jobs side by side on a screen: chosen by marks, drawn over each other, what differs and what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.feed import JobUpdate
from fttui.domain.jobs.job import Job
from fttui.ui.place import Place
from fttui.ui.screens.compare import CompareScreen
from make_jobs import make_job, make_log, put_job
from pictures import SIZES, FakeServices, Snap, make_app, until
from reading import shown

pytestmark = pytest.mark.usefixtures("clock")


def known(services: FakeServices, number: int, steps: int, status: str = "succeeded", **changes: object) -> Job:
    """A job of the provider that the journal knows as well."""
    job = put_job(services.fake, make_job(number, status, **changes), steps)
    services.journal.record("local", job.id, JobUpdate(job, tuple(services.fake.events[job.id])))
    return job


def three_jobs(services: FakeServices) -> list[Job]:
    asked = {"n_epochs": 1, "batch_size": 8, "learning_rate_multiplier": 1.0}
    return [
        known(services, 1, 60, suffix="three-epochs"),
        known(services, 2, 20, suffix="one-epoch", hyperparameters=asked),
        known(services, 3, 43, "running", suffix="base-b", model="local-mini"),
    ]


@asynccontextmanager
async def comparing(services: FakeServices, size: tuple[int, int]) -> AsyncIterator[tuple[Pilot[None], CompareScreen]]:
    """The app with all the jobs of the list compared."""
    async with make_app(services, Place.JOBS).run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: "3 jobs" in shown(pilot), "the jobs")
        await pilot.press("g", "space", "space", "space", "C")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen), "the comparison")
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        await until(
            pilot, lambda: screen.is_whole and screen.plot.is_up_to_date and "three" in screen.plot.text, "the curves"
        )
        yield pilot, screen


async def test_marked_jobs_are_compared(services: FakeServices) -> None:
    three_jobs(services)
    async with comparing(services, (120, 40)) as (pilot, screen):
        text = shown(pilot)

        assert [name in screen.plot.text for name in ("three-epochs b-0001", "one-epoch b-0002", "base-b b-0003")]
        assert "Base model" in text
        assert "Batch size" not in text
        assert "Best full valid loss" in text
        assert "0.4406 at 60 ✦" in text


async def test_the_measure_key_goes_through_the_metrics(services: FakeServices) -> None:
    three_jobs(services)
    async with comparing(services, (80, 24)) as (pilot, screen):
        before = screen.plot.text
        await pilot.press("a")
        await until(pilot, lambda: screen.plot.is_up_to_date and screen.plot.text != before, "another metric")

        assert "validation loss" in shown(pilot)


async def test_news_of_a_running_job_are_asked_for(services: FakeServices) -> None:
    *_, running = three_jobs(services)
    async with comparing(services, (120, 40)) as (pilot, _):
        services.fake.events[running.id] = make_log(running, 55)
        await pilot.press("r")

        await until(pilot, lambda: "55 of 60" in shown(pilot), "the newest step")


async def test_without_a_connection_it_shows_what_is_known(services: FakeServices) -> None:
    three_jobs(services)
    async with comparing(services, (80, 24)) as (pilot, screen):
        services.fake.failure = UnreachableError("No answer from 127.0.0.1")
        await pilot.press("r")
        await until(pilot, lambda: "as known last" in shown(pilot), "the reason")

        assert "three-epochs" in screen.plot.text


async def test_jobs_of_other_profiles_are_compared_too(services: FakeServices) -> None:
    known(services, 1, 60, suffix="here")
    other = make_job(2, "succeeded", suffix="elsewhere")
    services.journal.record("openai", other.id, JobUpdate(other, tuple(make_log(other, 40))))
    async with make_app(services, Place.JOBS).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "1 job" in shown(pilot), "the job of this profile")
        await pilot.press("a")
        await until(pilot, lambda: "2 jobs of all profiles" in shown(pilot), "the jobs of all")
        assert "openai" in shown(pilot)
        await pilot.press("g", "space", "space", "C")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen), "the comparison")
        await until(pilot, lambda: "2 jobs of 2 profiles" in shown(pilot), "both jobs")
        await until(pilot, lambda: "elsewhere b-0002" in shown(pilot), "both curves")

        assert "Profile" in shown(pilot)


async def test_one_mark_is_compared_with_the_job_under_the_cursor(services: FakeServices) -> None:
    three_jobs(services)
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "3 jobs" in shown(pilot), "the jobs")
        await pilot.press("g", "C")
        assert not isinstance(pilot.app.screen, CompareScreen)
        await pilot.press("space")
        await until(pilot, lambda: "1 marked · C compares with the one under the cursor" in shown(pilot), "the mark")
        await pilot.press("C")

        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen), "the comparison")


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_three_jobs(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    jobs = three_jobs(services)
    app = make_app(services, Place.JOBS)

    async def compare(pilot: Pilot[None]) -> None:
        app.push_screen(CompareScreen([("local", job.id) for job in jobs]))
        await until(pilot, lambda: isinstance(app.screen, CompareScreen), "the comparison")
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        await until(
            pilot, lambda: screen.is_whole and screen.plot.is_up_to_date and "three" in screen.plot.text, "the curves"
        )

    snap(app, size, before=compare)
