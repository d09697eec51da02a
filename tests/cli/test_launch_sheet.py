"""The sheet says what a launch is about to do and cost, and stops what must not be launched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import PurePath

import pytest

from fttui.cli.launch_sheet import LaunchSheet
from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import CostRange, FindingGroup, Report
from fttui.domain.errors import RefusedLaunchError
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.lifecycle import lifecycle_of
from fttui.domain.profiles.profile import LOCAL, OPENAI

MODEL = "gpt-4.1-2025-04-14"
TODAY = date(2026, 11, 20)
COST = CostRange(MODEL, 1.0, 1.5, "USD", "2026-11-20")
REPORT = Report(
    PurePath("rows.jsonl"), DataFormat.CHAT, 100, 100, (), None, None, epochs=3, cost=COST, seconds=0.1, size=2048
)
ERROR = Finding("no-reply", Severity.ERROR, 7, "messages", "Nothing to learn from")
SHEET = LaunchSheet(
    Draft(MODEL, PurePath("rows.jsonl"), typed={"n_epochs": "6"}), REPORT, OPENAI, ending=lifecycle_of(MODEL)
)


def test_the_cost_follows_the_epochs_and_says_from_when_the_prices_are() -> None:
    text = "\n".join(SHEET.lines())

    assert "about USD 2.00 to 3.00 for 6 epochs (prices of 2026-11-20)" in text
    assert "rows.jsonl, 100 examples, 2,048 bytes" in text
    assert "n_epochs 6" in text
    assert "stop answering on 2027-01-14" in text


def test_on_this_computer_it_costs_nothing_and_no_limit_is_too_low() -> None:
    sheet = replace(SHEET, profile=LOCAL, draft=Draft("local-nano", PurePath("rows.jsonl")))

    sheet.refuse_if_wrong(0.0)
    assert any("nothing" in line for line in sheet.lines())


def test_the_upper_end_of_the_cost_counts() -> None:
    SHEET.refuse_if_wrong(3.0)
    with pytest.raises(RefusedLaunchError, match=r"3\.00, more than 2\.99"):
        SHEET.refuse_if_wrong(2.99)


def test_a_base_without_a_price_cannot_keep_a_limit() -> None:
    unpriced = replace(SHEET, draft=Draft("odd", PurePath("rows.jsonl")), report=replace(REPORT, cost=None))

    unpriced.refuse_if_wrong(None)
    with pytest.raises(RefusedLaunchError, match="no price"):
        unpriced.refuse_if_wrong(1000.0)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 20), ""),
        (date(2027, 1, 2), "ends in 12 days, 2027-01-14"),
        (date(2027, 1, 6), "takes no jobs since 2027-01-06"),
    ],
)
def test_a_yes_in_advance_does_not_cover_a_base_that_is_closed_or_ends_within_days(day: date, words: str) -> None:
    sheet = replace(SHEET, today=day)

    assert sheet.caution is not None
    if not words:
        sheet.refuse_base_unasked()
        return
    with pytest.raises(RefusedLaunchError, match=words) as raised:
        sheet.refuse_base_unasked()
    assert "--anyway" in raised.value.hint


@pytest.mark.parametrize("where", ["training", "validation"])
def test_errors_in_either_file_stop_it(where: str) -> None:
    broken = replace(REPORT, findings=(FindingGroup("no-reply", Severity.ERROR, 2, "Nothing to learn from", (ERROR,)),))
    report = broken if where == "training" else replace(REPORT, valid=broken)

    with pytest.raises(RefusedLaunchError, match="2 errors"):
        replace(SHEET, report=report).refuse_if_wrong(None)


def test_what_the_check_found_is_on_the_sheet_and_unsafe_text_is_made_visible() -> None:
    message = "Odd\x1b[2J"
    broken = replace(REPORT, findings=(FindingGroup("no-reply", Severity.ERROR, 2, message, (ERROR,)),))

    first = next(replace(SHEET, report=broken).lines())

    assert first == "  error: Odd␛[2J, 2 times (first in line 7)"
