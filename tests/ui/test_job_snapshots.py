"""One job in each of its states."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import NotFoundError, UnreachableError
from fttui.domain.jobs.job import Job
from fttui.ui.app import FttuiApp
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from make_jobs import StillClock, make_job, put_job
from pictures import SIZES, FakeServices, Snap, make_app, until

BOTH = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
SMALL_AND_LARGE = pytest.mark.parametrize("size", [(40, 12), (60, 16), (200, 60)], ids=["40x12", "60x16", "200x60"])


pytestmark = pytest.mark.usefixtures("clock")


def opened(app: FttuiApp, job: Job, *, plotted: bool = True) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Open a job and wait for its plot."""

    async def open_it(pilot: Pilot[None]) -> None:
        app.open_job("local", job.id)
        await until(pilot, lambda: isinstance(app.screen, JobScreen), "the job's screen")
        screen = app.screen
        assert isinstance(screen, JobScreen)
        if plotted:
            await until(pilot, lambda: bool(screen.feed.events), "the events")
            await until(pilot, lambda: screen.panes.plot.is_up_to_date, "the plot")

    return open_it


@BOTH
def test_loading(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)

    async def open_it(pilot: Pilot[None]) -> None:
        services.fake.gate.clear()
        await opened(app, make_job(), plotted=False)(pilot)

    snap(app, size, before=open_it)


@BOTH
def test_unknown(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.failure = NotFoundError("There is no job ftjob-0001", status=404)
    app = make_app(services, Place.JOBS)
    snap(app, size, before=opened(app, make_job(), plotted=False))


@BOTH
def test_queued(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)
    snap(app, size, before=opened(app, put_job(services.fake, make_job(status="queued"))))


@BOTH
def test_running(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)
    snap(app, size, before=opened(app, put_job(services.fake, make_job(), 43, 20, 40)))


@SMALL_AND_LARGE
def test_succeeded_on_small_and_large_screens(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)
    job = put_job(services.fake, make_job(status="succeeded"), 60, 20, 40, 60)
    snap(app, size, before=opened(app, job))


@BOTH
def test_running_checkpoints(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)
    snap(app, size, press=["v"], before=opened(app, put_job(services.fake, make_job(), 43, 20, 40)))


@BOTH
def test_succeeded_details(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    job = put_job(services.fake, make_job(status="succeeded"), 60, 20, 40, 60)
    app = make_app(services, Place.JOBS)
    snap(app, size, press=["v", "v"], before=opened(app, job))


@BOTH
def test_failed(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)
    snap(app, size, before=opened(app, put_job(services.fake, make_job(status="failed"))))


@BOTH
def test_offline(
    snap: Snap, services: FakeServices, size: tuple[int, int], clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.5)
    job = put_job(services.fake, make_job(), 43, 20, 40)
    app = make_app(services, Place.JOBS)

    async def lose(pilot: Pilot[None]) -> None:
        await opened(app, job)(pilot)
        # The first look tells the checkpoints too.
        await until(pilot, lambda: clock.is_slept_on, "the first look")
        services.fake.failure = UnreachableError("No answer from 127.0.0.1")
        screen = app.screen
        assert isinstance(screen, JobScreen)
        while not screen.state.is_offline:
            await until(pilot, lambda: clock.is_slept_on, "the watching to pause")
            clock.wake(20)
            await pilot.pause()

    snap(app, size, before=lose)


@BOTH
def test_stop_is_asked(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)
    snap(app, size, press=["x"], before=opened(app, put_job(services.fake, make_job(), 43, 20, 40)))
