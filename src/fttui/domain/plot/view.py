"""What part of the curves is looked at, and how: window of steps, smoothing, scale, cursor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fttui.domain.jobs.series import Series

SMOOTHINGS = (0.0, 0.6, 0.9, 0.98)
"""How much of the average before stays after a 200th of all steps; the first leaves curves as they are."""

_PARTS = 200
_LEAST_WEIGHT = 0.05

NARROWEST = 2
"""Steps a window has at least."""


@dataclass(frozen=True, slots=True)
class Window:
    """Steps from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """From its first step to its last."""
        return self.last - self.first

    def within(self, whole: Window) -> Window:
        """The same length moved into a whole, or the whole where it is shorter."""
        if self.length >= whole.length:
            return whole
        first = min(max(self.first, whole.first), whole.last - self.length)
        return Window(first, first + self.length)


@dataclass(frozen=True, slots=True)
class View:
    """How curves are looked at. Without a window all of them is in view, also what is still to come."""

    log_scale: bool = False
    smoothing: float = 0.0
    window: Window | None = None
    cursor: int | None = None
    """The step whose values are read out."""

    def smoother(self) -> View:
        """The next smoothing, and none after the last."""
        place = bisect_left(SMOOTHINGS, self.smoothing)
        return replace(self, smoothing=SMOOTHINGS[(place + 1) % len(SMOOTHINGS)])

    def zoomed(self, factor: float, whole: Window) -> View:
        """A part `factor` as long, around the cursor or else the middle; all of it where that is no less."""
        now = self.window or whole
        length = max(round(now.length * factor), NARROWEST)
        if length >= whole.length:
            return replace(self, window=None)
        centre = self.cursor if self.cursor is not None else (now.first + now.last) / 2
        share = min(max((centre - now.first) / now.length, 0.0), 1.0) if now.length else 0.5
        first = round(centre - share * length)
        return replace(self, window=Window(first, first + length).within(whole))

    def panned(self, share: float, whole: Window) -> View:
        """The window moved by a share of its length, to the right if positive."""
        if self.window is None:
            return self
        by = round(self.window.length * share) or (1 if share > 0 else -1)
        return replace(self, window=Window(self.window.first + by, self.window.last + by).within(whole))

    def at(self, cursor: int | None, whole: Window) -> View:
        """The cursor on a step, and the window moved so that it is in view."""
        if cursor is None or self.window is None or self.window.first <= cursor <= self.window.last:
            return replace(self, cursor=cursor)
        first = cursor if cursor < self.window.first else cursor - self.window.length
        return replace(self, cursor=cursor, window=Window(first, first + self.window.length).within(whole))


def weight_for(smoothing: float, distance: float, length: int) -> float:
    """How much of the average before stays from one point of a curve to the next; 0 where it is not worth smoothing.

    The same smoothing looks the same whether a run has a hundred steps or a hundred thousand, and a curve measured
    now and then is smoothed no further along the steps than one measured at each.

    Args:
        smoothing: one of `SMOOTHINGS`, or any share below 1.
        distance: steps from one point of the curve to the next.
        length: steps from the first to the last of all curves.
    """
    if not smoothing or length <= 0:
        return 0.0
    weight = float(smoothing ** (distance * _PARTS / length))
    return weight if weight >= _LEAST_WEIGHT else 0.0


def whole_of(series: Sequence[Series]) -> Window | None:
    """From the first step of any curve to the last; None without any."""
    filled = [one.points for one in series if one.points]
    if not filled:
        return None
    return Window(min(points[0].step for points in filled), max(points[-1].step for points in filled))


def next_measured(series: Sequence[Series], step: int, by: int) -> int:
    """The nearest step with a value at least `by` steps away, to the left if negative; the last one if none is."""
    target, found = step + by, []
    for one in series:
        if not one.points:
            continue
        place = bisect_left(one.points, target, key=lambda point: point.step)
        if by < 0 and (place == len(one.points) or one.points[place].step > target):
            place -= 1
        if 0 <= place < len(one.points):
            found.append(one.points[place].step)
    whole = whole_of(series)
    if not found:
        return step if whole is None else (whole.last if by > 0 else whole.first)
    return min(found) if by > 0 else max(found)


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a curve under the cursor, and at which step it was measured."""

    curve: str
    label: str
    step: int
    value: float


def readings(series: Sequence[Series], step: int) -> tuple[Reading, ...]:
    """The values at a step; where a curve has none there, the last one before it. Curves that begin later have none."""
    found: list[Reading] = []
    for one in series:
        place = bisect_left(one.points, step + 1, key=lambda point: point.step) - 1
        if place >= 0:
            found.append(Reading(one.name, one.label, one.points[place].step, one.points[place].value))
    return tuple(found)
