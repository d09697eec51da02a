"""What commands that ask no provider anything know of one: its kind, and the prices that hold there."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.dataset.ruling import BY_OPENAI, Ruling
from fttui.domain.jobs.prices import PriceBook, price_book
from fttui.domain.profiles.profile import Dialect


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """`dialect` is None where no profile was named: a model's own name tells then whose it is."""

    dialect: Dialect | None
    book: PriceBook
    ruling: Ruling
    """Whose rules data is held to: the profile's, or OpenAI's where none was named."""


def provider_facts(profile: str | None) -> ProviderFacts:
    """The kind of a profile, and the prices there, a person's own before those that ship.

    Raises:
        SettingsError: there is no such profile, or the settings cannot be read.
    """
    from fttui.services.container import Services

    services = Services.open()
    dialect = services.profile(profile).dialect if profile is not None else None
    book = price_book(services.settings.prices, dialect or Dialect.OPENAI)
    if profile is None:
        return ProviderFacts(dialect, book, BY_OPENAI)
    return ProviderFacts(dialect, book, Ruling.of(services.profile(profile), services.capabilities(profile)))
