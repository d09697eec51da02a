"""Round places for the marks of an axis, and their labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round values from low to high, at most `most` of them; the middle value alone where nothing round fits.

    Args:
        low: lower end of the axis, finite.
        high: upper end of the axis, finite, not below `low`.
        most: how many ticks there is room for.
    """
    if most < 2 or not high > low:
        return ((low + high) / 2,) if most > 0 else ()
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (*_ROUND_STEPS, *(10 * factor for factor in _ROUND_STEPS)):
        ticks = _multiples(low, high, factor * power)
        if len(ticks) <= most:
            return ticks or ((low + high) / 2,)
    return ((low + high) / 2,)


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    slack = 1e-9 * step
    first, last = math.ceil((low - slack) / step), math.floor((high + slack) / step)
    return tuple(index * step for index in range(first, last + 1))


def step_ticks(first: int, last: int, most: int) -> tuple[int, ...]:
    """Round training steps from first to last, at most `most` of them."""
    if last <= first:
        return (first,) if most > 0 else ()
    ticks = [round(tick) for tick in round_ticks(first, last, most) if float(tick).is_integer()]
    return tuple(dict.fromkeys(ticks)) or (first,)


def log_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round values of an axis that counts in powers of ten; the ends are themselves positive values.

    Whole powers come first, then 1, 2 and 5 of each; round steps where the range spans less than that.
    """
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        ticks = tuple(
            value
            for power in exponents
            for value in (factor * 10.0**power for factor in factors)
            if low <= value <= high
        )
        if 2 <= len(ticks) <= most:
            return ticks
        if len(ticks) < 2:
            return round_ticks(low, high, most)
    powers = tuple(10.0**power for power in exponents if low <= 10.0**power <= high)
    return powers[:: max(1, math.ceil(len(powers) / max(most, 1)))]


def labels(ticks: Sequence[float]) -> tuple[str, ...]:
    """Short labels that tell the ticks apart, all with the same number of decimals unless they span powers."""
    if not ticks:
        return ()
    largest = max(abs(tick) for tick in ticks)
    smallest = min((abs(tick) for tick in ticks if tick), default=0.0)
    if largest >= 1e5 or (smallest and smallest < 1e-4):
        return _distinct(ticks)
    if smallest and len(ticks) > 1 and largest / smallest >= 1000:
        return tuple(f"{tick:g}" for tick in ticks)
    for decimals in range(7):
        if all(math.isclose(tick, round(tick, decimals), rel_tol=1e-6, abs_tol=1e-9) for tick in ticks):
            return tuple(f"{tick:.{decimals}f}" for tick in ticks)
    return _distinct(ticks)


def _distinct(ticks: Sequence[float]) -> tuple[str, ...]:
    for digits in range(3, 10):
        found = tuple(f"{tick:.{digits}g}" for tick in ticks)
        if len(set(found)) == len(ticks):
            return found
    return tuple(f"{tick:.10g}" for tick in ticks)
