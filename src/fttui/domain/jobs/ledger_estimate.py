"""What a launch is expected to cost, in the form that the ledger keeps."""

from __future__ import annotations

from fttui.domain.dataset.report import Report
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.launch_cost import launch_cost
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.prices import PriceBook


def expected(draft: Draft, report: Report | None, epochs: int | None, book: PriceBook, *, free: bool) -> Estimate:
    """The estimate as it was shown to the person who says yes.

    Args:
        draft: the launch.
        report: the verdict on its training file; None for a file that was not looked at here.
        epochs: as typed, or as the provider is known to choose; None where neither is known.
        book: the prices that hold at the provider.
        free: whether it is trained on this computer.
    """
    price = book.price_of(draft.model)
    cost = launch_cost(report, draft.model, epochs, book) if report is not None and epochs and not free else None
    tokens = report.tokens if report is not None else None
    return Estimate(
        epochs=epochs or 0,
        epochs_chosen="n_epochs" in draft.hyperparameters,
        tokens=tokens.billable if tokens is not None else None,
        exact=tokens.exact if tokens is not None else True,
        encoding=tokens.encoding if tokens is not None else "",
        low=0.0 if free else cost.low if cost is not None else None,
        high=0.0 if free else cost.high if cost is not None else None,
        price=None if free or price is None else price.training,
        currency=book.currency,
        prices_checked=price.checked if price is not None and not free else "",
        free=free,
    )
