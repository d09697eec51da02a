"""How whole numbers spread: from how often each value occurs to quantiles and a histogram."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fttui.domain.dataset.report import Distribution

BINS = 24


def distribution_of(occurrences: Mapping[int, int], bins: int = BINS) -> Distribution:
    """Describe values by how often each occurs; quantiles are the nearest rank, bins equally wide."""
    values = sorted(occurrences)
    number = sum(occurrences.values())
    if not number:
        return Distribution(0, 0, 0, 0.0, 0, 0)
    total = sum(value * count for value, count in occurrences.items())
    low, high = values[0], values[-1]
    width = max(math.ceil((high - low + 1) / bins), 1)
    counts = [0] * ((high - low) // width + 1)
    for value, count in occurrences.items():
        counts[(value - low) // width] += count
    return Distribution(
        total=total,
        minimum=low,
        maximum=high,
        mean=total / number,
        p50=_quantile(values, occurrences, number, 0.5),
        p95=_quantile(values, occurrences, number, 0.95),
        counts=tuple(counts),
    )


def _quantile(values: list[int], occurrences: Mapping[int, int], number: int, share: float) -> int:
    rank = max(math.ceil(share * number), 1)
    seen = 0
    for value in values:
        seen += occurrences[value]
        if seen >= rank:
            return value
    return values[-1]
