"""The check of a launch's files on this computer, before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.errors import FttuiError
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.grader_template import item_fields_of
from fttui.domain.jobs.job import Method
from fttui.services.dataset.checks import Checks
from fttui.services.dataset.validation import ValidationProgress
from fttui.services.jobs.fingerprint import sha256_of
from fttui.services.jobs.first_rows import first_rows
from fttui.ui.launch_facts import DataCheck


async def check_files(
    draft: Draft, checks: Checks, limits: RowLimits, tell: Callable[[ValidationProgress], None]
) -> DataCheck:
    """Validate the files of a draft that lie on this computer, and remember what they were.

    Args:
        draft: the form; files at the provider are not looked at.
        checks: does it, or knows the report already.
        limits: what rows are held to.
        tell: called on the event loop as it goes on.
    """
    training, validation = draft.training, draft.validation
    if not isinstance(training, Path):
        return DataCheck()
    beside = validation if isinstance(validation, Path) else None
    try:
        hashes = {path: await sha256_of(path) for path in (training, beside) if path is not None}
        model = draft.model or None
        checked = await checks.check(training, valid_path=beside, model=model, progress=tell, limits=limits)
    except FttuiError as error:
        return DataCheck(failure=error)
    return DataCheck(report=checked.report, hashes=hashes)


async def item_fields_at(draft: Draft) -> frozenset[str] | None:
    """What the rows of a draft offer to a grader; None where it has none, or the rows are not on this computer."""
    training = draft.training
    if draft.method is not Method.REINFORCEMENT or not isinstance(training, Path):
        return None
    return await asyncio.to_thread(lambda: item_fields_of(iter(first_rows(training))))
