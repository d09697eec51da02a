"""The program may be quit at any moment, also while a screen is being built."""

from __future__ import annotations

import asyncio

import pytest

from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from pictures import FakeServices, make_app


@pytest.mark.parametrize("turns", range(0, 24, 3))
@pytest.mark.parametrize("asked", [True, False])
async def test_quitting_while_a_screen_is_being_built_ends_in_silence(
    services: FakeServices, turns: int, asked: bool
) -> None:
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.push_screen(JobScreen("local", "ftjob-1"))
        for _ in range(turns):
            await asyncio.sleep(0)
        if asked:
            app.exit()

    assert not app.return_code
