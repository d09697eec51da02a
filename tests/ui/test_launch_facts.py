"""What the form and the review sheet say about a launch."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import CostRange, Distribution, FindingGroup, Report, TokenTotals
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.lifecycle import lifecycle_of
from fttui.domain.jobs.prices import PRICE_BOOK
from fttui.domain.profiles.profile import LOCAL, OPENAI
from fttui.domain.remote import RemoteFile
from fttui.ui.launch_facts import DataCheck, Tone, estimate, review

FILE = Path("/data/rows.jsonl")
SPREAD = Distribution(100, 1, 9, 5.0, 5, 9)
TOKENS = TokenTotals("o200k_base", True, 10_000, 9_000, 4_000, 0, SPREAD)
COST = CostRange("gpt-4o-mini-2024-07-18", 0.09, 0.12, "USD", "2026-11-20")


def make_report(*groups: FindingGroup, cost: CostRange | None = COST) -> Report:
    return Report(FILE, DataFormat.CHAT, 100, 100, groups, TOKENS, SPREAD, 3, cost, 0.1, size=52_000)


def group(severity: Severity, count: int) -> FindingGroup:
    return FindingGroup("code", severity, count, "text", (Finding("code", severity, 1, "", "text"),))


def said(facts: object) -> str:
    assert isinstance(facts, tuple)
    return "\n".join(f"{fact.name}: {fact.value}" for fact in facts)


def test_the_cost_grows_with_the_epochs_typed_and_keeps_its_range() -> None:
    draft = Draft(model=COST.model, training=FILE)
    check = DataCheck(report=make_report())

    assert "Cost: $0.09 to $0.12 (prices of 2026-11-20)" in said(estimate(draft, check, OPENAI))
    assert "Cost: $0.18 to $0.24" in said(estimate(draft.type_in("n_epochs", "6"), check, OPENAI))


def test_training_on_this_computer_is_free_and_its_steps_are_certain() -> None:
    text = said(estimate(Draft(model="local-nano", training=FILE), DataCheck(report=make_report()), LOCAL))

    assert "Cost: free: trained on this computer" in text
    assert "Steps: 260 (20 epochs × batches of 8)" in text


def test_elsewhere_steps_that_the_provider_chooses_are_about_right_at_best() -> None:
    draft = Draft(model=COST.model, training=FILE)
    check = DataCheck(report=make_report())

    assert "Steps: about 300 (3 epochs × batches of 1)" in said(estimate(draft, check, OPENAI))
    sure = draft.type_in("n_epochs", "2").type_in("batch_size", "10")
    assert "Steps: 20 (2 epochs × batches of 10)" in said(estimate(sure, check, OPENAI))


def test_a_model_without_a_price_is_said_to_have_none() -> None:
    facts = estimate(Draft(model="odd-model", training=FILE), DataCheck(report=make_report(cost=None)), OPENAI)

    assert [(fact.value, fact.tone) for fact in facts if fact.name == "Cost"] == [
        ("unknown: no price for odd-model", Tone.WARNING)
    ]


def test_errors_and_warnings_are_counted() -> None:
    report = make_report(group(Severity.ERROR, 2), group(Severity.WARNING, 1))
    text = said(estimate(Draft(training=FILE), DataCheck(report=report), LOCAL))

    assert "✗ 2 errors: it would be refused" in text
    assert "! 1 warning: see the report" in text


def test_a_file_at_the_provider_is_said_to_be_unchecked() -> None:
    uploaded = RemoteFile("file-1", "rows.jsonl", 120_000, 0, "fine-tune", "processed")
    text = said(review(Draft(model="m", training=uploaded), DataCheck(), OPENAI))

    assert "120 kB at the provider; not checked here" in text
    assert "Cost: not known without a check of the file" in text
    assert "Where: at api.openai.com" in text


def test_the_review_says_how_long_the_base_lives() -> None:
    about = (Draft(model=COST.model, training=FILE), DataCheck(report=make_report()), OPENAI, PRICE_BOOK)
    text = said(review(*about, lifecycle_of(COST.model), date(2026, 11, 20)))

    assert "Ends: in 55 days, 2027-01-14: base and tunes stop answering" in text
