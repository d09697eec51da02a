"""Curves of a job: points by step, ready to draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.jobs.job import JobEvent

KNOWN_CURVES: Mapping[str, str] = {
    "train_loss": "training loss",
    "valid_loss": "validation loss",
    "full_valid_loss": "full validation loss",
    "train_mean_token_accuracy": "training accuracy",
    "valid_mean_token_accuracy": "validation accuracy",
    "full_valid_mean_token_accuracy": "full validation accuracy",
}
_ORDER = {name: place for place, name in enumerate(KNOWN_CURVES)}


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a training step."""

    step: int
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """One curve, by step; `dropped` counts values that were not finite, `title` is a name of its own."""

    name: str
    points: tuple[Point, ...]
    dropped: int = 0
    title: str = ""

    @property
    def label(self) -> str:
        """The name in words."""
        return self.title or KNOWN_CURVES.get(self.name, self.name.replace("_", " "))


def curves(events: Iterable[JobEvent]) -> tuple[Series, ...]:
    """Every metric that arrived as a curve over the steps; the newest value of a step counts.

    Known curves come first in their usual order, others follow by name.
    """
    book = CurveBook()
    return book.read(tuple(events))


class CurveBook:
    """The curves of events that grow at their end: only what is new is read.

    As long as only later steps arrive, the points there were stay the same objects, so that whoever drew them can tell
    by looking at the first and the last.
    """

    def __init__(self) -> None:
        self._growing: dict[str, _Growing] = {}
        self._seen: Sequence[JobEvent] = ()
        self._series: tuple[Series, ...] = ()

    def read(self, events: Sequence[JobEvent]) -> tuple[Series, ...]:
        """The curves of all these events; the same tuple while they have nothing new."""
        known = len(self._seen)
        if known > len(events) or (known and (events[0], events[known - 1]) != (self._seen[0], self._seen[-1])):
            self._growing, known = {}, 0
        touched = False
        for event in events[known:]:
            if event.step is None:
                continue
            for name, value in event.metrics.items():
                self._growing.setdefault(name, _Growing()).put(event.step, value)
                touched = True
        if touched or known == 0:
            names = sorted(self._growing, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
            self._series = tuple(self._growing[name].series(name) for name in names)
        self._seen = events
        return self._series


class _Growing:
    """One curve while it grows."""

    def __init__(self) -> None:
        self._values: dict[int, float] = {}
        self._points: list[Point] = []
        self._last = -math.inf
        self._in_order = True
        self._series: Series | None = None

    def put(self, step: int, value: float) -> None:
        """Take a value; one that was there for the step is replaced."""
        self._values[step] = value
        self._series = None
        if step <= self._last:
            self._in_order = False
            return
        self._last = step
        if math.isfinite(value):
            self._points.append(Point(step, value))

    def series(self, name: str) -> Series:
        """The curve as it is now."""
        if not self._in_order:
            steps = sorted(self._values)
            self._points = [Point(step, self._values[step]) for step in steps if math.isfinite(self._values[step])]
            self._in_order = True
        if self._series is None:
            self._series = Series(name, tuple(self._points), dropped=len(self._values) - len(self._points))
        return self._series
