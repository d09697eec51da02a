"""How far an axis reaches, and where a curve has a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AxisRange:
    """From where to where an axis reaches; `low` is below `high`."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the lower end, 1 at the upper."""
        return (value - self.low) / (self.high - self.low)


def range_around(low: float, high: float, *, margin: float = 0.04) -> AxisRange:
    """An axis a little longer than what it must hold, but not below zero for values that are not."""
    if high > low:
        room = (high - low) * margin
        return AxisRange(max(low - room, 0.0) if low >= 0 else low - room, high + room)
    room = abs(low) * 0.1 or 1.0
    return AxisRange(low - room, low + room)


USUAL_GAP = 1.9
"""A distance this many times the usual one is a gap: at least one value is missing there."""


def gap_from(distances: Sequence[int]) -> float:
    """The distance between neighbouring points of a curve above which they are not joined.

    The usual distance is the median, so that a curve measured every tenth step is not all gaps.
    """
    if not distances:
        return float("inf")
    return USUAL_GAP * sorted(distances)[len(distances) // 2]
