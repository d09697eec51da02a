from __future__ import annotations

from pathlib import PurePath

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Distribution, Report, TokenTotals
from fttui.domain.jobs.estimate import training_cost
from fttui.domain.jobs.launch_cost import launch_cost, priced
from fttui.domain.jobs.prices import OWN, PRICE_BOOK, price_book
from fttui.domain.profiles.profile import Dialect
from fttui.domain.settings import OwnPrice

BASE = "gpt-4.1-2025-04-14"
CHEAP = OwnPrice(BASE, (("training", 1.0),))
LLAMA = OwnPrice("meta-llama/Llama-3.3-70B-Instruct", (("training", 2.8),))
TOKENS = TokenTotals("o200k_base", True, 1000, 1_000_000, 500, 0, Distribution(1, 1, 1, 1.0, 1, 1), uncertain=100_000)
REPORT = Report(PurePath("a"), DataFormat.CHAT, 10, 10, (), TOKENS, None, epochs=2, cost=None, seconds=0.0)


def test_a_price_of_ones_own_goes_before_the_one_that_ships() -> None:
    cost = training_cost(f"ft:{BASE}:org::abc", 1_000_000, 1, book=price_book((CHEAP,), Dialect.OPENAI))

    assert cost is not None
    assert (cost.low, cost.prices_checked) == (1.0, OWN)


def test_openais_prices_are_not_azures() -> None:
    assert price_book((), Dialect.AZURE).price_of(BASE) is None
    own = price_book((CHEAP,), Dialect.AZURE).price_of(f"{BASE}.ft-0123abcd")
    assert own is not None
    assert own.training == 1.0


def test_a_model_that_nobody_has_a_price_for_can_be_given_one() -> None:
    assert PRICE_BOOK.price_of(LLAMA.model) is None
    assert training_cost(LLAMA.model, 500_000, 2, book=price_book((LLAMA,), Dialect.NEBIUS)) is not None


def test_a_report_is_priced_anew_by_ones_own_prices() -> None:
    told = priced(REPORT, BASE, price_book((CHEAP,), Dialect.OPENAI))

    assert told.cost is not None
    assert (told.epochs, told.cost.low, told.cost.high) == (10, 10.0, 11.0)


def test_training_by_the_hour_has_no_cost_by_the_token() -> None:
    assert launch_cost(REPORT, "o4-mini-2025-04-16", 1) is None
