"""The check of a launch's files on this computer, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.draft import Draft
from fttui.services.dataset.validation import ValidationProgress, validate
from fttui.services.jobs.fingerprint import sha256_of
from fttui.ui.launch_facts import DataCheck


async def check_files(draft: Draft, tell: Callable[[ValidationProgress], None]) -> DataCheck:
    """Validate the files of a draft that lie on this computer, and remember what they were.

    Args:
        draft: the form; files at the provider are not looked at.
        tell: called on the event loop as it goes on.
    """
    training, validation = draft.training, draft.validation
    if not isinstance(training, Path):
        return DataCheck()
    beside = validation if isinstance(validation, Path) else None
    try:
        hashes = {path: await sha256_of(path) for path in (training, beside) if path is not None}
        report = await validate(training, valid_path=beside, model=draft.model or None, progress=tell)
    except FttuiError as error:
        return DataCheck(failure=error)
    return DataCheck(report=report, hashes=hashes)
