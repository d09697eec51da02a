"""What a launch would cost, from the report on its file."""

from __future__ import annotations

from dataclasses import replace

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import CostRange, Report
from fttui.domain.jobs.estimate import training_cost
from fttui.domain.jobs.prices import PRICE_BOOK, PriceBook


def launch_cost(report: Report, model: str, epochs: int, book: PriceBook = PRICE_BOOK) -> CostRange | None:
    """The cost of going through a checked file some times; None where no price is known.

    Args:
        report: the verdict on the training file.
        model: the base, or the tuned model to go on from.
        epochs: how often the file is gone through.
        book: the prices that hold where it is trained.
    """
    tokens, known, price = report.tokens, report.cost, book.price_of(model)
    if price is None or report.format is DataFormat.REINFORCEMENT:
        return None
    if known is not None and report.epochs and known.prices_checked == price.checked:
        factor = epochs / report.epochs
        return replace(known, low=known.low * factor, high=known.high * factor)
    if tokens is None:
        return None
    return training_cost(model, tokens.billable, epochs, tokens.uncertain, book=book)


def priced(report: Report, model: str | None, book: PriceBook) -> Report:
    """A report with the cost by these prices in place of those that ship with the program."""
    if not model or not report.epochs or report.cost == (cost := launch_cost(report, model, report.epochs, book)):
        return report
    return replace(report, cost=cost)
