"""All parameters of a model as views of one flat vector.

One vector makes the optimizer a handful of vector operations, and a checkpoint one array.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from fttui.engine.nano.arrays import Floats
from fttui.engine.nano.config import ModelConfig

_EMBEDDING_STD = 0.02
# Outputs into the residual stream start smaller, so that depth does not inflate it.
_RESIDUAL_OUTPUT_SCALE = 0.5


@dataclass(frozen=True, slots=True)
class Parameter:
    """Where one parameter lies in the flat vector; `std` is that of its initial normal draw, 0 for all ones."""

    name: str
    offset: int
    shape: tuple[int, ...]
    std: float

    @property
    def size(self) -> int:
        """Number of values."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """Parameters (or gradients) of one block, d = d_model, f = d_ff; matrices are applied from the right."""

    qkv: Floats  # (d, 3d)
    attention_out: Floats  # (d, d)
    gate_up: Floats  # (d, 2f)
    down: Floats  # (f, d)
    attention_norm: Floats  # (d,)
    mlp_norm: Floats  # (d,)


class Weights:
    """Named views of a flat vector; the same class holds weights, gradients and moments."""

    __slots__ = ("config", "embedding", "final_norm", "flat", "layers")

    def __init__(self, config: ModelConfig, flat: Floats) -> None:
        """Wrap `flat`, whose length is `parameter_count(config)`."""
        self.config = config
        self.flat = flat
        views = {p.name: flat[p.offset : p.offset + p.size].reshape(p.shape) for p in parameters(config)}
        self.embedding = views["embedding"]
        self.final_norm = views["final_norm"]
        names = LayerWeights.__dataclass_fields__
        self.layers = tuple(
            LayerWeights(**{name: views[f"layers.{i}.{name}"] for name in names}) for i in range(config.n_layers)
        )

    @classmethod
    def zeros(cls, config: ModelConfig) -> Weights:
        """All zero: a gradient before anything was added to it."""
        return cls(config, np.zeros(parameter_count(config), dtype=np.float32))

    @classmethod
    def random(cls, config: ModelConfig, seed: int) -> Weights:
        """A fresh model: N(0, 1/√fan_in), halved on outputs into the residual stream, 0.02 for embeddings."""
        rng = np.random.default_rng(seed)
        weights = cls.zeros(config)
        for p in parameters(config):
            draw = rng.standard_normal(p.size, dtype=np.float32) * np.float32(p.std) if p.std else 1.0
            weights.flat[p.offset : p.offset + p.size] = draw
        return weights

    def norm(self) -> float:
        """Euclidean length of the whole vector."""
        return sqrt(float(self.flat @ self.flat))

    def copy(self) -> Weights:
        """An independent copy."""
        return Weights(self.config, self.flat.copy())


def parameters(config: ModelConfig) -> Iterator[Parameter]:
    """Every parameter in the order of the flat vector: matrices first, so that weight decay is one slice."""
    offset = 0
    for name, shape, std in (*_matrices(config), *_gains(config)):
        yield Parameter(name, offset, shape, std)
        offset += prod(shape)


def parameter_count(config: ModelConfig) -> int:
    """Length of the flat vector."""
    return matrix_count(config) + sum(prod(shape) for _, shape, _ in _gains(config))


def matrix_count(config: ModelConfig) -> int:
    """How many leading values of the flat vector belong to matrices, which decay; the rest are gains, which do not."""
    return sum(prod(shape) for _, shape, _ in _matrices(config))


_Spec = tuple[str, tuple[int, ...], float]


def _matrices(config: ModelConfig) -> Iterator[_Spec]:
    d, f = config.d_model, config.d_ff
    yield "embedding", (config.vocab_size, d), _EMBEDDING_STD
    for i in range(config.n_layers):
        yield f"layers.{i}.qkv", (d, 3 * d), d**-0.5
        yield f"layers.{i}.attention_out", (d, d), d**-0.5 * _RESIDUAL_OUTPUT_SCALE
        yield f"layers.{i}.gate_up", (d, 2 * f), d**-0.5
        yield f"layers.{i}.down", (f, d), f**-0.5 * _RESIDUAL_OUTPUT_SCALE


def _gains(config: ModelConfig) -> Iterator[_Spec]:
    for i in range(config.n_layers):
        yield f"layers.{i}.attention_norm", (config.d_model,), 0.0
        yield f"layers.{i}.mlp_norm", (config.d_model,), 0.0
    yield "final_norm", (config.d_model,), 0.0
