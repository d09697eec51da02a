"""What a launch would cost, from the report on its file."""

from __future__ import annotations

from dataclasses import replace

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import CostRange, Report
from fttui.domain.jobs.auto_size import auto_size
from fttui.domain.jobs.estimate import hourly_cost, training_cost
from fttui.domain.jobs.prices import PRICE_BOOK, PriceBook
from fttui.domain.profiles.profile import Dialect

FREE = CostRange("", 0.0, 0.0, "USD", "", free=True)
"""What training on the person's own computer costs."""


def launch_cost(report: Report, model: str, epochs: int, book: PriceBook = PRICE_BOOK) -> CostRange | None:
    """The cost of going through a checked file some times; None where no price is known.

    Args:
        report: the verdict on the training file.
        model: the base, or the tuned model to go on from.
        epochs: how often the file is gone through.
        book: the prices that hold where it is trained.
    """
    tokens, known, price = report.tokens, report.cost, book.price_of(model)
    if price is None:
        return None
    if report.format is DataFormat.REINFORCEMENT or price.training is None:
        return hourly_cost(model, book)
    if known is not None and report.epochs and (known.prices_checked, known.model) == (price.checked, price.model):
        factor = epochs / report.epochs
        return replace(known, low=known.low * factor, high=known.high * factor)
    if tokens is None:
        return None
    return training_cost(model, tokens.billable, epochs, tokens.uncertain, book=book)


def priced(report: Report, model: str | None, book: PriceBook, dialect: Dialect | None = None) -> Report:
    """A report with the epochs that a provider would choose, and with the cost by these prices.

    Args:
        report: the verdict on a training file.
        model: the base; without one nothing has a price, but for the embedded engine, where everything is free.
        book: the prices that hold at the provider.
        dialect: the provider's; OpenAI's habits where it is left open.
    """
    size = auto_size(report.valid_examples, dialect)
    if size is None:
        return replace(report, epochs=None, cost=None)
    cost = FREE if dialect is Dialect.ENGINE else launch_cost(report, model, size.epochs, book) if model else None
    return replace(report, epochs=size.epochs, cost=cost)
