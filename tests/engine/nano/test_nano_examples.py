"""Packed examples are the examples that were packed, in a few bytes a token."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from fttui.engine.nano.examples import PackedExamples, packed
from fttui.engine.nano.rendering import RenderedExample
from nano_examples import random_examples


def plain(tokens: list[int], weights: list[float]) -> RenderedExample:
    return RenderedExample(np.array(tokens, np.int32), np.array(weights, np.float32), truncated=True)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param([], id="random weights"),
        pytest.param([plain([3, 65535, 0], [0, 1, 1])], id="small"),
        pytest.param([plain([3, 65536, 0], [0, 1, 1])], id="a large vocabulary"),
        pytest.param([plain([1, 2, 3], [0, 0.1, -1e30])], id="any weights"),
        pytest.param([plain([1, 2, 3], [0, float("nan"), 1])], id="a weight that is no number"),
    ],
)
@pytest.mark.parametrize("lengths", [[1, 7, 30, 2], [5]], ids=str)
def test_what_comes_out_is_what_went_in(more: list[RenderedExample], lengths: list[int]) -> None:
    examples = [*more, *(random_examples(500, lengths) if len(lengths) > 1 else []), plain([9] * 4, [0] * 4), *more]

    kept = PackedExamples(examples)

    assert len(kept) == len(examples)
    for before, after in zip(examples, kept, strict=True):
        assert after.tokens.dtype == np.int32
        assert after.weights.dtype == np.float32
        assert np.array_equal(before.tokens, after.tokens)
        assert np.array_equal(before.weights, after.weights, equal_nan=True)
        assert before.truncated is after.truncated
    assert kept.truncated == sum(example.truncated for example in examples)
    assert kept.trainable.tolist() == [place for place, example in enumerate(examples) if example.trainable]
    assert np.array_equal(kept[-1].tokens, examples[-1].tokens)
    with pytest.raises(IndexError):
        kept[len(examples)]


def test_no_examples_are_none() -> None:
    kept = PackedExamples([])

    assert (len(kept), list(kept), kept.truncated, kept.trainable.tolist()) == (0, [], 0, [])


def test_what_is_packed_is_not_packed_again() -> None:
    kept = PackedExamples(random_examples(50, [3]))

    assert packed(kept) is kept


def test_memory_is_a_small_multiple_of_the_tokens() -> None:
    count, length = 5000, 20

    def many() -> Iterator[RenderedExample]:
        for number in range(count):
            yield RenderedExample(np.full(length, number % 9, np.int32), np.ones(length, np.float32), truncated=False)

    tracemalloc.start()
    kept = PackedExamples(many())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(kept) == count
    assert peak < 5 * count * length
