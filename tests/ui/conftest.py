"""What tests of screens share: a still screen, a fresh user's services, and a camera."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fttui.ui.app import FttuiApp
from make_jobs import StillClock
from pictures import Before, FakeServices, Snap, settle


@pytest.fixture(autouse=True)
def still_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No local time zone."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def services(fresh_user: Path) -> FakeServices:
    """A fresh user's services."""
    return FakeServices(fresh_user)


@pytest.fixture
def folder(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the program is started in; another one lies in it."""
    folder = services.home / "data"
    (folder / "older").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def clock(services: FakeServices) -> StillClock:
    """Time that passes only when a test says so."""
    services.clock = StillClock()
    return services.clock


@pytest.fixture
def snap(snap_compare: Callable[..., bool]) -> Snap:
    """Takes a picture of an app and compares it with the accepted one."""

    def take(app: FttuiApp, size: tuple[int, int], press: Iterable[str] = (), before: Before | None = None) -> None:
        async def prepare(pilot: Pilot[None]) -> None:
            await settle(pilot)
            if before is not None:
                waiting = before(pilot)
                if waiting is not None:
                    await waiting
                await settle(pilot)
            await pilot.press(*press)
            await settle(pilot)

        assert snap_compare(app, terminal_size=size, run_before=prepare)
        assert app.safe_filter.hits == 0, app.safe_filter.last_hit

    return take
