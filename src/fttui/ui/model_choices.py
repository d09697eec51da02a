"""Models to choose from where a price or a limit is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from fttui.domain.jobs.bases import BASES
from fttui.domain.jobs.prices import PriceBook, price_book
from fttui.domain.profiles.profile import OPENAI, Dialect, Profile
from fttui.ui import present
from fttui.ui.screens.pick import Choice, PickDialog

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.ui.app import FttuiApp


async def choose_base(app: FttuiApp, title: str) -> None:
    """Ask for a base, and take it in hand.

    Args:
        app: shows the question.
        title: what the base is wanted for.
    """
    services = app.services
    choices = priced_models(services, services.profile(app.profile_name), app.today)
    chosen = await app.push_screen_wait(PickDialog(title, choices, chosen=app.base_model, typed_label="use the name"))
    if chosen is not None:
        app.take_base(chosen)


def priced_models(services: Services, profile: Profile, today: date) -> list[Choice]:
    """The bases that a profile trains, with what training costs there; those that take no jobs any more come last.

    Beside the embedded engine, where everything is free, stand those of OpenAI.

    Args:
        services: which know a person's own prices, and when models end.
        profile: the one in use.
        today: the day that the last days are counted from.
    """
    choices = list(_choices(services, profile, today))
    if profile.dialect is Dialect.ENGINE:
        choices += _choices(services, OPENAI, today)
    ended = [choice for choice in choices if choice.section == _ENDED]
    return [*(choice for choice in choices if choice not in ended), *ended]


_ENDED = "take no jobs any more"


def _choices(services: Services, profile: Profile, today: date) -> Iterator[Choice]:
    dialect = profile.dialect
    book = price_book(services.settings.prices, dialect)
    listed = BASES[dialect].formats if dialect in BASES else {price.model: None for price in book.prices}
    of_day = "" if dialect is Dialect.ENGINE else f", prices of {book.checked}"
    for model in listed:
        ending = services.ending_of(model, profile.name)
        ends = f", {ending.words(today)}" if ending is not None else ""
        section = f"{profile.name}{of_day}" if ending is None or ending.can_train(today) else _ENDED
        yield Choice(model, model, f"{_price(model, dialect, book)}{ends}", section)


def _price(model: str, dialect: Dialect, book: PriceBook) -> str:
    price = book.price_of(model)
    if dialect is Dialect.ENGINE:
        return "free"
    if price is not None and price.training is not None:
        return f"{present.money(price.training)} a million tokens"
    if price is not None and price.training_hour is not None:
        return f"{present.money(price.training_hour)} an hour"
    return "price unknown"
