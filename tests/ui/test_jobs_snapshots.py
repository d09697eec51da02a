"""The list of jobs in each of its states."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.operation import TAG, Operation, OperationState
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.remote import RemoteModel
from fttui.ui.place import Place
from make_jobs import StillClock, make_job, put_job
from pictures import SIZES, Before, FakeServices, Snap, make_app, until
from reading import shown

pytestmark = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def clock(services: FakeServices) -> None:
    """Time stands still."""
    services.clock = StillClock()


def put_all(services: FakeServices) -> None:
    """A job in every state."""
    put_job(services.fake, make_job(1, "succeeded"), 60, 20, 40, 60)
    put_job(services.fake, make_job(2, "failed"))
    put_job(services.fake, make_job(3, "cancelled"), 12)
    put_job(services.fake, make_job(4, "paused"), 30, 20)
    put_job(services.fake, make_job(5, "running"), 43, 20, 40)
    put_job(services.fake, make_job(6, "queued", suffix=None, model="gpt-4o-mini-2024-07-18"))
    put_job(services.fake, make_job(7, "examining_safety", suffix="中文名字模型"))


def put_ending(services: FakeServices) -> None:
    """Jobs whose models end soon, later, never and long ago, at a provider that says so."""
    services.settings = replace(services.settings, profile="openai")
    ends = {
        "gpt-4.1-2025-04-14": "2026-11-14",
        "gpt-4o-2024-08-06": "2027-03-31",
        "gpt-4o-mini-2024-07-18": "2026-09-01",
    }
    said = [RemoteModel(name, 0, "openai", day) for name, day in ends.items()]
    asyncio.run(services.announcements.learn(services.profile("openai"), said, date(2026, 9, 1)))
    for number, base in enumerate((*ends, "odd-base"), 1):
        tuned = f"ft:{base}:acme:smart-home:AbCd123{number}"
        put_job(services.fake, make_job(number, "succeeded", model=base, fine_tuned_model=tuned))
    put_job(services.fake, make_job(5, "running", model="gpt-4.1-2025-04-14"), 43, 20, 40)
    put_job(services.fake, make_job(6, "failed", model="gpt-4.1-nano-2025-04-14"))
    put_job(services.fake, make_job(7, "validating_files", model="gpt-4o-2024-08-06"))


def test_empty(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.JOBS), size)


def test_loading(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.gate.clear()
    snap(make_app(services, Place.JOBS), size)


def test_failed(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    snap(make_app(services, Place.JOBS), size)


def test_ready(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    put_all(services)
    snap(make_app(services, Place.JOBS), size, press=["j", "j"])


def test_models_end(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    put_ending(services)
    snap(make_app(services, Place.JOBS), size, press=["j"])


def test_filtered(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    put_all(services)
    snap(make_app(services, Place.JOBS), size, press=["slash", *"smart"])


def test_offline(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.journal.adopt("local", [make_job(1, "succeeded"), make_job(2)], seen_at=services.clock.now())
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    snap(make_app(services, Place.JOBS), size)


def test_a_launch_without_an_answer(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    put_all(services)
    spec = JobSpec("gpt-4o-mini-2024-07-18", "file-train", "file-valid", metadata={TAG: "0123abcd"})
    services.journal.begin(Operation("0123abcd", "local", OperationState.UNKNOWN, spec, services.clock.now() - 3600))
    app = make_app(services, Place.JOBS)

    snap(app, size, before=decided("Send it again"))


def test_two_jobs_of_one_launch(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    spec = JobSpec("fttui-nano", "file-train", metadata={TAG: "0123abcd"})
    services.journal.begin(Operation("0123abcd", "local", OperationState.CREATED, spec, services.clock.now() - 3600))
    for number in (1, 2):
        put_job(services.fake, make_job(number, metadata={TAG: "0123abcd"}))

    snap(make_app(services, Place.JOBS), size, before=decided("Keep all"))


def decided(words: str) -> Before:
    """Open the question of what is to be done."""

    async def press(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "u decides" in shown(pilot), "the notice")
        await pilot.press("u")
        await until(pilot, lambda: words in shown(pilot), "the question")

    return press
