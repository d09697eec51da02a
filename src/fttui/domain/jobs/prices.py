"""Prices as dated data: what training on a base costs, and what its tunes cost to use."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.dataset.encodings import base_of

PRICES_CHECKED = "2026-11-20"
"""The day on which the prices below were looked at (OpenAI's pricing page)."""


@dataclass(frozen=True, slots=True)
class Price:
    """Prices of a base in US dollars: per million tokens, except training by the hour.

    `training` is None where training is paid by the hour of `training_hour`.
    """

    model: str
    training: float | None
    input: float
    cached_input: float | None
    output: float
    training_hour: float | None = None


PRICES: tuple[Price, ...] = (
    Price("gpt-4.1-2025-04-14", 25.0, 3.0, 0.75, 12.0),
    Price("gpt-4.1-mini-2025-04-14", 5.0, 0.8, 0.2, 3.2),
    Price("gpt-4.1-nano-2025-04-14", 1.5, 0.2, 0.05, 0.8),
    Price("gpt-4o-2024-08-06", 25.0, 3.75, 1.875, 15.0),
    Price("gpt-4o-mini-2024-07-18", 3.0, 0.3, 0.15, 1.2),
    Price("o4-mini-2025-04-16", None, 4.0, 1.0, 16.0, training_hour=100.0),
    Price("gpt-3.5-turbo", 8.0, 3.0, None, 6.0),
    Price("davinci-002", 6.0, 12.0, None, 12.0),
    Price("babbage-002", 0.4, 1.6, None, 1.6),
)


def price_of(model: str) -> Price | None:
    """The price of a base, also by its name without a date, or of the base under a tuned model; None if unknown."""
    base = base_of(model)
    for price in PRICES:
        undated = price.model[: -len("-2025-04-14")] if price.model[-10:-8] == "20" else price.model
        if base in (price.model, undated) or (price.model == "gpt-3.5-turbo" and base.startswith("gpt-3.5-turbo-")):
            return price
    return None
