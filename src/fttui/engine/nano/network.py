"""The whole network: tokens to hidden states to a weighted loss, and back to gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fttui.engine.nano import layers as parts
from fttui.engine.nano.arrays import Floats
from fttui.engine.nano.batch import Batch
from fttui.engine.nano.weights import LayerWeights, Weights


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """What one block's derivative needs; rows n, d = d_model, f = d_ff."""

    attention_norm: tuple[Floats, Floats]
    attention_input: Floats  # (n, d)
    qkv: Floats  # (n, 3, heads, width)
    probabilities: list[Floats]
    mixed: Floats  # (n, d)
    mlp_norm: tuple[Floats, Floats]
    mlp_input: Floats  # (n, d)
    gate_up: Floats  # (n, 2f)
    sigmoid: Floats  # (n, f)
    product: Floats  # (n, f)


@dataclass(frozen=True, slots=True)
class Trace:
    """A forward pass: the states at the trained places, and what the way back needs."""

    hidden: Floats  # (m, d), after the final norm
    final_norm: tuple[Floats, Floats]
    blocks: list[LayerTrace]


@dataclass(frozen=True, slots=True)
class Predictions:
    """The head at the trained places of a batch."""

    log_probabilities: Floats  # (m,) of the targets
    correct: np.ndarray[tuple[int], np.dtype[np.bool_]]  # (m,) the target is the most likely token
    distribution: Floats  # (m, vocab)


@dataclass(frozen=True, slots=True)
class WeightedLoss:
    """Sums over the trained tokens of a batch, so that batches add up to token-weighted means."""

    loss_sum: float
    correct_sum: float
    weight_sum: float

    @property
    def mean(self) -> float:
        """Mean loss per unit of weight."""
        return self.loss_sum / self.weight_sum

    @property
    def accuracy(self) -> float:
        """Share of the weight whose token was the most likely one."""
        return self.correct_sum / self.weight_sum


def forward(weights: Weights, batch: Batch) -> Trace:
    """Run the blocks over a batch and keep the trained places of the last one."""
    config = weights.config
    cos, sin = _angles(weights, batch)
    mask = parts.causal_mask(config.context)
    x = weights.embedding[batch.inputs]
    blocks: list[LayerTrace] = []
    for layer in weights.layers:
        x, trace = _block(layer, x, batch, (cos, sin), mask, config.n_heads, config.norm_eps)
        blocks.append(trace)
    hidden, cache = parts.rms_norm(x[batch.trained], weights.final_norm, config.norm_eps)
    return Trace(hidden, cache, blocks)


def predict(weights: Weights, trace: Trace, batch: Batch) -> Predictions:
    """Apply the tied head at the trained places."""
    logits = trace.hidden @ weights.embedding.T
    rows = np.arange(len(batch.targets))
    correct = logits.argmax(axis=1) == batch.targets
    logits -= logits.max(axis=1, keepdims=True)
    chosen = logits[rows, batch.targets]
    np.exp(logits, out=logits)
    totals = logits.sum(axis=1, keepdims=True)
    logits /= totals
    return Predictions(chosen - np.log(totals[:, 0]), correct, logits)


def weighted_loss(predictions: Predictions, batch: Batch) -> WeightedLoss:
    """−Σ w·log p over the trained tokens."""
    return WeightedLoss(
        loss_sum=-float(batch.weights @ predictions.log_probabilities),
        correct_sum=float(batch.weights @ predictions.correct),
        weight_sum=float(batch.weights.sum()),
    )


def backward(
    weights: Weights, batch: Batch, trace: Trace, predictions: Predictions, token_weights: Floats, gradients: Weights
) -> None:
    """Write the gradient of −Σ token_weights·log p into `gradients`; uses up `predictions.distribution`.

    Args:
        weights: the weights of the forward pass.
        batch: its batch.
        trace: its trace.
        predictions: its predictions.
        token_weights: (m,) signed, already divided by whatever the loss is a mean over.
        gradients: overwritten.
    """
    gradients.flat[:] = 0
    dlogits = predictions.distribution
    dlogits[np.arange(len(batch.targets)), batch.targets] -= 1.0
    dlogits *= token_weights[:, None]
    np.matmul(dlogits.T, trace.hidden, out=gradients.embedding)
    dhidden = dlogits @ weights.embedding
    dx = np.zeros((len(batch.inputs), weights.config.d_model), dtype=weights.flat.dtype)
    dx[batch.trained] = parts.rms_norm_backward(dhidden, trace.final_norm, weights.final_norm, gradients.final_norm)
    angles = _angles(weights, batch)
    for layer, block, into in zip(
        reversed(weights.layers), reversed(trace.blocks), reversed(gradients.layers), strict=True
    ):
        _block_backward(layer, block, into, dx, batch, angles)
    parts.add_rows(gradients.embedding, batch.inputs.astype(np.intp), dx)


def loss_and_gradients(weights: Weights, batch: Batch, gradients: Weights) -> WeightedLoss:
    """Supervised loss, the weighted mean over the trained tokens, and its gradient."""
    trace = forward(weights, batch)
    predictions = predict(weights, trace, batch)
    loss = weighted_loss(predictions, batch)
    backward(weights, batch, trace, predictions, batch.weights / loss.weight_sum, gradients)
    return loss


def _angles(weights: Weights, batch: Batch) -> tuple[Floats, Floats]:
    config = weights.config
    cos, sin = parts.rotary_table(config.context, config.head_width, config.rope_theta)
    places = (batch.positions, None, None)
    return cos[places], sin[places]


def _block(
    layer: LayerWeights,
    x: Floats,
    batch: Batch,
    angles: tuple[Floats, Floats],
    mask: Floats,
    heads: int,
    eps: float,
) -> tuple[Floats, LayerTrace]:
    n, d = x.shape
    attention_input, attention_norm = parts.rms_norm(x, layer.attention_norm, eps)
    qkv = (attention_input @ layer.qkv).reshape(n, 3, heads, d // heads)
    parts.rotate(qkv[:, :2], *angles)
    attended, probabilities = parts.attention(qkv, batch.spans, mask)
    mixed = attended.reshape(n, d)
    x = x + mixed @ layer.attention_out
    mlp_input, mlp_norm = parts.rms_norm(x, layer.mlp_norm, eps)
    gate_up = mlp_input @ layer.gate_up
    product, sigmoid = parts.swiglu(gate_up)
    x = x + product @ layer.down
    trace = LayerTrace(
        attention_norm, attention_input, qkv, probabilities, mixed, mlp_norm, mlp_input, gate_up, sigmoid, product
    )
    return x, trace


def _block_backward(
    layer: LayerWeights,
    trace: LayerTrace,
    into: LayerWeights,
    dx: Floats,
    batch: Batch,
    angles: tuple[Floats, Floats],
) -> None:
    """Turn dx, the gradient of the block's output, into that of its input, in place."""
    np.matmul(trace.product.T, dx, out=into.down)
    dgate_up = parts.swiglu_backward(dx @ layer.down.T, trace.gate_up, trace.sigmoid)
    np.matmul(trace.mlp_input.T, dgate_up, out=into.gate_up)
    dx += parts.rms_norm_backward(dgate_up @ layer.gate_up.T, trace.mlp_norm, layer.mlp_norm, into.mlp_norm)

    np.matmul(trace.mixed.T, dx, out=into.attention_out)
    dmixed = (dx @ layer.attention_out.T).reshape(trace.qkv[:, 0].shape)
    dqkv = parts.attention_backward(dmixed, trace.qkv, trace.probabilities, batch.spans)
    cos, sin = angles
    parts.rotate(dqkv[:, :2], cos, -sin)
    flat = dqkv.reshape(len(dx), -1)
    np.matmul(trace.attention_input.T, flat, out=into.qkv)
    dx += parts.rms_norm_backward(flat @ layer.qkv.T, trace.attention_norm, layer.attention_norm, into.attention_norm)
