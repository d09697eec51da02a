"""The list of jobs in each of its states."""

from __future__ import annotations

import pytest

from fttui.domain.errors import UnreachableError
from fttui.ui.place import Place
from make_jobs import StillClock, make_job, put_job
from pictures import SIZES, FakeServices, Snap, make_app

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


def test_filtered(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    put_all(services)
    snap(make_app(services, Place.JOBS), size, press=["slash", *"smart"])


def test_offline(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.journal.adopt("local", [make_job(1, "succeeded"), make_job(2)], seen_at=services.clock.now())
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    snap(make_app(services, Place.JOBS), size)
