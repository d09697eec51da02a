"""Asks a provider what it makes of a grader, and tells its answer in words."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.errors import FttuiError, NotFoundError
from fttui.domain.jobs.grader_run import GraderRun
from fttui.domain.jobs.grader_template import NOT_ITEMS
from fttui.domain.text import safe_line
from fttui.services.ports import GradersApi

ROWS = 50
"""Rows of the training file that a sample answer can be graded for."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class GraderTrial:
    """How a provider is asked: to look at a grader, and to grade a sample answer with it for a training row.

    Args:
        provider: opens the connection when it is first needed.
        profile: whose provider it is.
        rows: the first rows of the training file.
        missing: why it cannot be asked, in a sentence; empty where it may be.
    """

    provider: Callable[[], Awaitable[GradersApi]]
    profile: str
    rows: Sequence[Row] = ()
    missing: str = ""

    async def checked(self, grader: Row) -> tuple[bool, str]:
        """Whether the provider takes a grader, and in words what it says."""
        try:
            await (await self.provider()).validate_grader(grader)
        except FttuiError as error:
            return False, self._refusal(error)
        return True, f"✓ {safe_line(self.profile, 40)} takes this grader"

    async def tried(self, grader: Row, sample: str, row: Row) -> tuple[bool, str]:
        """What a grader gives an answer for a row, and whether nothing went wrong with it."""
        try:
            run = await (await self.provider()).run_grader(grader, sample=sample, item=row)
        except FttuiError as error:
            return False, self._refusal(error)
        return _is_good(run), f"{'✓' if _is_good(run) else '✗'} {run.words}"

    def _refusal(self, error: FttuiError) -> str:
        if isinstance(error, NotFoundError):
            return not_offered(self.profile)
        return f"✗ {error.title}: {safe_line(error.message, 300)}"


def _is_good(run: GraderRun) -> bool:
    return not run.errors and run.reward is not None


def not_offered(profile: str) -> str:
    """That a provider has no graders to ask, and what that means."""
    return f"{safe_line(profile, 40)} does not check graders; the check on this computer stands."


def row_words(row: Row) -> str:
    """What a grader may use of a row, in a line: its fields without the prompt."""
    said = (f"{name}: {_brief(value)}" for name, value in item_of(row).items())
    return safe_line(", ".join(said) or "no fields", 200)


def _brief(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def item_of(row: Row) -> Row:
    """What of a row is sent to be graded with: everything but the prompt."""
    return {name: value for name, value in row.items() if name not in NOT_ITEMS}
