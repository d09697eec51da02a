"""A small shape and a small vocabulary, enough to check the arithmetic."""

from __future__ import annotations

import pytest

from fttui.engine.nano import bpe_training
from fttui.engine.nano.bpe import Tokenizer
from fttui.engine.nano.config import ModelConfig
from fttui.engine.nano.model import Model, load_base
from fttui.engine.nano.weights import Weights


@pytest.fixture(scope="session")
def base() -> Model:
    return load_base("local-nano")


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    text = "the cat sat on the mat and the dog sat on the log. 猫坐在垫子上，狗坐在木头上。"
    return bpe_training.train([text] * 3, 40)


@pytest.fixture
def small_model(tokenizer: Tokenizer) -> Model:
    config = ModelConfig(tokenizer.vocab_size, d_model=16, n_layers=2, n_heads=2, d_ff=24, context=64)
    return Model(config, Weights.random(config, seed=0), tokenizer)
