"""A person's own limits for a row go before those that ship, wherever rows are looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fttui.domain.dataset.encodings import EXAMPLE_LIMITS, example_limit
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.dataset.ruling import Ruling
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import OPENAI, Dialect, Profile
from fttui.services.dataset import report_cache
from fttui.services.dataset.checks import Checks
from fttui.services.dataset.validation import validate
from fttui.services.jobs.token_survey import SurveyMemory
from image_rows import write_image_rows

AZURE = Profile("work", Dialect.AZURE, "https://x.openai.azure.com/openai/v1")
MODEL = "gpt-4o-mini-2024-07-18"
NUMBERS = [0, 1, 10, 11, 15, 64, 65, *[0] * 5]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_image_rows(tmp_path / "data.jsonl", NUMBERS)


@pytest.fixture
async def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Checks]:
    monkeypatch.setattr(report_cache, "_SETTLED", -3600.0)
    async with Checks(tmp_path / "cache") as checks:
        yield checks


def about_images(report: Report) -> dict[str, list[int]]:
    return {
        group.code: [finding.line for finding in group.examples]
        for group in report.findings
        if group.code.endswith(("images", "image-limit"))
    }


async def test_without_one_rows_are_held_to_what_the_providers_publish(path: Path) -> None:
    report = await validate(path, workers=0)

    assert about_images(report) == {"too-many-images": [4, 5, 6], "far-too-many-images": [7]}


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(("most", "lines"), [(5, [3, 4, 5, 6, 7]), (12, [5, 6, 7]), (100, [])])
async def test_a_limit_for_images_of_ones_own_goes_before_them(
    path: Path, most: int, lines: list[int], workers: int
) -> None:
    report = await validate(path, limits=RowLimits(images=most), workers=workers)

    assert about_images(report) == ({"own-image-limit": lines} if lines else {})
    said = [one.message for group in report.findings if group.code == "own-image-limit" for one in group.examples]
    assert all(f"your settings let {most} pass" in message for message in said)
    for profile in (OPENAI, AZURE):
        judged = Ruling.of(profile, capabilities_of(profile)).judge(report)
        assert judged.valid_examples == len(NUMBERS) - len(lines), profile.name


async def test_tokens_beyond_a_limit_of_ones_own_are_cut_and_not_paid_for(tmp_path: Path) -> None:
    path = write_image_rows(tmp_path / "long.jsonl", [0] * 12, words=300)
    usual = await validate(path, model=MODEL, workers=0)
    limits = RowLimits.of(MODEL, [("gpt-4o", 100)])
    own = await validate(path, model=MODEL, limits=limits, workers=0)

    assert usual.tokens is not None
    assert own.tokens is not None
    assert own.cost is not None
    assert usual.cost is not None
    assert (usual.tokens.truncated_examples, own.tokens.truncated_examples) == (0, 12)
    assert (own.tokens.billable, own.tokens.total) == (1200, usual.tokens.total)
    assert own.tokens.trained < usual.tokens.trained
    assert own.cost.high < usual.cost.low
    assert "takes 100;" in next(group for group in own.findings if group.code == "long-example").examples[0].message


async def test_a_report_made_under_other_limits_is_not_served(path: Path, checks: Checks) -> None:
    asked = [None, RowLimits(images=12), RowLimits(100, 12), RowLimits(100), None, RowLimits(images=12)]
    found = [await checks.check(path, workers=0, limits=limits) for limits in asked]

    assert [one.from_cache for one in found] == [False, False, False, False, True, True]
    assert about_images(found[4].report) == about_images(found[0].report) != about_images(found[5].report)


async def test_the_limit_of_the_model_is_the_same_question_however_it_is_put(path: Path, checks: Checks) -> None:
    await checks.check(path, model=MODEL, workers=0)

    assert (await checks.check(path, model=MODEL, workers=0, limits=RowLimits.of(MODEL, (), OPENAI))).from_cache


async def test_rows_beyond_a_limit_of_ones_own_are_not_counted_for_an_estimate(path: Path) -> None:
    memory = SurveyMemory()

    usable = [(await memory.survey(path, [MODEL], images=images)).usable for images in (None, 12, 5, 100, None)]

    assert usable == [8, 9, 7, 12, 8]


def test_ones_own_limit_of_tokens_holds_for_a_base_and_its_tunes_and_leaves_others_as_they_ship() -> None:
    own = [("gpt-4o-mini", 1000), ("my-model", 77)]

    assert example_limit("gpt-4o-mini-2024-07-18", own) == 1000
    assert example_limit("ft:gpt-4o-mini-2024-07-18:me::abc", own) == 1000
    assert example_limit("gpt-4o-2024-08-06", own) == EXAMPLE_LIMITS["gpt-4o"]
    assert example_limit("my-model-2", own) == 77
    assert example_limit("my-models", own) is None
