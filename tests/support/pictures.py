"""Pictures of screens that come out the same every time.

How to use it in ``tests/ui/test_<screen>_snapshots.py``::

    import pytest
    from pictures import SIZES, FakeServices, Snap, make_app
    from fttui.ui.place import Place

    @pytest.mark.parametrize("size", SIZES)
    def test_jobs_are_listed(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
        services.fake.jobs.append(Job(...))          # what the provider has
        snap(make_app(services, Place.JOBS), size)

    def test_jobs_are_loading(...):
        services.fake.gate.clear()                   # every call to the provider waits
        snap(make_app(services, Place.JOBS), size)

    def test_jobs_cannot_be_loaded(...):
        services.fake.failure = UnreachableError("No answer from 127.0.0.1")
        snap(make_app(services, Place.JOBS), size, press=["r"])

``snap(app, size, press=(), before=None)`` runs the app, awaits ``before(pilot)``, presses keys, waits until each worker
not held by the gate has ended, and compares with the accepted picture. It fails when the exit filter had to
delete anything. ``pytest --snapshot-update`` accepts new pictures: look at the SVG first.

With a pilot::

    async with make_app(services, Place.JOBS).run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)

Frozen: cursor blink, animations, the clock (`app.clock`; use it where a screen needs the time), the zone (UTC), the
theme, the size. Files lie under `services.home`, a fresh temporary HOME that `present.place` shows as ``~``.
`services.settings`, `services.recents` and `services.journal` are real ones in that home; keys, engine and provider are
those of `fakes.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from textual.pilot import Pilot

from fakes import FakeClock, FakeEngine, FakeKeys, FakeProvider
from fttui.domain.profiles.probed import Finding, Probed, Subject
from fttui.domain.settings import Settings
from fttui.services.container import Services
from fttui.services.paths import user_paths
from fttui.services.recents import Recents
from fttui.ui.app import FttuiApp, Start
from fttui.ui.place import Place
from quiet import is_busy

if TYPE_CHECKING:
    from fttui.services.profiles.engine import Engine
    from fttui.services.profiles.keys import Keys

SIZES = [(80, 24), (120, 40)]
"""Columns and lines of every picture."""

PATIENCE = 60
QUIET_ROUNDS = 10
"""How often a screen is looked at, unchanged, before workers that have not ended are taken to wait."""

Before = Callable[[Pilot[None]], Awaitable[None] | None]


class Snap(Protocol):
    """Takes a picture of an app and compares it with the accepted one."""

    def __call__(
        self, app: FttuiApp, size: tuple[int, int], press: Iterable[str] = (), before: Before | None = None
    ) -> None: ...


class FakeServices(Services):
    """The services of a fresh user: real files, and a provider, keys and an engine in memory.

    Args:
        home: an empty folder.
    """

    def __init__(self, home: Path) -> None:
        paths = user_paths()
        self.fake_keys = FakeKeys()
        self.fake_engine = FakeEngine()
        super().__init__(
            paths,
            Settings(),
            Recents(paths.recents),
            cast("Keys", self.fake_keys),
            cast("Engine", self.fake_engine),
            environ={},
        )
        self.home = home
        self.clock = FakeClock()
        self.fake = FakeProvider()
        """The provider behind every profile."""
        self.findings: dict[Subject, Finding] = dict.fromkeys(Subject, Finding.ANSWERS)

    async def provider(self, name: str | None = None) -> FakeProvider:
        self.profile(name)
        return self.fake

    async def probe(self, name: str | None = None) -> Probed:
        """What the provider is said to answer; all of it unless told otherwise in `findings`."""
        profile = self.profile(name)
        found = Probed(profile.base_url, self.clock.now(), self.findings, models=len(self.fake.models))
        self.probes.remember(profile.name, found)
        return found


def make_app(services: FakeServices, place: Place = Place.DATA, file: Path | None = None) -> FttuiApp:
    """An app on a place, with nothing in it that moves by itself."""
    app = FttuiApp(services, Start(file=file, place=place))
    app.animation_level = "none"
    app.clock = services.clock
    app.cursors_blink = False
    return app


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every worker has ended, or those that have not wait for something that nobody is busy with."""
    app = pilot.app
    unchanged, before = 0, ""
    while unchanged < QUIET_ROUNDS:
        await pilot.pause()
        now = app.export_screenshot(simplify=True)
        unchanged = unchanged + 1 if now == before and not is_busy(app) else 0
        before = now
        if unchanged >= 2 and all(worker.is_finished for worker in app.workers):
            return
        await asyncio.sleep(0.02)


async def until(pilot: Pilot[None], condition: Callable[[], bool], what: str = "the condition") -> None:
    """Wait until something is so, for as long as a machine with much else to do may need."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await pilot.pause()
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"waited {PATIENCE} s for {what}") from None
