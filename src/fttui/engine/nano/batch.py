"""Several examples laid end to end, without padding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fttui.engine.nano.arrays import Floats, Indices, Tokens
from fttui.engine.nano.rendering import RenderedExample


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of n tokens in all, as one row of inputs with the next token as target.

    Args:
        inputs: (n,) token ids.
        positions: (n,) position of each token in its own example.
        spans: (start, end) of each example in the row.
        trained: (m,) places whose target carries a loss weight other than 0.
        targets: (m,) the token to predict at each trained place.
        weights: (m,) the loss weight there; may be negative for methods that push tokens away.
        tokens: how many tokens the examples hold together, each example's last one included.
    """

    inputs: Tokens
    positions: Indices
    spans: tuple[tuple[int, int], ...]
    trained: Indices
    targets: Tokens
    weights: Floats
    tokens: int


def pack(examples: Sequence[RenderedExample]) -> Batch:
    """Lay examples end to end; places behind the last trained target of an example are left out.

    Args:
        examples: at least one, each with at least one weighted token after its first.
    """
    inputs, positions, spans, trained, targets, weights = [], [], [], [], [], []
    start = 0
    for example in examples:
        places = np.flatnonzero(example.weights[1:])
        length = int(places[-1]) + 1
        inputs.append(example.tokens[:length])
        positions.append(np.arange(length))
        spans.append((start, start + length))
        trained.append(places + start)
        targets.append(example.tokens[places + 1])
        weights.append(example.weights[places + 1])
        start += length
    return Batch(
        inputs=np.concatenate(inputs),
        positions=np.concatenate(positions),
        spans=tuple(spans),
        trained=np.concatenate(trained),
        targets=np.concatenate(targets),
        weights=np.concatenate(weights),
        tokens=sum(len(example.tokens) for example in examples),
    )


def packs(examples: Iterable[RenderedExample], max_tokens: int) -> Iterator[Batch]:
    """All examples in order, in batches of at most about `max_tokens` tokens, for evaluation."""
    waiting: list[RenderedExample] = []
    size = 0
    for example in examples:
        if waiting and size + len(example.tokens) > max_tokens:
            yield pack(waiting)
            waiting, size = [], 0
        waiting.append(example)
        size += len(example.tokens)
    if waiting:
        yield pack(waiting)
