"""Prices as dated data: what training on a base costs, and what its tunes cost to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from fttui.domain.profiles.profile import Dialect
from fttui.domain.remote import base_model_of
from fttui.domain.settings import OwnPrice
from fttui.domain.shipped_table import names_of, number_of, shipped_table

OWN = "your settings"
"""Where a price of one's own comes from, in place of the day it was looked at."""


@dataclass(frozen=True, slots=True)
class Price:
    """Prices of a base in US dollars: per million tokens, except by the hour and per job.

    `training` is None where training is paid by the hour of `training_hour`, or has no price. `input`, `cached_input`
    and `output` hold for a tuned model, `base_…` for the base itself.
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
    base_input: float | None = None
    base_cached_input: float | None = None
    base_output: float | None = None
    hosting_hour: float | None = None
    """What an hour costs for which a tuned model is deployed."""
    job_cap: float | None = None
    """The sum at which a job paid by the hour is paused."""
    source: str = OWN
    """Whose page it was; a person's own where any of it is theirs."""

    def is_called(self, name: str) -> bool:
        """Whether this is the price of a base by one of its names."""
        return name == self.model or name in self.names


_AMOUNTS = tuple(field.name for field in fields(Price) if field.name not in ("model", "names", "checked", "source"))


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The prices that hold for a provider; a person's own go before those that ship."""

    prices: tuple[Price, ...]
    currency: str = "USD"
    source: str = ""
    checked: str = ""
    """Whose page the prices that ship stand on, and the day on which it was looked at."""
    hosting_hour: float | None = None
    """What an hour of any deployed tune costs here."""
    job_cap: float | None = None
    """The sum at which a job paid by the hour is paused here."""
    note: str = ""
    """What else is to be known of these prices, in a sentence."""

    def price_of(self, model: str) -> Price | None:
        """The price of a base, also by another name of it, or of the base under a tuned model; None if unknown."""
        wanted = model.strip()
        for name in (wanted, base_model_of(wanted)):
            for price in self.prices:
                if price.is_called(name):
                    return price
        return None

    def hosting_of(self, model: str) -> float | None:
        """What an hour costs for which a tune of a base is deployed; None where deployment is not charged for."""
        price = self.price_of(model)
        return price.hosting_hour if price is not None and price.hosting_hour is not None else self.hosting_hour

    def cap_of(self, model: str) -> float | None:
        """The most that a job paid by the hour costs before it is paused; None where nobody says."""
        price = self.price_of(model)
        return price.job_cap if price is not None and price.job_cap is not None else self.job_cap

    def with_own(self, own: Sequence[OwnPrice]) -> PriceBook:
        """The book with a person's own prices in front; what they leave open stays as it ships."""
        return replace(self, prices=(*(self._own(entry) for entry in own), *self.prices))

    def _own(self, entry: OwnPrice) -> Price:
        mine = read_price(entry.model, dict(entry.amounts))
        shipped = next((price for price in self.prices if price.is_called(entry.model)), None)
        if shipped is None:
            # A model may be called by OpenAI's other names of it elsewhere too.
            same = next((price for price in PRICES if price.is_called(entry.model)), None)
            return mine if same is None else replace(mine, names=(same.model, *same.names))
        amounts = {**{name: getattr(shipped, name) for name in _AMOUNTS}, **dict(entry.amounts)}
        return replace(
            read_price(shipped.model, amounts, source=f"{OWN} before {shipped.source}, {shipped.checked}"),
            names=shipped.names,
        )


def read_price(model: str, table: Mapping[str, object], checked: str = OWN, source: str = OWN) -> Price:
    """A price from a decoded table that names the fields of a price."""
    amounts = {name: number_of(table, name) for name in _AMOUNTS}
    return Price(model, **amounts, checked=checked, names=names_of(table), source=source)


def _read_book(table: object, currency: str) -> PriceBook:
    if not isinstance(table, Mapping):
        raise TypeError("prices.toml lacks the table of a provider")
    checked, source = str(table["checked"]), str(table["source"])
    models = table.get("models", {})
    return PriceBook(
        tuple(read_price(model, entry, checked, source) for model, entry in models.items()),
        currency,
        source,
        checked,
        hosting_hour=number_of(table, "hosting_hour"),
        job_cap=number_of(table, "job_cap"),
        note=str(table.get("note", "")),
    )


def _read() -> dict[Dialect, PriceBook]:
    table = shipped_table("fttui.domain.jobs", "prices.toml")
    read = {
        dialect: _read_book(table[dialect.value], str(table["currency"]))
        for dialect in (Dialect.OPENAI, Dialect.AZURE, Dialect.NEBIUS)
    }
    # A model of OpenAI's keeps its price behind another address of the same protocol.
    return {dialect: read.get(dialect, read[Dialect.OPENAI]) for dialect in Dialect}


BOOKS = _read()
PRICE_BOOK = BOOKS[Dialect.OPENAI]
PRICES = PRICE_BOOK.prices


def price_book(own: Sequence[OwnPrice], dialect: Dialect) -> PriceBook:
    """The prices that hold at a provider: Azure and Nebius have their own, also for models with OpenAI's names.

    Args:
        own: a person's own, from the settings.
        dialect: the provider's.
    """
    return BOOKS[dialect].with_own(own)


def price_of(model: str) -> Price | None:
    """The price of a model by what ships with the program; ask a book of the settings where there is one."""
    return PRICE_BOOK.price_of(model)
