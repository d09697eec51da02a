"""What training cost, and why it is not what was expected."""

from __future__ import annotations

from dataclasses import replace

from costs_journal import DONE, ESTIMATE
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.ledger import Entry, Estimate, entry_of, totals
from fttui.domain.jobs.prices import PRICE_BOOK


def entry(job: Job, estimate: Estimate | None = ESTIMATE, *, free: bool = False) -> Entry:
    return entry_of("openai", job, estimate, PRICE_BOOK, free=free)


def test_what_was_trained_is_priced_as_at_the_launch() -> None:
    # By hand: 162,000 tokens at 5 USD a million.
    assert entry(DONE).actual == 0.81
    assert entry(DONE, replace(ESTIMATE, price=10.0)).actual == 1.62


def test_more_epochs_than_expected_explain_the_difference() -> None:
    found = entry(DONE)

    assert found.difference is not None
    assert round(found.difference, 2) == 0.15
    assert found.reasons[:3] == (
        "162,000 billable tokens were trained, 35.0% more than expected (120,000).",
        "4 epochs were trained; 3 were expected of auto.",
        "An epoch had 40,500 tokens, +1.2% against the count.",
    )


def test_the_same_epochs_leave_the_count_to_explain_it() -> None:
    job = replace(DONE, trained_tokens=121_000, hyperparameters={"n_epochs": 3})

    assert "The count was made with o200k_base" in entry(job).reasons[1]
    assert "The count was an approximation" in entry(job, replace(ESTIMATE, exact=False)).reasons[1]


def test_a_cost_within_the_estimate_differs_by_nothing() -> None:
    assert entry(replace(DONE, trained_tokens=124_000)).difference == 0.0


def test_nothing_is_billed_for_nothing_trained_and_nothing_known_is_not_nought() -> None:
    failed = replace(DONE, status="failed", trained_tokens=0)

    assert entry(failed).actual == 0.0
    assert entry(replace(DONE, status="running", trained_tokens=None)).actual is None
    assert entry(replace(DONE, model="odd"), None).actual is None
    assert entry(replace(DONE, method="reinforcement")).actual is None


def test_this_computer_costs_nothing() -> None:
    assert (entry(DONE, free=True).actual, entry(DONE, free=True).reasons) == (
        0.0,
        ("Trained on this computer: free.",),
    )


def test_totals_are_by_profile_and_month_with_what_is_still_to_come() -> None:
    running = replace(DONE, id="b", status="running", trained_tokens=None)
    before = replace(DONE, id="c", created_at=DONE.created_at - 40 * 86_400)
    sums = totals([entry(DONE), entry(running), entry(replace(running, model="odd"), None), entry(before)])

    assert [(one.month, one.jobs, one.actual, one.expected, one.unknown) for one in sums] == [
        ("2026-09", 3, 0.81, 0.66, 1),
        ("2026-08", 1, 0.81, 0.0, 0),
    ]
