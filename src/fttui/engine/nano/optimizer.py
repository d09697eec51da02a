"""AdamW over the flat vector, and its learning rate schedule."""

from __future__ import annotations

from math import sqrt

import numpy as np

from fttui.engine.nano.arrays import Floats
from fttui.engine.nano.weights import Weights, matrix_count

BETA1, BETA2, EPSILON = 0.9, 0.98, 1e-8
WEIGHT_DECAY = 0.01
MAX_GRADIENT_NORM = 1.0
WARM_UP_SHARE = 0.05
FINAL_SHARE = 0.1
# Values per pass: the four vectors of a pass then stay in the processor's second cache.
_CHUNK = 1 << 15


def learning_rate_at(step: int, total_steps: int, peak: float) -> float:
    """Linear warm-up over the first 5 % of steps, then linear decay to a tenth of the peak; steps count from 1."""
    warm_up = max(1, round(total_steps * WARM_UP_SHARE))
    if step <= warm_up:
        return peak * step / warm_up
    return peak * (1 - (1 - FINAL_SHARE) * (step - warm_up) / (total_steps - warm_up))


class AdamW:
    """Adam with decoupled weight decay on matrices (Loshchilov & Hutter 2019) and clipping of the gradient's norm."""

    def __init__(self, weights: Weights, first: Floats | None = None, second: Floats | None = None) -> None:
        """Start with zero moments, or with those of a checkpoint."""
        self.weights = weights
        self.first = np.zeros_like(weights.flat) if first is None else first
        self.second = np.zeros_like(weights.flat) if second is None else second
        self._decaying = matrix_count(weights.config)

    def update(self, gradients: Weights, norm: float, step: int, learning_rate: float) -> None:
        """Change the weights by one step.

        Args:
            gradients: of the mean loss; used up.
            norm: their norm, for clipping.
            step: which update this is, from 1, for the bias correction.
            learning_rate: for this step.
        """
        gradient = gradients.flat
        clip = min(1.0, MAX_GRADIENT_NORM / (norm + 1e-6))
        self.weights.flat[: self._decaying] *= 1 - learning_rate * WEIGHT_DECAY
        rate = learning_rate / (1 - BETA1**step)
        second_scale = 1 / sqrt(1 - BETA2**step)
        for start in range(0, len(gradient), _CHUNK):
            part = slice(start, start + _CHUNK)
            g, m, v = gradient[part], self.first[part], self.second[part]
            g *= clip
            m *= BETA1
            m += g * (1 - BETA1)
            v *= BETA2
            g *= g
            g *= 1 - BETA2
            v += g
            np.sqrt(v, out=g)
            g *= second_scale
            g += EPSILON
            np.divide(m, g, out=g)
            g *= rate
            self.weights.flat[part] -= g
