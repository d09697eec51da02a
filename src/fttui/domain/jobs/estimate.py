"""What a job will do and cost, before it exists; formulas with their sources."""

from __future__ import annotations

import math

from fttui.domain.dataset.report import CostRange
from fttui.domain.jobs.prices import PRICE_BOOK, PriceBook

_TARGET_EPOCHS, _MIN_TARGET, _MAX_TARGET = 3, 100, 25_000
_MIN_EPOCHS, _MAX_EPOCHS = 1, 25
_BATCH_SHARE, _BATCH_AT_MOST = 0.002, 256

MILLION = 1_000_000


def auto_epochs(examples: int) -> int:
    """The epochs that a provider is expected to choose.

    Source: OpenAI cookbook, chat fine-tuning data preparation, 2026-11-20: three, more below 100 and fewer above
    25,000 seen examples; agrees with jobs of 10, 80 and 100 examples.
    """
    if examples <= 0:
        return _TARGET_EPOCHS
    if examples * _TARGET_EPOCHS < _MIN_TARGET:
        return min(_MAX_EPOCHS, _MIN_TARGET // examples)
    if examples * _TARGET_EPOCHS > _MAX_TARGET:
        return max(_MIN_EPOCHS, _MAX_TARGET // examples)
    return _TARGET_EPOCHS


def auto_batch_size(examples: int) -> int:
    """The batch size that a provider is expected to choose: 0.2 % of the examples, 1 to 256.

    Source: OpenAI's former fine-tuning documentation, 2023.
    """
    return min(max(round(examples * _BATCH_SHARE), 1), _BATCH_AT_MOST)


def steps(examples: int, batch_size: int, epochs: int) -> int:
    """Training steps: one per batch, the last batch of an epoch may be smaller."""
    return math.ceil(examples / batch_size) * epochs


def training_cost(
    model: str, billable_tokens: int, epochs: int, uncertain_tokens: int = 0, *, book: PriceBook = PRICE_BOOK
) -> CostRange | None:
    """What training by the token costs: tokens of one epoch, times epochs, times the price.

    Args:
        model: a base, or a tuned model to go on from.
        billable_tokens: one epoch's worth, every example cut at the model's limit.
        epochs: how often the file is gone through.
        uncertain_tokens: how many more tokens an epoch may turn out to have; they make the upper end.
        book: the prices that hold.

    Returns:
        None where no price is known, or where training is paid by the hour.
        Source of the formula: OpenAI's fine-tuning guide, 2026-11-20; a validation file is not part of it.
    """
    price = book.price_of(model)
    if price is None or price.training is None:
        return None
    per_token = price.training * epochs / MILLION
    return CostRange(
        model=price.model,
        low=round(billable_tokens * per_token, 4),
        high=round((billable_tokens + uncertain_tokens) * per_token, 4),
        currency=book.currency,
        prices_checked=price.checked,
    )


def hourly_cost(model: str, book: PriceBook) -> CostRange | None:
    """What training by the hour may cost at most: how long it takes is not known before.

    Source: Microsoft's pages on reinforcement fine-tuning, 2026-10: a job is paused when it has cost a certain sum.

    Args:
        model: the base.
        book: the prices that hold.

    Returns:
        A range from nothing to the sum at which a job is paused; None where nobody names such a sum.
    """
    price, cap = book.price_of(model), book.cap_of(model)
    if price is None or price.training_hour is None or cap is None:
        return None
    return CostRange(price.model, 0.0, cap, book.currency, price.checked)
