"""Examples of random tokens, for checking the arithmetic of the small model."""

from __future__ import annotations

import numpy as np

from fttui.engine.nano.rendering import RenderedExample


def random_examples(vocab_size: int, lengths: list[int], seed: int = 0) -> list[RenderedExample]:
    """Examples of random tokens; about half of them are trained on, the last one always is."""
    rng = np.random.default_rng(seed)
    examples = []
    for length in lengths:
        weights = rng.choice([0.0, 1.0], length).astype(np.float32)
        weights[-1] = 1.0
        tokens = rng.integers(0, vocab_size, length).astype(np.int32)
        examples.append(RenderedExample(tokens, weights, truncated=False))
    return examples
