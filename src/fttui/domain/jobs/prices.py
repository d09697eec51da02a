"""Prices as dated data: what training on a base costs, and what its tunes cost to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fttui.domain.profiles.profile import Dialect
from fttui.domain.remote import base_model_of
from fttui.domain.settings import OwnPrice
from fttui.domain.shipped_table import names_of, number_of, shipped_table

OWN = "your settings"
"""Where a price of one's own comes from, in place of the day it was looked at."""


@dataclass(frozen=True, slots=True)
class Price:
    """Prices of a base in US dollars: per million tokens, except training by the hour.

    `training` is None where training is paid by the hour of `training_hour`, or has no price.
    """

    model: str
    training: float | None
    input: float | None
    cached_input: float | None
    output: float | None
    training_hour: float | None = None
    checked: str = OWN
    """The day on which the provider's page was looked at."""
    names: tuple[str, ...] = ()
    """Other names of the same model."""


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The prices that hold for a provider; a person's own go before those that ship."""

    prices: tuple[Price, ...]
    currency: str = "USD"

    def price_of(self, model: str) -> Price | None:
        """The price of a base, also by another name of it, or of the base under a tuned model; None if unknown."""
        wanted = model.strip()
        base = base_model_of(wanted)
        for name in (wanted, base):
            for price in self.prices:
                if name == price.model or name in price.names:
                    return price
        return None

    def with_own(self, own: Sequence[OwnPrice]) -> PriceBook:
        """The book with a person's own prices in front."""
        mine = [read_price(entry.model, dict(entry.amounts)) for entry in own]
        return replace(self, prices=(*mine, *self.prices))

    def at(self, dialect: Dialect) -> PriceBook:
        """The prices that hold at a provider: those that ship are OpenAI's; Azure and Nebius have their own."""
        if dialect not in (Dialect.AZURE, Dialect.NEBIUS):
            return self
        return replace(self, prices=tuple(price for price in self.prices if price.checked == OWN))


def read_price(model: str, table: Mapping[str, object], checked: str = OWN) -> Price:
    """A price from a decoded table that names the fields of a price."""
    return Price(
        model,
        training=number_of(table, "training"),
        input=number_of(table, "input"),
        cached_input=number_of(table, "cached_input"),
        output=number_of(table, "output"),
        training_hour=number_of(table, "training_hour"),
        checked=checked,
        names=names_of(table),
    )


def _read() -> PriceBook:
    table = shipped_table("fttui.domain.jobs", "prices.toml")
    checked = str(table["checked"])
    prices = [read_price(model, entry, checked) for model, entry in table.items() if isinstance(entry, Mapping)]
    return PriceBook(tuple(prices), str(table["currency"]))


PRICE_BOOK = _read()
PRICES = PRICE_BOOK.prices
PRICES_CHECKED = PRICES[0].checked


def price_book(own: Sequence[OwnPrice], dialect: Dialect) -> PriceBook:
    """The prices that hold at a provider.

    Args:
        own: a person's own, from the settings.
        dialect: the provider's.
    """
    return PRICE_BOOK.with_own(own).at(dialect)


def price_of(model: str) -> Price | None:
    """The price of a model by what ships with the program; ask a book of the settings where there is one."""
    return PRICE_BOOK.price_of(model)
