"""What can be measured of a curve's values: trend, scatter, medians of stretches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, median


def medians(values: Sequence[float], width: int) -> list[float]:
    """The medians of stretches of some values, each half a stretch further."""
    return [median(values[at : at + width]) for at in range(0, len(values) - width + 1, max(width // 2, 1))]


def trend(values: Sequence[float]) -> tuple[float, float]:
    """The slope of the straight line through values, per value, and its standard error.

    Source: ordinary least squares; the error assumes that the values scatter independently around the line.
    """
    count = len(values)
    centre, mean = (count - 1) / 2, fmean(values)
    across = sum((at - centre) ** 2 for at in range(count))
    slope = sum((at - centre) * (value - mean) for at, value in enumerate(values)) / across
    rest = sum((value - mean - slope * (at - centre)) ** 2 for at, value in enumerate(values))
    return slope, math.sqrt(rest / max(count - 2, 1) / across)


def deviation(values: Sequence[float]) -> float:
    """The standard deviation."""
    mean = fmean(values)
    return math.sqrt(fmean((value - mean) ** 2 for value in values))


def spread(values: Sequence[float]) -> float:
    """How much values scatter from one to the next, whatever their trend.

    Source: the median of absolute differences of neighbours, over 0.954 for normal noise.
    """
    steps = [abs(one - other) for one, other in pairwise(values)]
    return median(steps) / 0.954 if steps else 0.0


def scatter_off_course(values: Sequence[float]) -> float:
    """How much values scatter around a course that may rise and fall.

    Source: the second differences of normal noise have 6 times its variance, so that their absolute values have a
    median of 1.652 and a mean of 1.954 deviations. Of few values the larger of the two counts.
    """
    bends = [abs(one - 2 * two + three) for one, two, three in zip(values, values[1:], values[2:], strict=False)]
    return max(median(bends) / 1.652, fmean(bends) / 1.954) if bends else 0.0


def spread_around(values: Sequence[float]) -> float:
    """The median distance from the median, as the deviation of normal noise."""
    middle = median(values)
    return 1.483 * median(abs(value - middle) for value in values)
