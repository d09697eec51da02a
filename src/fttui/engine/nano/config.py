"""The shape of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Sizes of a Llama-shaped model with tied embeddings and no biases.

    Args:
        vocab_size: number of token ids.
        d_model: width of the residual stream.
        n_layers: number of blocks.
        n_heads: attention heads; each is d_model / n_heads wide, and that width is even.
        d_ff: width of the gated feed-forward layer, about 8/3 of d_model.
        context: longest sequence in tokens.
        rope_theta: base of the rotary angles.
        norm_eps: added to the mean square in RMSNorm.
    """

    vocab_size: int
    d_model: int = 128
    n_layers: int = 3
    n_heads: int = 4
    d_ff: int = 344
    context: int = 512
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        if self.d_model % self.n_heads or (self.d_model // self.n_heads) % 2:
            raise ValueError(f"{self.n_heads} heads do not divide a width of {self.d_model} into even parts")

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.d_model // self.n_heads

    def as_dict(self) -> dict[str, int | float]:
        """The sizes as plain numbers, for a checkpoint's header."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: object) -> ModelConfig:
        """The inverse of `as_dict`.

        Raises:
            KeyError: a size is missing.
            TypeError: this is no dictionary of numbers.
            ValueError: the sizes do not go together.
        """
        if not isinstance(values, Mapping):
            raise TypeError("sizes are not a dictionary")
        sizes = {field.name: values[field.name] for field in fields(cls)}
        if not all(isinstance(size, (int, float)) for size in sizes.values()):
            raise TypeError("a size is not a number")
        return cls(**sizes)
