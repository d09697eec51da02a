"""Curves of a job: points by step, ready to draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a training step."""

    step: int
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """One curve, by step; `dropped` counts values that were not finite."""

    name: str
    points: tuple[Point, ...]
    dropped: int = 0

    @property
    def label(self) -> str:
        """The name in words."""
        return KNOWN_CURVES.get(self.name, self.name.replace("_", " "))


def curves(events: Iterable[JobEvent]) -> tuple[Series, ...]:
    """Every metric that arrived as a curve over the steps; the newest value of a step counts.

    Known curves come first in their usual order, others follow by name.
    """
    values: dict[str, dict[int, float]] = {}
    for event in events:
        if event.step is None:
            continue
        for name, value in event.metrics.items():
            values.setdefault(name, {})[event.step] = value
    order = {name: place for place, name in enumerate(KNOWN_CURVES)}
    names = sorted(values, key=lambda name: (order.get(name, len(order)), name))
    return tuple(_finite(name, values[name]) for name in names)


def _finite(name: str, by_step: Mapping[int, float]) -> Series:
    points = tuple(Point(step, by_step[step]) for step in sorted(by_step) if math.isfinite(by_step[step]))
    return Series(name, points, dropped=len(by_step) - len(points))
