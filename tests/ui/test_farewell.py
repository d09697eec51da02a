"""What is said in the shell when the program was left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fttui.domain.jobs.feed import JobUpdate
from fttui.ui.farewell import going_on
from make_jobs import make_job
from pictures import FakeServices, make_app, settle, until

STARTED = 1_790_000_000.0


def see(services: FakeServices, number: int, status: str, profile: str = "local", at: float = STARTED + 5) -> str:
    job = make_job(number, status)
    services.journal.record(profile, job.id, JobUpdate(job), seen_at=at)
    return job.id


async def test_jobs_seen_under_way_are_named_with_where_they_go_on(services: FakeServices) -> None:
    here = see(services, 1, "running")
    there = see(services, 2, "queued", "openai")
    see(services, 3, "succeeded")
    see(services, 4, "paused")
    see(services, 5, "running", "openai", at=STARTED - 60)

    told = await going_on(services, STARTED)

    assert told is not None
    assert told.plain.splitlines() == [
        f"{there} goes on at openai:",
        f"  fttui follow {there}",
        f"{here} goes on in the background:",
        f"  fttui follow {here}",
    ]


async def test_where_the_engine_ends_with_the_program_its_job_waits(services: FakeServices) -> None:
    here = see(services, 1, "running")
    services.settings = replace(services.settings, engine_outlives_app=False)

    told = await going_on(services, STARTED)

    assert str(told) == f"{here} waits until fttui is started again."


async def test_without_jobs_nothing_is_said_and_nothing_written(services: FakeServices) -> None:
    assert await going_on(services, STARTED) is None
    assert not services.paths.journal.exists()


async def test_q_leaves_with_these_words(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[object] = []
    app = make_app(services)
    leave = app.exit

    def note(*, message: object) -> None:
        said.append(message)
        leave()

    monkeypatch.setattr(app, "exit", note)
    async with app.run_test() as pilot:
        await settle(pilot)
        here = see(services, 1, "running", at=app._started_at + 1)
        await pilot.press("q")
        await until(pilot, lambda: bool(said), "the end")

    assert str(said[0]).startswith(here)
