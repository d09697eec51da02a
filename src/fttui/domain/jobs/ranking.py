"""Which checkpoint is the best one, and by what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from fttui.domain.jobs.job import Checkpoint


class Ranking(StrEnum):
    """By what checkpoints are ranked."""

    LOSS = "loss"
    ACCURACY = "accuracy"
    REWARD = "reward"


MEASURES: dict[Ranking, tuple[str, ...]] = {
    Ranking.LOSS: ("full_valid_loss", "valid_loss"),
    Ranking.ACCURACY: ("full_valid_mean_token_accuracy", "valid_mean_token_accuracy"),
    Ranking.REWARD: ("full_valid_mean_reward", "valid_mean_reward"),
}
"""Measures on rows that were not trained on, the more telling one first. Training ones rank nothing:
they get better while a model memorises."""


def rankings_of(checkpoints: Sequence[Checkpoint]) -> tuple[Ranking, ...]:
    """By what these checkpoints can be ranked, the usual first."""
    return tuple(one for one in Ranking if measure_of(checkpoints, one) is not None)


def measure_of(checkpoints: Sequence[Checkpoint], by: Ranking | None = None) -> str | None:
    """The measure all of these checkpoints can be compared by, or None.

    Args:
        checkpoints: those of one job.
        by: the kind of measure; the usual one if None.
    """
    if by is None:
        by = next(iter(rankings_of(checkpoints)), Ranking.LOSS)
    for name in MEASURES[by]:
        if checkpoints and all(math.isfinite(one.metrics.get(name, math.nan)) for one in checkpoints):
            return name
    return None


def ranked(checkpoints: Sequence[Checkpoint], by: Ranking | None = None) -> tuple[Checkpoint, ...]:
    """The best one first, the earlier of equals before the later; by step where nothing tells."""
    name = measure_of(checkpoints, by)
    if name is None:
        return tuple(sorted(checkpoints, key=lambda one: one.step))
    sign = 1.0 if name in MEASURES[Ranking.LOSS] else -1.0
    return tuple(sorted(checkpoints, key=lambda one: (sign * one.metrics[name], one.step)))


def best(checkpoints: Sequence[Checkpoint], by: Ranking | None = None) -> Checkpoint | None:
    """The checkpoint that does best on rows kept back; the earlier of equals, None where nothing tells."""
    return ranked(checkpoints, by)[0] if measure_of(checkpoints, by) is not None else None
