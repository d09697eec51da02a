"""The parts of a block, each with its derivative written by hand.

A forward function returns its output and what its derivative needs; a backward function takes the gradient of the
output, adds to the gradients of the parameters in place, and returns the gradient of the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from fttui.engine.nano.arrays import Floats, Indices

Spans = Sequence[tuple[int, int]]


def rms_norm(x: Floats, gain: Floats, eps: float) -> tuple[Floats, tuple[Floats, Floats]]:
    """x / √(mean(x²) + eps) · gain over the last axis (Zhang & Sennrich 2019)."""
    scale = 1.0 / np.sqrt(np.einsum("nd,nd->n", x, x)[:, None] / x.shape[1] + eps)
    normed = x * scale
    return normed * gain, (normed, scale)


def rms_norm_backward(dy: Floats, cache: tuple[Floats, Floats], gain: Floats, dgain: Floats) -> Floats:
    """dx = r · (g∘dy − x̂ · mean(g∘dy∘x̂))."""
    normed, scale = cache
    dgain += np.einsum("nd,nd->d", dy, normed)
    dx = dy * gain
    dx -= normed * (np.einsum("nd,nd->n", dx, normed)[:, None] / dx.shape[1])
    dx *= scale
    return dx


@lru_cache(maxsize=8)
def rotary_table(context: int, head_width: int, theta: float) -> tuple[Floats, Floats]:
    """Cosines and sines of the rotary angles, each (context, head_width / 2) (Su et al. 2021)."""
    rates = theta ** (-np.arange(0, head_width, 2, dtype=np.float64) / head_width)
    angles = np.outer(np.arange(context), rates)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def rotate(x: Floats, cos: Floats, sin: Floats) -> None:
    """Turn pairs (first half, second half) of the last axis of x (n, 2, heads, width) by their angle, in place."""
    half = x.shape[-1] // 2
    first, second = x[..., :half], x[..., half:]
    turned = first * cos
    turned -= second * sin
    second *= cos
    second += first * sin
    first[...] = turned


@lru_cache(maxsize=4)
def causal_mask(size: int) -> Floats:
    """(size, size): 0 where a row may look, −∞ to its right."""
    return np.triu(np.full((size, size), -np.inf, dtype=np.float32), k=1)


def softmax_rows(scores: Floats) -> None:
    """Softmax over the last axis, in place."""
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)


def attention(qkv: Floats, spans: Spans, mask: Floats) -> tuple[Floats, list[Floats]]:
    """Causal softmax attention within each span.

    Args:
        qkv: (n, 3, heads, width), queries and keys already rotated.
        spans: (start, end) of each example among the n rows.
        mask: `causal_mask` of at least the longest span.

    Returns:
        (n, heads, width), and the attention probabilities of each span, (heads, t, t).
    """
    scale = qkv.shape[-1] ** -0.5
    mixed = np.empty_like(qkv[:, 0])
    kept: list[Floats] = []
    for start, end in spans:
        q, k, v = qkv[start:end].transpose(1, 2, 0, 3)
        scores = q @ k.transpose(0, 2, 1)
        scores *= scale
        scores += mask[: end - start, : end - start]
        softmax_rows(scores)
        np.matmul(scores, v, out=mixed[start:end].transpose(1, 0, 2))
        kept.append(scores)
    return mixed, kept


def attention_backward(dmixed: Floats, qkv: Floats, kept: list[Floats], spans: Spans) -> Floats:
    """Gradient of qkv; for the scores dS = P∘(dP − Σ dP∘P) · scale."""
    scale = qkv.shape[-1] ** -0.5
    dqkv = np.empty_like(qkv)
    for (start, end), probabilities in zip(spans, kept, strict=True):
        q, k, v = qkv[start:end].transpose(1, 2, 0, 3)
        dq, dk, dv = dqkv[start:end].transpose(1, 2, 0, 3)
        dout = dmixed[start:end].transpose(1, 0, 2)
        np.matmul(probabilities.transpose(0, 2, 1), dout, out=dv)
        dscores = dout @ v.transpose(0, 2, 1)
        dscores -= np.einsum("hts,hts->ht", dscores, probabilities)[:, :, None]
        dscores *= probabilities
        dscores *= scale
        np.matmul(dscores, k, out=dq)
        np.matmul(dscores.transpose(0, 2, 1), q, out=dk)
    return dqkv


def swiglu(gate_up: Floats) -> tuple[Floats, Floats]:
    """gate · σ(gate) · up for gate_up (n, 2f) (Shazeer 2020), and σ(gate)."""
    gate, up = _halves(gate_up)
    # The hyperbolic tangent gives the logistic function without overflow at either end.
    sigmoid = np.tanh(gate * 0.5)
    sigmoid *= 0.5
    sigmoid += 0.5
    product = gate * sigmoid
    product *= up
    return product, sigmoid


def swiglu_backward(dproduct: Floats, gate_up: Floats, sigmoid: Floats) -> Floats:
    """dup = dz∘gate·σ(gate), dgate = dz∘up∘(σ + gate·σ·(1−σ))."""
    gate, up = _halves(gate_up)
    dgate_up = np.empty_like(gate_up)
    dgate, dup = _halves(dgate_up)
    silu = gate * sigmoid
    np.multiply(dproduct, silu, out=dup)
    # σ + gate·σ·(1−σ) = σ + silu − silu·σ
    np.multiply(silu, sigmoid, out=dgate)
    np.subtract(silu, dgate, out=dgate)
    dgate += sigmoid
    dgate *= up
    dgate *= dproduct
    return dgate_up


def add_rows(target: Floats, rows: Indices, values: Floats) -> None:
    """target[rows] += values where rows repeat; the sum runs in a fixed order, so it is the same every time."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    target[ordered[starts]] += np.add.reduceat(values[order], starts, axis=0)


def _halves(x: Floats) -> tuple[Floats, Floats]:
    half = x.shape[1] // 2
    return x[:, :half], x[:, half:]
