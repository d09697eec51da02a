"""Asks the provider what it makes of a grader, and tells its answer in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError, NotFoundError
from fttui.domain.jobs.draft import DataSource
from fttui.domain.jobs.grader_run import GraderRun
from fttui.domain.profiles.profile import Dialect
from fttui.domain.text import safe_line
from fttui.services.jobs.grader_rows import first_rows

if TYPE_CHECKING:
    from fttui.services.container import Services

GRADING = frozenset({Dialect.OPENAI, Dialect.AZURE, Dialect.COMPATIBLE})
"""Kinds of provider that may have graders to ask (OpenAI's guide and Microsoft's pages, 2026-10)."""

NOT_OFFERED = "This provider does not check graders; the check on this computer stands."


@dataclass(frozen=True, slots=True)
class GraderTrial:
    """How a provider is asked: to look at a grader, and to grade a sample answer with it for a training row."""

    validate: Callable[[Mapping[str, object]], Awaitable[None]]
    run: Callable[[Mapping[str, object], str, Mapping[str, object]], Awaitable[GraderRun]]
    row: Mapping[str, object]
    """The row that a sample answer is graded for."""


async def trial_at(services: Services, profile: str, training: DataSource | None) -> GraderTrial | None:
    """How a profile's provider can be asked, with the first row of the training file; None where it cannot."""
    if services.profile(profile).dialect not in GRADING:
        return None
    rows = await asyncio.to_thread(first_rows, training, 1) if isinstance(training, Path) else []

    async def validate(grader: Mapping[str, object]) -> None:
        await (await services.provider(profile)).validate_grader(grader)

    async def run(grader: Mapping[str, object], sample: str, row: Mapping[str, object]) -> GraderRun:
        return await (await services.provider(profile)).run_grader(grader, sample=sample, item=row)

    return GraderTrial(validate, run, rows[0] if rows else {})


async def trial_words(trial: GraderTrial, grader: Mapping[str, object], sample: str | None) -> tuple[bool, str]:
    """What the provider says of a grader, and whether that is good.

    Args:
        trial: how it is asked.
        grader: as it stands.
        sample: an answer to grade; None to have the grader itself looked at.
    """
    try:
        if sample is None:
            await trial.validate(grader)
            return True, "✓ the provider takes this grader"
        run = await trial.run(grader, sample, trial.row)
    except NotFoundError:
        return False, NOT_OFFERED
    except FttuiError as error:
        return False, f"✗ {error.title}: {safe_line(error.message, 300)}"
    return not run.errors, safe_line(run.words, 300)
