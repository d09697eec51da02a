"""The derivative written by hand, against differences and against torch."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from fttui.engine.nano.arrays import Floats
from fttui.engine.nano.batch import pack
from fttui.engine.nano.config import ModelConfig
from fttui.engine.nano.network import backward, forward, loss_and_gradients, predict, weighted_loss
from fttui.engine.nano.rendering import RenderedExample
from fttui.engine.nano.weights import Parameter, Weights, parameters
from nano_examples import random_examples

SHAPE = ModelConfig(vocab_size=31, d_model=16, n_layers=2, n_heads=2, d_ff=24, context=32)
BATCH = pack(random_examples(SHAPE.vocab_size, [9, 14, 5]))


def double_precision_weights() -> Weights:
    flat = Weights.random(SHAPE, seed=1).flat.astype(np.float64)
    # Away from the starting point, where gains of exactly 1 and tiny embeddings would hide mistakes.
    flat += np.random.default_rng(2).standard_normal(flat.size) * 0.1
    return Weights(SHAPE, cast("Floats", flat))


def loss(weights: Weights) -> float:
    return weighted_loss(predict(weights, forward(weights, BATCH), BATCH), BATCH).mean


@pytest.mark.parametrize("parameter", list(parameters(SHAPE)), ids=lambda parameter: parameter.name)
def test_the_gradient_is_the_slope_of_the_loss(parameter: Parameter) -> None:
    weights = double_precision_weights()
    gradients = Weights(SHAPE, np.zeros_like(weights.flat))
    loss_and_gradients(weights, BATCH, gradients)

    rng = np.random.default_rng(3)
    for place in parameter.offset + rng.choice(parameter.size, min(12, parameter.size), replace=False):
        middle, step = weights.flat[place], 1e-5
        weights.flat[place] = middle + step
        above = loss(weights)
        weights.flat[place] = middle - step
        below = loss(weights)
        weights.flat[place] = middle
        slope = (above - below) / (2 * step)
        assert gradients.flat[place] == pytest.approx(slope, rel=1e-5, abs=1e-9)


def test_negative_token_weights_turn_the_gradient_around() -> None:
    weights = double_precision_weights()
    found = []
    for sign in (1.0, -1.0):
        gradients = Weights(SHAPE, np.zeros_like(weights.flat))
        trace = forward(weights, BATCH)
        backward(weights, BATCH, trace, predict(weights, trace, BATCH), sign * BATCH.weights, gradients)
        found.append(gradients.flat)

    np.testing.assert_allclose(found[0], -found[1], atol=1e-15)


def test_an_example_gives_the_same_gradient_alone_as_between_others() -> None:
    weights = double_precision_weights()
    examples = random_examples(SHAPE.vocab_size, [9, 14, 5])
    together = Weights(SHAPE, np.zeros_like(weights.flat))
    loss_and_gradients(weights, pack(examples), together)

    summed = np.zeros_like(weights.flat)
    total = sum(float(example.weights[1:].sum()) for example in examples)
    for example in examples:
        alone = Weights(SHAPE, np.zeros_like(weights.flat))
        share = loss_and_gradients(weights, pack([example]), alone).weight_sum / total
        summed += alone.flat * share

    np.testing.assert_allclose(together.flat, summed, atol=1e-7)


def test_a_token_without_weight_adds_nothing_to_the_gradient() -> None:
    weights = double_precision_weights()
    example = random_examples(SHAPE.vocab_size, [12])[0]
    mask = np.zeros(12, dtype=np.float32)
    mask[4] = 1.0
    found = []
    for tail in (3, 17):
        tokens = example.tokens.copy()
        # What comes after the only trained token can neither be seen by it nor count for itself.
        tokens[5:] = tail
        gradients = Weights(SHAPE, np.zeros_like(weights.flat))
        loss_and_gradients(weights, pack([RenderedExample(tokens, mask, truncated=False)]), gradients)
        found.append(gradients.flat)

    np.testing.assert_array_equal(found[0], found[1])


@pytest.mark.torch
def test_loss_and_gradients_are_those_of_torch() -> None:
    pytest.importorskip("torch")
    from nano_torch import torch_loss_and_gradients

    weights = Weights.random(SHAPE, seed=1)
    gradients = Weights.zeros(SHAPE)
    ours = loss_and_gradients(weights, BATCH, gradients)
    theirs, their_gradients = torch_loss_and_gradients(weights, BATCH)

    assert ours.mean == pytest.approx(theirs, abs=1e-5)
    for parameter in parameters(SHAPE):
        part = slice(parameter.offset, parameter.offset + parameter.size)
        np.testing.assert_allclose(gradients.flat[part], their_gradients[part], atol=1e-5, err_msg=parameter.name)
