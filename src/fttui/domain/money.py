"""Sums of money as people read them."""

from __future__ import annotations

_SHOWN = 0.005
"""What is less than this would be shown as nothing."""


def money(low: float, high: float | None = None, currency: str = "USD") -> str:
    """A sum, or a range where low and high differ; what is not free is never shown as nothing.

    Args:
        low: the sum, or the lower end.
        high: the upper end of a range.
        currency: by its three letters.
    """
    sign = "$" if currency == "USD" else f"{currency} "
    if high is None or f"{low:.2f}" == f"{high:.2f}":
        return f"{sign}{low:,.2f}" if low >= _SHOWN or low == 0 == (high or 0) else f"less than {sign}0.01"
    if 0 <= low < _SHOWN:
        return f"up to {sign}{high:,.2f}"
    return f"{sign}{low:,.2f} to {sign}{high:,.2f}"
