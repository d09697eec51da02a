"""Jobs side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fttui.domain.jobs.comparison import ComparedRun, Row, compared_runs, outcomes, run_name, settings_that_differ
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Job, JobEvent
from fttui.domain.jobs.ledger import Estimate, entry_of
from fttui.domain.jobs.prices import PRICE_BOOK

JOB = Job(
    "ftjob-aaaa01",
    "gpt-4.1-2025-04-14",
    "succeeded",
    100,
    "file-1",
    finished_at=230,
    trained_tokens=2_000_000,
    hyperparameters={"n_epochs": 3, "learning_rate_multiplier": 2.0},
    suffix="home",
)


def feed(job: Job, *losses: float, name: str = "full_valid_loss") -> JobFeed:
    events = tuple(
        JobEvent(f"{job.id}-{at}", at, "info", "", "metrics", at, len(losses), {name: loss})
        for at, loss in enumerate(losses, 1)
    )
    return JobFeed().apply(JobUpdate(job, events))


def runs_of(*feeds: JobFeed) -> tuple[ComparedRun, ...]:
    ledger = [entry_of("p", one.job, None, PRICE_BOOK, free=one.job.model == "local-nano") for one in feeds if one.job]
    return compared_runs([("p", one) for one in feeds], ledger)


def rows(*feeds: JobFeed) -> dict[str, Row]:
    return {row.label: row for row in outcomes(runs_of(*feeds))}


def test_only_settings_that_differ_are_named() -> None:
    other = replace(
        JOB, id="ftjob-bbbb02", hyperparameters={"n_epochs": 5, "learning_rate_multiplier": 2.0, "beta": 0.1}
    )

    assert [(row.label, row.values) for row in settings_that_differ(runs_of(feed(JOB), feed(other)))] == [
        ("Epochs", ("3", "5")),
        ("Beta", ("", "0.1")),
    ]


def test_the_lowest_loss_and_the_highest_accuracy_are_the_best() -> None:
    low, high = feed(JOB, 0.9, 0.4, 0.6), feed(replace(JOB, id="ftjob-b"), 0.8, 0.5)
    loss = rows(low, high)["Best full valid loss"]
    names = {"name": "full_valid_mean_token_accuracy"}
    accuracy = rows(feed(JOB, 0.5, 0.7, **names), feed(JOB, 0.9, **names))["Best full valid accuracy"]

    assert loss == Row("Best full valid loss", ("0.4 at 2", "0.5 at 2"), frozenset({0}))
    assert accuracy == Row("Best full valid accuracy", ("70.0% at 2", "90.0% at 1"), frozenset({1}))


def test_equals_are_not_marked() -> None:
    assert rows(feed(JOB, 0.4), feed(JOB, 0.4))["Best full valid loss"].best == frozenset()


def test_tokens_time_and_cost_stand_where_they_are_known() -> None:
    unpriced = replace(JOB, id="ftjob-c", model="local-nano", trained_tokens=None, finished_at=None)
    found = rows(feed(JOB), feed(unpriced))

    assert found["Trained tokens"].values == ("2,000,000", "")
    assert found["Took"].values == ("2 min 10 s", "")
    price = PRICE_BOOK.price_of(JOB.model)
    assert price is not None
    assert price.training is not None
    assert found["Cost"].values == (f"${2 * price.training:,.2f}", "nothing")


def test_what_a_job_cost_is_what_the_ledger_says() -> None:
    estimate = Estimate(epochs=3, epochs_chosen=True, price=1.5, currency="EUR")
    entry = entry_of("azure", JOB, estimate, PRICE_BOOK, free=False)
    (run,) = compared_runs([("azure", feed(JOB))], [entry])

    assert run.cost == entry.actual == 3.0
    assert {row.label: row.values for row in outcomes([run])}["Cost"] == ("EUR 3.00",)


def test_jobs_of_several_profiles_say_whose_they_are() -> None:
    runs = compared_runs([("openai", feed(JOB)), ("azure", feed(JOB))], [])

    assert [(row.label, row.values) for row in settings_that_differ(runs)] == [("Profile", ("openai", "azure"))]


def test_what_nobody_knows_has_no_row() -> None:
    assert set(rows(feed(replace(JOB, trained_tokens=None, finished_at=None)))) == {"Status"}


def test_rewards_are_compared_by_their_last_value() -> None:
    found = rows(feed(JOB, 0.2, 0.9, 0.7, name="train_mean_reward"), feed(JOB, 0.1, 0.8, name="train_mean_reward"))

    assert found["Last train mean reward"] == Row("Last train mean reward", ("0.7", "0.8"), frozenset({1}))


@pytest.mark.parametrize(("suffix", "name"), [("home", "home aaaa01"), (None, "aaaa01")])
def test_a_run_is_named_by_its_suffix_and_the_end_of_its_id(suffix: str | None, name: str) -> None:
    assert run_name(replace(JOB, suffix=suffix)) == name
