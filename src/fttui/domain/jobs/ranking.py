"""Which checkpoint is the best one, and by what."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fttui.domain.jobs.job import Checkpoint

MEASURES: tuple[str, ...] = ("full_valid_loss", "valid_loss")
"""Losses on rows that were not trained on, the more telling one first. The training loss ranks nothing:
it falls while a model memorises."""


def measure_of(checkpoints: Sequence[Checkpoint]) -> str | None:
    """The measure all of these checkpoints can be compared by, or None."""
    for name in MEASURES:
        if checkpoints and all(math.isfinite(one.metrics.get(name, math.nan)) for one in checkpoints):
            return name
    return None


def best(checkpoints: Sequence[Checkpoint]) -> Checkpoint | None:
    """The checkpoint with the lowest loss on rows kept back; the earlier of equals, None where nothing tells."""
    name = measure_of(checkpoints)
    if name is None:
        return None
    return min(checkpoints, key=lambda one: (one.metrics[name], one.step))
