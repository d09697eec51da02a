"""The network one token at a time, with the keys and values of earlier tokens kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fttui.engine.nano import layers as parts
from fttui.engine.nano.arrays import Floats
from fttui.engine.nano.weights import LayerWeights, Weights


class KeyValueCache:
    """A sequence in progress. Several of them may run over the same weights at once."""

    def __init__(self, weights: Weights) -> None:
        """Start an empty sequence."""
        config = weights.config
        self.length = 0
        self._weights = weights
        shape = (config.n_layers, 2, config.n_heads, config.context, config.head_width)
        self._kept = np.empty(shape, dtype=weights.flat.dtype)

    def extend(self, tokens: Sequence[int]) -> Floats:
        """Append tokens and return the (vocab,) logits of what follows.

        Raises:
            ValueError: the sequence would be longer than the model's context.
        """
        weights, config = self._weights, self._weights.config
        end = self.length + len(tokens)
        if end > config.context:
            raise ValueError(f"{end} tokens do not fit into a context of {config.context}")
        cos, sin = parts.rotary_table(config.context, config.head_width, config.rope_theta)
        angles = (cos[self.length : end, None, None], sin[self.length : end, None, None])
        x = weights.embedding[list(tokens)]
        for layer, kept in zip(weights.layers, self._kept, strict=True):
            normed, _ = parts.rms_norm(x, layer.attention_norm, config.norm_eps)
            x = x + self._attend(normed, layer, kept, angles) @ layer.attention_out
            normed, _ = parts.rms_norm(x, layer.mlp_norm, config.norm_eps)
            product, _ = parts.swiglu(normed @ layer.gate_up)
            x += product @ layer.down
        self.length = end
        last, _ = parts.rms_norm(x[-1:], weights.final_norm, config.norm_eps)
        logits: Floats = weights.embedding @ last[0]
        return logits

    def _attend(self, normed: Floats, layer: LayerWeights, kept: Floats, angles: tuple[Floats, Floats]) -> Floats:
        count, start, end = len(normed), self.length, self.length + len(normed)
        config = self._weights.config
        qkv = (normed @ layer.qkv).reshape(count, 3, config.n_heads, config.head_width)
        parts.rotate(qkv[:, :2], *angles)
        kept[:, :, start:end] = qkv[:, 1:].transpose(1, 2, 0, 3)
        keys, values = kept[:, :, :end]
        scores = qkv[:, 0].transpose(1, 0, 2) @ keys.transpose(0, 2, 1)
        scores *= config.head_width**-0.5
        if count > 1:
            scores += parts.causal_mask(config.context)[start:end, :end]
        parts.softmax_rows(scores)
        mixed: Floats = (scores @ values).transpose(1, 0, 2).reshape(count, -1)
        return mixed
