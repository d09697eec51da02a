"""Saves the step metrics of a job where the person says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.job import Job
from fttui.ui import present
from fttui.ui.dialogs import PromptDialog

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


async def save_results(app: FttuiApp, profile: str, job: Job) -> None:
    """Ask for a file, fetch the results unless the journal has them, and write a new file; from within a worker."""
    from fttui.services.jobs.result_file import write_results
    from fttui.services.jobs.results import fetch_results, kept_results
    from fttui.ui.file_choices import typed_file

    proposed = str(Path.cwd() / f"{job.id}-metrics.csv")
    typed = await app.push_screen_wait(PromptDialog("Save the step metrics", "File", proposed))
    if not typed:
        return
    target = typed_file(typed)
    try:
        journal = app.services.journal
        results = await kept_results(journal, profile, job)
        if results is None:
            results = await fetch_results(await app.services.provider(profile), journal, profile, job)
        await asyncio.to_thread(write_results, target, results)
    except FttuiError as error:
        app.show_failure(error)
    else:
        app.say(f"Saved {present.counted(len(results.rows), 'row')} to {target}")
