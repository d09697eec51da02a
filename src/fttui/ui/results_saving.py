"""Saves the metrics a job left behind where the person says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.results import ResultTable
from fttui.services.folder import working_folder
from fttui.ui import present
from fttui.ui.dialogs import PromptDialog

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


async def save_results(app: FttuiApp, job: Job, results: ResultTable) -> None:
    """Ask for a file and write it anew, CSV or JSON by its ending; from within a worker."""
    from fttui.services.jobs.result_file import write_results
    from fttui.ui.file_choices import typed_file

    proposed = str(working_folder() / f"{job.id}-metrics.csv")
    typed = await app.push_screen_wait(PromptDialog("Save the metrics: .csv, or .json", "File", proposed))
    if not typed:
        return
    target = typed_file(typed)
    try:
        await asyncio.to_thread(write_results, target, results)
    except FttuiError as error:
        app.show_failure(error)
    else:
        app.say(f"Saved {present.counted(len(results.rows), 'row')} to {target}")
