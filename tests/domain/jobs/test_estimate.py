from __future__ import annotations

from datetime import date

import pytest

from fttui.domain.jobs.estimate import auto_batch_size, auto_epochs, steps, training_cost
from fttui.domain.jobs.lifecycle import LIFECYCLES, lifecycle_of
from fttui.domain.jobs.prices import PRICES, price_of


@pytest.mark.parametrize(("examples", "epochs"), [(0, 3), (10, 10), (80, 3), (100, 3), (10_000, 2), (30_000, 1)])
def test_auto_epochs_are_those_seen_on_real_jobs(examples: int, epochs: int) -> None:
    assert auto_epochs(examples) == epochs


@pytest.mark.parametrize(("examples", "size"), [(0, 1), (10, 1), (1_000, 2), (100_000, 200), (1_000_000, 256)])
def test_auto_batches_are_two_in_a_thousand_within_bounds(examples: int, size: int) -> None:
    assert auto_batch_size(examples) == size


def test_the_last_batch_of_an_epoch_may_be_smaller() -> None:
    assert steps(10, 4, 2) == 6


def test_cost_is_tokens_times_epochs_times_price_with_what_is_uncertain_on_top() -> None:
    cost = training_cost("ft:gpt-4o-mini-2024-07-18:org::abc", 1_000_000, 3, 100_000)

    assert cost is not None
    assert (cost.model, cost.low, cost.high, cost.currency) == ("gpt-4o-mini-2024-07-18", 9.0, 9.9, "USD")


@pytest.mark.parametrize("model", ["o4-mini-2025-04-16", "a-local-model", "gpt-4o-mini-tts", "gpt-4"])
def test_what_has_no_price_by_the_token_has_no_cost(model: str) -> None:
    assert training_cost(model, 1_000, 1) is None


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-4o-mini", "gpt-4o-mini-2024-07-18"),
        ("gpt-4.1-2025-04-14", "gpt-4.1-2025-04-14"),
        ("gpt-3.5-turbo-0125", "gpt-3.5-turbo"),
        ("ft:gpt-4.1-nano-2025-04-14:org:s:id:ckpt-step-9", "gpt-4.1-nano-2025-04-14"),
    ],
)
def test_prices_are_found_by_name_with_or_without_date(name: str, base: str) -> None:
    price = price_of(name)

    assert price is not None
    assert price.model == base


def test_every_priced_model_has_its_last_days() -> None:
    assert {price.model for price in PRICES} <= {entry.model for entry in LIFECYCLES}


def test_the_last_days_of_a_tuned_model_are_its_bases() -> None:
    lifecycle = lifecycle_of("ft:gpt-4.1-2025-04-14:org::abc")

    assert lifecycle is not None
    assert lifecycle.can_train(date(2027, 1, 5))
    assert not lifecycle.can_train(date(2027, 1, 6))
    assert not lifecycle.is_gone(date(2027, 1, 13))
    assert lifecycle.is_gone(date(2027, 1, 14))
    assert lifecycle_of("a-local-model") is None
