"""Takes the picture that the README shows: the job of the last run, in the program itself.

Run ``fttui demo`` first, then ``python tests/support/readme_picture.py``.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.pilot import Pilot

from fttui.domain.profiles.states import EnginePhase
from fttui.services.container import Services
from fttui.ui.app import FttuiApp, Start
from fttui.ui.place import Place
from fttui.ui.widgets.loss_plot import LossPlot

PICTURE = Path(__file__).parent.parent / "pictures" / "job.svg"
SIZE = (120, 36)


async def take() -> None:
    """Open the newest job and save what the screen shows."""
    services = Services.open()
    app = FttuiApp(services, Start(place=Place.JOBS))
    app.animation_level = "none"
    async with app.run_test(size=SIZE) as pilot:
        profile, job_id = services.recents.last_job or ("local", services.journal.jobs()[0].job.id)
        app.open_job(profile, job_id)
        await _rest(pilot)
        while not (app.screen.query_one(LossPlot).is_up_to_date and EnginePhase.RUNNING in app.status.engine):
            await _rest(pilot)
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(app.export_screenshot(title="fttui"), encoding="utf-8")
    await services.close(keep_engine=True)


async def _rest(pilot: Pilot[None]) -> None:
    """Wait until the screen has shown the same for a while."""
    before, unchanged = "", 0
    while unchanged < 5:
        await pilot.pause(0.3)
        now = pilot.app.export_screenshot()
        unchanged, before = (unchanged + 1 if now == before else 0), now


if __name__ == "__main__":
    asyncio.run(take())
