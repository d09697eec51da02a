from __future__ import annotations

from datetime import date
from pathlib import PurePath

import pytest

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Distribution, Report, TokenTotals
from fttui.domain.jobs.bases import BASES, known_bases, may_train
from fttui.domain.jobs.estimate import training_cost
from fttui.domain.jobs.launch_cost import launch_cost, priced
from fttui.domain.jobs.prices import OWN, PRICE_BOOK, price_book
from fttui.domain.profiles.profile import Dialect
from fttui.domain.settings import PRICE_KEYS, OwnPrice, read_settings, settings_document
from fttui.engine.base_models import BASE_MODELS

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


@pytest.mark.parametrize(
    ("model", "training", "tuned", "base"),
    [
        ("gpt-4.1-2025-04-14", 25, (3.00, 0.75, 12.00), (2.00, 0.50, 8.00)),
        ("gpt-4.1-mini-2025-04-14", 5, (0.80, 0.20, 3.20), (0.40, 0.10, 1.60)),
        ("gpt-4.1-nano-2025-04-14", 1.50, (0.20, 0.05, 0.80), (0.10, 0.025, 0.40)),
        ("gpt-4o-2024-08-06", 25, (3.75, 1.875, 15.00), (2.50, 1.25, 10.00)),
        ("gpt-4o-mini-2024-07-18", 3, (0.30, 0.15, 1.20), (0.15, 0.075, 0.60)),
        ("o4-mini-2025-04-16", None, (4.00, 1.00, 16.00), (1.10, 0.275, 4.40)),
        ("gpt-3.5-turbo", 8, (3.00, None, 6.00), (0.50, None, 1.50)),
        ("davinci-002", 6, (12.00, None, 12.00), (2.00, None, 2.00)),
        ("babbage-002", 0.40, (1.60, None, 1.60), (0.40, None, 0.40)),
    ],
)
def test_the_prices_that_ship_are_those_of_the_pricing_page(
    model: str, training: float | None, tuned: tuple[float | None, ...], base: tuple[float | None, ...]
) -> None:
    price = PRICE_BOOK.price_of(model)

    assert price is not None
    assert (price.training, price.training_hour) == (training, None if training else 100.0)
    assert (price.input, price.cached_input, price.output) == tuned
    assert (price.base_input, price.base_cached_input, price.base_output) == base
    assert (price.checked, price.source) == ("2026-11-20", "OpenAI, pricing page")


def test_every_kind_of_price_can_be_set() -> None:
    amounts = dict.fromkeys(PRICE_KEYS, 1.5)
    settings = read_settings({"prices": {"llama": amounts}})
    price = price_book(settings.prices, Dialect.NEBIUS).price_of("llama")

    assert price is not None
    assert [getattr(price, key) for key in PRICE_KEYS] == [1.5] * len(PRICE_KEYS)
    assert settings_document(settings)["prices"] == {"llama": amounts}


def test_bases_of_the_embedded_engine_are_those_that_it_offers() -> None:
    assert set(BASES[Dialect.ENGINE].formats) == set(BASE_MODELS)


@pytest.mark.parametrize(
    ("model", "dialect", "trains"),
    [
        ("gpt-4.1", Dialect.OPENAI, True),
        ("ft:gpt-4o-mini-2024-07-18:me::1", Dialect.OPENAI, True),
        ("gpt-4.1", Dialect.ENGINE, False),
        ("ft:local-nano:local:a:1", Dialect.ENGINE, True),
        ("gpt-5.6", Dialect.OPENAI, False),
        ("anything", Dialect.COMPATIBLE, True),
    ],
)
def test_a_model_may_be_trained_where_its_base_is_listed(model: str, dialect: Dialect, trains: bool) -> None:
    assert may_train(model, dialect) is trains


def test_bases_that_take_no_jobs_any_more_are_left_out() -> None:
    today, later = date(2026, 11, 20), date(2027, 1, 6)

    assert known_bases(Dialect.OPENAI, DataFormat.PREFERENCE, today) == (
        "gpt-4.1-2025-04-14",
        "gpt-4.1-mini-2025-04-14",
        "gpt-4o-2024-08-06",
        "gpt-4o-mini-2024-07-18",
    )
    assert known_bases(Dialect.OPENAI, None, later) == ()
    assert "gpt-4.1-2025-04-14" in (known_bases(Dialect.AZURE, DataFormat.CHAT, later) or ())
    assert known_bases(Dialect.NEBIUS, DataFormat.CHAT, today) is None
