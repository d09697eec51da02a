"""Which curves share an axis: losses, accuracies, rewards, and each other measure on one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fttui.domain.jobs.series import Series

LOSS, ACCURACY, REWARD = "loss", "accuracy", "reward"

_SUBJECTS = ((LOSS, "loss"), (ACCURACY, "accurac"), (REWARD, "reward"))
_SPLIT = re.compile(r"^(?:(?:full_)?(?:train|valid|validation|eval|test)[_/.]|full_valid_)+")


@dataclass(frozen=True, slots=True)
class Tab:
    """An axis of its own: its name, and the curves on it."""

    name: str
    curves: tuple[Series, ...]


NO_CURVES = Tab(LOSS, ())


@dataclass(frozen=True, slots=True)
class Run:
    """A job among others: a short name, and its curves."""

    name: str
    curves: tuple[Series, ...]


def tab_name(metric: str) -> str:
    """The axis a metric belongs on, by its name; a measure of no known kind shares one with its other splits.

    `train_loss` and `full_valid_loss` are losses, `rewards/chosen` is a reward; `train_entropy` and `valid_entropy`
    share the axis `entropy`.
    """
    lowered = metric.lower()
    for name, sign in _SUBJECTS:
        if sign in lowered:
            return name
    stem = _SPLIT.sub("", lowered) or lowered
    return stem.split("/")[0].replace("_", " ")


def tabs(series: Iterable[Series]) -> tuple[Tab, ...]:
    """The axes there are curves for: losses, accuracies, rewards first, then the others by name."""
    grouped: dict[str, list[Series]] = {}
    for one in series:
        grouped.setdefault(tab_name(one.name), []).append(one)
    usual = [name for name, _ in _SUBJECTS if name in grouped]
    return tuple(Tab(name, tuple(grouped[name])) for name in (*usual, *sorted(grouped.keys() - set(usual))))


def overlays(runs: Sequence[Run]) -> tuple[Tab, ...]:
    """The metrics at least one of several runs has, each with one curve of every run that has it.

    The curves bear the runs' names; the metrics come in the order of the first run that has them.
    """
    found: dict[str, dict[int, Series]] = {}
    for place, run in enumerate(runs):
        for one in run.curves:
            found.setdefault(one.name, {})[place] = Series(run_key(place), one.points, one.dropped, run.name)
    return tuple(
        Tab(Series(name, ()).label, tuple(by_run[place] for place in sorted(by_run))) for name, by_run in found.items()
    )


def run_key(place: int) -> str:
    """What the curves of a run are called in an overlay."""
    return f"run {place + 1}"


def run_place(key: str) -> int:
    """Which of the runs a curve of an overlay is of, from 0."""
    return int(key.removeprefix("run ")) - 1
