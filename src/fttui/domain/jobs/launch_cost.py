"""What a launch would cost, from the report on its file."""

from __future__ import annotations

from dataclasses import replace

from fttui.domain.dataset.report import CostRange, Report
from fttui.domain.jobs.estimate import training_cost


def launch_cost(report: Report, model: str, epochs: int) -> CostRange | None:
    """The cost of going through a checked file some times; None where no price is known.

    The report's own range is taken where it has one for the model, because it knows how sure its count is.

    Args:
        report: the verdict on the training file.
        model: the base, or the tuned model to go on from.
        epochs: how often the file is gone through.
    """
    known = report.cost
    if known is not None and report.epochs:
        factor = epochs / report.epochs
        return replace(known, low=known.low * factor, high=known.high * factor)
    return training_cost(model, report.tokens.billable, epochs) if report.tokens is not None else None
