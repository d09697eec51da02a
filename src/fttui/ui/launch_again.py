"""Fills the Launch form with what an earlier job was asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.job import Job
from fttui.ui.place import Place

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


def launch_again(app: FttuiApp, profile: str, job: Job) -> None:
    """Go to the Launch place with what a job was asked for; what the profile in use lacks is named there.

    Args:
        app: where.
        profile: whose job it is.
        job: as it was seen last.
    """
    app.run_worker(_fill(app, profile, job), group="launch.again", exclusive=True)


async def _fill(app: FttuiApp, profile: str, job: Job) -> None:
    from fttui.services.jobs.recipes import clone
    from fttui.ui.screens.launch import LaunchScreen

    try:
        recipe = await asyncio.to_thread(lambda: clone(app.services.journal, profile, job))
    except FttuiError as error:
        app.show_failure(error)
        return
    await app.switch_mode(Place.LAUNCH.key)
    screen = app.screen
    if isinstance(screen, LaunchScreen):
        screen.call_after_refresh(screen.load_recipe, recipe)
