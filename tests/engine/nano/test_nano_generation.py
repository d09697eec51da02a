"""Answers token by token."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fttui.engine.nano.batch import pack
from fttui.engine.nano.generation import GeneratedToken, GenerationSettings, generate
from fttui.engine.nano.inference import KeyValueCache
from fttui.engine.nano.model import Model
from fttui.engine.nano.network import forward
from fttui.engine.nano.rendering import RenderedExample, render_prompt

GREEDY = GenerationSettings(temperature=0)


def answer(model: Model, said: str, settings: GenerationSettings) -> list[GeneratedToken]:
    prompt = render_prompt([{"role": "user", "content": said}], model.tokenizer, model.config.context)
    return list(generate(model, prompt, settings))


def text_of(steps: list[GeneratedToken]) -> str:
    return "".join(step.text for step in steps)


@pytest.mark.parametrize("pieces", [[20], [1] * 20, [7, 1, 1, 6, 5]])
def test_the_cache_gives_what_the_whole_sequence_gives(small_model: Model, pieces: list[int]) -> None:
    tokens = np.random.default_rng(0).integers(0, small_model.config.vocab_size, 21).astype(np.int32)
    mask = np.ones(21, dtype=np.float32)
    hidden = forward(small_model.weights, pack([RenderedExample(tokens, mask, truncated=False)])).hidden
    whole = hidden @ small_model.weights.embedding.T

    cache, done = KeyValueCache(small_model.weights), 0
    for size in pieces:
        logits = cache.extend(tokens[done : done + size].tolist())
        done += size
        np.testing.assert_allclose(logits, whole[done - 1], atol=1e-5)


def test_without_temperature_the_answer_is_the_same_every_time(base: Model) -> None:
    assert answer(base, "Hello", GREEDY) == answer(base, "Hello", GREEDY)


def test_a_seed_fixes_the_answer_and_another_gives_another(base: Model) -> None:
    def sampled(seed: int) -> str:
        return text_of(answer(base, "Tell me a story", GenerationSettings(temperature=1.5, seed=seed, max_tokens=30)))

    assert sampled(1) == sampled(1)
    assert len({sampled(seed) for seed in range(5)}) > 1


def test_a_tiny_top_p_is_greedy(base: Model) -> None:
    narrow = GenerationSettings(temperature=1.0, top_p=1e-6, seed=3)

    assert text_of(answer(base, "Hello", narrow)) == text_of(answer(base, "Hello", GREEDY))


def test_samples_follow_the_probabilities(base: Model) -> None:
    first = answer(base, "Name a colour", GenerationSettings(temperature=0, max_tokens=1, top_logprobs=1))[0]
    chance = math.exp(first.top[0].logprob)
    drawn = [
        answer(base, "Name a colour", GenerationSettings(seed=seed, max_tokens=1))[0].chosen.token
        for seed in range(150)
    ]
    share = drawn.count(first.top[0].token) / len(drawn)

    # Four standard deviations of a share of 150 draws; the draws are seeded, so this holds always or never.
    assert share == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / len(drawn)) + 1e-3)


def test_the_end_of_the_turn_stops(base: Model) -> None:
    steps = answer(base, "Hello", GREEDY)

    assert steps[-1].finish_reason == "stop"
    assert steps[-1].ends_turn
    assert steps[-1].chosen.bytes == b""
    assert all(step.finish_reason is None for step in steps[:-1])


def test_the_limit_of_tokens_is_kept_and_told(base: Model) -> None:
    steps = answer(base, "Hello", GenerationSettings(temperature=0, max_tokens=2))

    assert len(steps) == 2
    assert steps[-1].finish_reason == "length"


def test_a_full_context_ends_the_answer(small_model: Model) -> None:
    context = small_model.config.context
    steps = list(generate(small_model, [0] * (context - 3), GenerationSettings(seed=1)))

    assert len(steps) <= 3
    assert steps[-1].finish_reason == ("stop" if steps[-1].ends_turn else "length")


def test_a_stop_string_is_not_shown_even_when_it_spans_tokens(base: Model) -> None:
    whole = text_of(answer(base, "Hello", GREEDY))
    stop = whole[3:8]
    steps = answer(base, "Hello", GenerationSettings(temperature=0, stop=(stop, "never said")))

    assert text_of(steps) == whole[: whole.index(stop)]
    assert steps[-1].finish_reason == "stop"
    assert not steps[-1].ends_turn


def test_text_that_only_begins_like_a_stop_string_is_shown_in_the_end(base: Model) -> None:
    whole = text_of(answer(base, "Hello", GREEDY))
    steps = answer(base, "Hello", GenerationSettings(temperature=0, stop=(whole[-3:] + "#",)))

    assert text_of(steps) == whole


def test_the_alternatives_are_the_most_likely_tokens_in_order(base: Model) -> None:
    for step in answer(base, "Hello", GenerationSettings(temperature=0, top_logprobs=20)):
        logprobs = [chance.logprob for chance in step.top]
        assert len(step.top) == 20
        assert logprobs == sorted(logprobs, reverse=True)
        assert step.top[0] == step.chosen
        assert sum(map(math.exp, logprobs)) <= 1 + 1e-5


def test_tokens_carry_the_bytes_of_the_text(base: Model) -> None:
    steps = answer(base, "你好", GREEDY)

    assert b"".join(step.chosen.bytes for step in steps).decode() == text_of(steps)
    assert "\ufffd" not in text_of(steps)


def test_text_pieces_never_split_a_character(small_model: Model) -> None:
    # A model that knows nothing emits stray bytes: every piece is still whole text.
    for seed in range(5):
        for step in generate(small_model, [small_model.tokenizer.bos], GenerationSettings(seed=seed)):
            assert step.text.encode().decode() == step.text


def test_marks_of_roles_are_never_generated(small_model: Model) -> None:
    tokenizer = small_model.tokenizer
    barred = tokenizer.special_ids - {tokenizer.eot}
    for seed in range(10):
        steps = generate(small_model, [tokenizer.bos], GenerationSettings(temperature=5, seed=seed))
        assert barred.isdisjoint(step.chosen.token for step in steps)


def test_an_empty_prompt_and_one_beyond_the_context_are_refused(small_model: Model) -> None:
    with pytest.raises(ValueError, match="at least one token"):
        next(generate(small_model, [], GREEDY))
    with pytest.raises(ValueError, match="do not fit"):
        next(generate(small_model, [0] * 65, GREEDY))
