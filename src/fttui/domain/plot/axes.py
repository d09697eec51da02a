"""How far an axis reaches."""

from __future__ import annotations

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
