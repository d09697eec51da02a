"""--max-cost where training is paid by the hour: kept where a job is paused at a sum, refused in words where not."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from fttui.cli.launch_sheet import LaunchSheet
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Distribution, Report, TokenTotals
from fttui.domain.errors import RefusedLaunchError
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.prices import BOOKS
from fttui.domain.profiles.profile import OPENAI, Dialect, Profile

MODEL = "o4-mini-2025-04-16"
TOKENS = TokenTotals("o200k_base", True, 1000, 1000, 0, 0, Distribution(10, 100, 100, 100.0, 100, 100))
REPORT = Report(PurePath("a"), DataFormat.REINFORCEMENT, 10, 10, (), TOKENS, None, epochs=10, cost=None, seconds=0.1)
AZURE = Profile("azure", Dialect.AZURE, "https://me.openai.azure.com/openai/v1")


def sheet(profile: Profile) -> LaunchSheet:
    draft = Draft(MODEL, PurePath("a"), method=Method.REINFORCEMENT)
    return LaunchSheet(draft, REPORT, profile, BOOKS[profile.dialect])


def test_where_jobs_are_paused_at_a_sum_that_is_the_upper_end() -> None:
    sheet(AZURE).refuse_if_wrong(5_000.0)
    with pytest.raises(RefusedLaunchError, match=r"5000\.00, more than 4999"):
        sheet(AZURE).refuse_if_wrong(4_999.0)

    assert any("up to USD 5,000.00, where the job is paused" in line for line in sheet(AZURE).lines())


def test_where_nobody_names_an_upper_end_the_refusal_says_so() -> None:
    sheet(OPENAI).refuse_if_wrong(None)
    with pytest.raises(RefusedLaunchError, match=r"costs USD 100\.00, and no upper end is published"):
        sheet(OPENAI).refuse_if_wrong(1_000_000.0)
