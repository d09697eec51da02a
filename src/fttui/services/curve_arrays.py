"""Curves as arrays: kept from drawing to drawing, cut to a window, smoothed, thinned to what can be seen."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from fttui.domain.jobs.series import Point, Series

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_SMALLEST, _LARGEST = 1e-100, 1e100
"""Values beyond are not drawn; no loss is meant by them, and the axis could not be marked."""

_KEPT = 24
"""How many curves are kept as arrays."""

_GAP = 1.9
"""Neighbouring points this many times the usual distance apart are not joined: at least one value is missing there."""

_BLOCK = 64
"""Values smoothed in one product of matrices."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """A curve as arrays: steps, values, and whether each point is joined to the one before it."""

    steps: Floats
    values: Floats
    joined: Flags
    usual: float = 1.0
    """The usual distance between neighbouring points, in steps."""


@dataclass(slots=True)
class _Kept:
    points: tuple[Point, ...]
    arrays: Arrays
    shown: dict[tuple[bool, float], Arrays] = field(default_factory=dict)
    """The curve on a scale and smoothed, as it was asked for."""


_kept: OrderedDict[int, _Kept] = OrderedDict()
_lock = Lock()


def curve_of(series: Series, *, log_scale: bool = False, smoothing: float = 0.0) -> Arrays:
    """A curve ready to draw; while it is asked for again, only points that were added are read.

    Args:
        series: the curve.
        log_scale: in powers of ten, without values that are not positive.
        smoothing: how much of the average before stays from one value to the next.
    """
    with _lock:
        kept = _keep(series.points)
        asked = (log_scale, smoothing)
        if asked not in kept.shown:
            curve = _drawable(kept.arrays, log_scale)
            kept.shown[asked] = replace(curve, values=smoothed(curve.values, smoothing)) if smoothing else curve
        return kept.shown[asked]


def _keep(points: tuple[Point, ...]) -> _Kept:
    import numpy as np

    if not points:
        nothing = np.zeros(0)
        return _Kept(points, Arrays(nothing, nothing, np.zeros(0, dtype=bool)))
    kept = _kept.get(id(points[0]))
    if kept is not None and len(kept.points) == len(points) and kept.points == points:
        _kept.move_to_end(id(points[0]))
        return kept
    known = kept.arrays if kept is not None and kept.points == points[: len(kept.points)] else None
    fresh = points if known is None else points[known.steps.size :]
    steps = np.fromiter((point.step for point in fresh), np.float64, len(fresh))
    values = np.fromiter((point.value for point in fresh), np.float64, len(fresh))
    if known is not None:
        steps, values = np.concatenate((known.steps, steps)), np.concatenate((known.values, values))
    # The points are kept too, so that no other object can come to bear the id of the first.
    _kept[id(points[0])] = _Kept(points, _joined(steps, values))
    _kept.move_to_end(id(points[0]))
    while len(_kept) > _KEPT:
        _kept.popitem(last=False)
    return _kept[id(points[0])]


def _joined(steps: Floats, values: Floats) -> Arrays:
    import numpy as np

    distances = np.diff(steps)
    # The median, so that a curve measured every tenth step is not all gaps.
    usual = float(np.median(distances)) if distances.size else 1.0
    joined = np.concatenate((np.zeros(1, dtype=bool), distances <= _GAP * usual))
    return Arrays(steps, values, joined, usual)


def _drawable(curve: Arrays, log_scale: bool) -> Arrays:
    """A curve without values that cannot be drawn, in powers of ten where the scale asks for them."""
    import numpy as np

    usable = np.abs(curve.values) < _LARGEST
    if log_scale:
        usable &= curve.values > _SMALLEST
    if not usable.all():
        curve = _joined(curve.steps[usable], curve.values[usable]) if usable.any() else _keep(()).arrays
    return replace(curve, values=np.log10(curve.values)) if log_scale else curve


def smoothed(values: Floats, weight: float) -> Floats:
    """An exponential moving average that does not lean on a value before the first.

    Args:
        values: in the order of the steps.
        weight: how much of the average before stays, 0 to below 1.

    Source: the bias correction is that of D. Kingma and J. Ba, Adam, 2014, section 3.
    """
    import numpy as np

    if not 0.0 < weight < 1.0 or not values.size:
        return values
    powers = weight ** np.arange(_BLOCK + 1)
    lags = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
    within = np.where(lags >= 0, (1 - weight) * powers[np.maximum(lags, 0)], 0.0)
    padded = np.concatenate((values, np.zeros(-values.size % _BLOCK))).reshape(-1, _BLOCK)
    inside = padded @ within.T
    carried = np.empty(len(inside))
    before = 0.0
    for block, last in enumerate(inside[:, -1].tolist()):
        carried[block] = before
        before = last + float(powers[_BLOCK]) * before
    averages = (inside + np.outer(carried, powers[1:])).ravel()[: values.size]
    corrected: Floats = averages / (1 - weight ** np.arange(1, values.size + 1))
    return corrected


def cut(curve: Arrays, first: float, last: float) -> Arrays:
    """The part of a curve between two steps, with points on the edges where a joined line crosses them."""
    import numpy as np

    begin = int(np.searchsorted(curve.steps, first, side="left"))
    end = int(np.searchsorted(curve.steps, last, side="right"))
    if begin == 0 and end == curve.steps.size:
        return curve
    steps, values, joined = curve.steps[begin:end], curve.values[begin:end], curve.joined[begin:end].copy()
    if end < curve.steps.size and end > 0 and curve.joined[end]:
        steps, values = np.append(steps, last), np.append(values, _crossing(curve, end, last))
        joined = np.append(joined, begin < end)
    if 0 < begin < curve.steps.size and curve.joined[begin] and steps.size:
        steps, values = np.append(first, steps), np.append(_crossing(curve, begin, first), values)
        joined = np.append(False, joined)
        joined[1] = True
    elif joined.size:
        joined[0] = False
    return Arrays(steps, values, joined)


def _crossing(curve: Arrays, after: int, step: float) -> float:
    """The value of the line between a point and the one before it at a step between them."""
    one, other = curve.steps[after - 1], curve.steps[after]
    share = (step - one) / (other - one)
    return float(curve.values[after - 1] + share * (curve.values[after] - curve.values[after - 1]))


def thinned(curve: Arrays, low: float, high: float, dots: int, across: int) -> tuple[NDArray[np.int64], Floats, Flags]:
    """The column of dots, the value, and whether it is joined to the one before, of the points that matter.

    Of many points in a column of cells the lowest and the highest, in the order in which they came, show what all of
    them would; so no spike is lost, and there are never more than two for each.

    Args:
        curve: a curve within the axis.
        low: the step at the first column of dots.
        high: the step at the last.
        dots: how many columns of dots there are.
        across: how many of them a cell has.
    """
    import numpy as np

    one_dot = (high - low) / (dots - 1)
    steps, values, joined = curve.steps, curve.values, curve.joined
    if steps.size > 2 * (dots // across):
        kept, joined = _lowest_and_highest(curve, low + (np.arange(0, dots, across, dtype=np.float64) - 0.5) * one_dot)
        steps, values = steps[kept], values[kept]
    places = np.clip(np.rint((steps - low) / one_dot), 0, dots - 1).astype(np.int64)
    return places, values, joined


def _lowest_and_highest(curve: Arrays, edges: Floats) -> tuple[NDArray[np.int64], Flags]:
    """Where the lowest and the highest value between any two edges are, and whether each is joined to the one before.

    A stretch is joined to the one before it where its first point is.
    """
    import numpy as np

    cuts: NDArray[np.int64] = np.searchsorted(curve.steps, edges)
    cuts[0] = 0
    starts = cuts[np.diff(cuts, append=curve.steps.size) > 0]
    lengths = np.diff(starts, append=curve.steps.size)
    both = []
    for end in (np.minimum, np.maximum):
        there = np.flatnonzero(curve.values == np.repeat(end.reduceat(curve.values, starts), lengths))
        # The first of equals in each stretch: the first that is not before its start.
        both.append(there[np.searchsorted(there, starts)])
    pairs = np.sort(np.stack(both, axis=1), axis=1)
    joined = np.stack((curve.joined[starts], np.ones(starts.size, dtype=bool)), axis=1)
    fresh = np.stack((np.ones(starts.size, dtype=bool), pairs[:, 0] != pairs[:, 1]), axis=1)
    return pairs[fresh], joined[fresh]
