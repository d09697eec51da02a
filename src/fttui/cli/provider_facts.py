"""What commands that ask no provider anything know of one: its kind, and the prices that hold there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.dataset.ruling import BY_OPENAI, Ruling
from fttui.domain.jobs.announced import Announced
from fttui.domain.jobs.prices import PriceBook, price_book
from fttui.domain.profiles.profile import OPENAI, Dialect


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """`dialect` is None where no profile was named: a model's own name tells then whose it is."""

    dialect: Dialect | None
    book: PriceBook
    ruling: Ruling
    """Whose rules data is held to: the profile's, or OpenAI's where none was named."""
    row_limits: RowLimits
    announced: Announced | None = None
    """What the provider was last heard to say of the ends of its models."""


def provider_facts(profile: str | None, model: str | None = None) -> ProviderFacts:
    """The kind of a profile, and the prices and limits there, a person's own before those that ship.

    Args:
        profile: its name; without one OpenAI's rules hold, with a person's own limits there.
        model: the model in hand.

    Raises:
        SettingsError: there is no such profile, or the settings cannot be read.
    """
    from fttui.services.container import Services

    services = Services.open()
    name = OPENAI.name if profile is None else profile
    limits, announced = services.row_limits(model, name), services.announcements.of(services.profile(name))
    if profile is None:
        ruling = replace(BY_OPENAI, limits=services.capabilities(name).limits)
        return ProviderFacts(None, price_book(services.settings.prices, Dialect.OPENAI), ruling, limits, announced)
    dialect = services.profile(name).dialect
    ruling = Ruling.of(services.profile(name), services.capabilities(name))
    return ProviderFacts(dialect, price_book(services.settings.prices, dialect), ruling, limits, announced)
