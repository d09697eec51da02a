"""How the provider of the launch form can be asked about a grader."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.jobs.draft import DataSource
from fttui.services.jobs.first_rows import first_rows
from fttui.services.jobs.grader_trial import ROWS, GraderTrial, item_of, not_offered, row_words
from fttui.ui.screens.pick import Choice, PickDialog
from fttui.ui.text_dialog import TextDialog

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.services.ports import GradersApi
    from fttui.ui.app import FttuiApp


async def trial_at(services: Services, profile: str, training: DataSource | None) -> GraderTrial:
    """How a profile's provider can be asked, with the first rows of the training file; or why it cannot."""

    async def provider() -> GradersApi:
        return await services.provider(profile)

    if not services.capabilities(profile).graders:
        return GraderTrial(provider, profile, missing=not_offered(profile))
    rows = await asyncio.to_thread(first_rows, training, ROWS) if isinstance(training, Path) else ()
    return GraderTrial(provider, profile, rows)


async def choose_sample(app: FttuiApp, trial: GraderTrial) -> tuple[str, Mapping[str, object]] | None:
    """Ask for a row and for an answer to grade with it; None where it was left. Call from a worker."""
    place = 0
    if len(trial.rows) > 1:
        choices = [Choice(str(at), f"row {at + 1}", row_words(row)) for at, row in enumerate(trial.rows)]
        chosen = await app.push_screen_wait(PickDialog("Grade an answer for which row?", choices))
        if chosen is None:
            return None
        place = int(chosen)
    row = item_of(trial.rows[place]) if trial.rows else {}
    where = f", for row {place + 1}" if trial.rows else ""
    sample = await app.push_screen_wait(TextDialog(f"An answer to grade{where}", ""))
    return None if sample is None else (sample, row)
