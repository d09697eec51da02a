from __future__ import annotations

import json
from pathlib import PurePath

import pytest

from fttui.cli.frame import emit_json
from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import CostRange, Distribution, FindingGroup, Report, TokenTotals
from fttui.domain.dataset.report_export import as_json_value, as_markdown

SPREAD = Distribution(30, 10, 20, 15.0, 10, 20, (1, 1))
HOSTILE = "`rm` <b>\x1b[31m\n# not a heading"
REPORT = Report(
    file=PurePath("train_1.jsonl"),
    format=DataFormat.CHAT,
    examples=2,
    valid_examples=1,
    findings=(
        FindingGroup(
            "unknown-role",
            Severity.ERROR,
            1,
            "A role that the protocol does not know",
            (Finding("unknown-role", Severity.ERROR, 2, "messages[0].role", HOSTILE),),
        ),
    ),
    tokens=TokenTotals("o200k_base", True, 30, 30, 12, 0, SPREAD),
    turns=SPREAD,
    epochs=3,
    cost=CostRange("gpt-4.1-nano-2025-04-14", 0.1, 0.2, "USD", "2026-11-20"),
    seconds=0.25,
)


def test_the_saved_object_is_the_one_that_check_prints(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json(as_json_value(REPORT))

    assert json.loads(json.dumps(as_json_value(REPORT))) == json.loads(capsys.readouterr().out)


def test_markdown_holds_verdict_numbers_and_places() -> None:
    page = as_markdown(REPORT)

    assert page.startswith("# Report on `train_1.jsonl`\n")
    assert "- format chat, 2 examples, 1 valid" in page
    assert "- USD 0.10 to 0.20 on gpt-4.1-nano-2025-04-14, prices of 2026-11-20" in page
    assert "- line 2, `messages[0].role`: " in page


def test_foreign_text_cannot_become_markup_of_the_page() -> None:
    page = as_markdown(REPORT)

    assert "\x1b" not in page
    assert "\n# not a heading" not in page
    assert "<b>" not in page
