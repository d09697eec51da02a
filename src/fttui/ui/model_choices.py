"""Models to choose from where a price or a limit is wanted."""

from __future__ import annotations

from fttui.domain.jobs.prices import PRICES, PRICES_CHECKED, Price
from fttui.ui import present
from fttui.ui.screens.pick import Choice


def priced_models() -> list[Choice]:
    """The bases whose prices are known."""
    return [Choice(price.model, price.model, _price(price), f"prices of {PRICES_CHECKED}") for price in PRICES]


def _price(price: Price) -> str:
    if price.training is not None:
        return f"{present.money(price.training)} a million tokens"
    return f"{present.money(price.training_hour or 0)} an hour"
