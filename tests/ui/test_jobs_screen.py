"""The list of jobs: from the journal at once, brought up to date by the provider, narrowed down by typing."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.job import Job
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.jobs import JobsScreen
from make_jobs import StillClock, make_job, put_job
from pictures import FakeServices, make_app, until
from reading import shown


@pytest.fixture(autouse=True)
def clock(services: FakeServices) -> StillClock:
    """Time that passes only when a test says so."""
    services.clock = StillClock()
    return services.clock


def screen_of(pilot: Pilot[None]) -> JobsScreen:
    """The list's screen."""
    screen = pilot.app.screen
    assert isinstance(screen, JobsScreen)
    return screen


def ids(pilot: Pilot[None]) -> list[str]:
    """The jobs on show, from the top."""
    return [job.id for job in screen_of(pilot).shown]


def known(services: FakeServices, *jobs: Job) -> None:
    """Let the journal know jobs from an earlier run."""
    services.journal.adopt("local", jobs, seen_at=services.clock.now())


async def test_the_journals_jobs_are_there_before_the_provider_answers(services: FakeServices) -> None:
    known(services, make_job(1, "succeeded"))
    services.fake.gate.clear()
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "ft:fttui-nano:me" in shown(pilot), "the job of the journal")
        assert "asking the provider" in shown(pilot)

        put_job(services.fake, make_job(2), 30)
        services.fake.gate.set()
        await until(pilot, lambda: ids(pilot) == ["ftjob-0002", "ftjob-0001"], "the provider's job on top")
        await until(pilot, lambda: "50 %" in shown(pilot), "its progress")

        assert [entry.job.id for entry in services.journal.jobs("local")] == ["ftjob-0002", "ftjob-0001"]


async def test_without_a_connection_the_list_stays_and_says_so(services: FakeServices) -> None:
    known(services, make_job(1, "succeeded"))
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    async with make_app(services, Place.JOBS).run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "No answer from 127.0.0.1" in shown(pilot), "what is wrong")

        assert ids(pilot) == ["ftjob-0001"]
        assert not pilot.app._notifications

        services.fake.failure = None
        await pilot.press("r")
        await until(pilot, lambda: "No answer" not in shown(pilot), "the answer")


async def test_typing_narrows_the_list_and_escape_shows_everything_again(services: FakeServices) -> None:
    for number, status in ((1, "succeeded"), (2, "failed"), (3, "running")):
        put_job(services.fake, make_job(number, status))
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(ids(pilot)) == 3, "the jobs")
        await pilot.press("slash", *"fail")
        await until(pilot, lambda: ids(pilot) == ["ftjob-0002"], "the one that failed")
        assert "1 of 3 jobs" in shown(pilot)

        await pilot.press("enter")
        await until(pilot, lambda: screen_of(pilot).list.has_focus, "the cursor in the list")
        await pilot.press("slash", "escape")

        await until(pilot, lambda: len(ids(pilot)) == 3, "all of them")


async def test_enter_opens_the_job_under_the_cursor(services: FakeServices) -> None:
    for number in (1, 2):
        put_job(services.fake, make_job(number, "succeeded"), 60)
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(ids(pilot)) == 2, "the jobs")
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job's screen")

        assert isinstance(pilot.app.screen, JobScreen)
        assert pilot.app.screen.job_id == "ftjob-0001"


async def test_the_cursor_stays_on_its_job_when_a_newer_one_comes(services: FakeServices) -> None:
    for number in (1, 2):
        put_job(services.fake, make_job(number, "succeeded"))
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(ids(pilot)) == 2, "the jobs")
        await pilot.press("j")
        put_job(services.fake, make_job(3))
        await pilot.press("r")
        await until(pilot, lambda: len(ids(pilot)) == 3, "the third job")

        chosen = screen_of(pilot).list.chosen
        assert chosen is not None
        assert chosen.id == "ftjob-0001"


async def test_another_profile_has_its_own_jobs(services: FakeServices) -> None:
    known(services, make_job(1, "succeeded"))
    services.fake.failure = UnreachableError("No answer")
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: ids(pilot) == ["ftjob-0001"], "the job")
        app.profile_name = "openai"

        await until(pilot, lambda: ids(pilot) == [], "no jobs")
