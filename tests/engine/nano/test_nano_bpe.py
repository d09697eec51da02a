"""Text to tokens and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fttui.engine.nano import bpe_training
from fttui.engine.nano.bpe import TextStream, Tokenizer, pieces
from fttui.engine.nano.model import load_base

BUNDLED = load_base("local-nano").tokenizer

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(any_text)
@example("<|eot|><|bos|><|assistant|>")
@example("  two  spaces\n\n\ttabs\r\n")
@example("snake_case __init__ a_1")
@example("中文，日本語のテキスト、한국어 🎉👩‍👩‍👧")
def test_any_text_comes_back_unchanged(text: str) -> None:
    assert BUNDLED.decode(BUNDLED.encode(text)) == text


@given(any_text)
def test_cutting_into_pieces_loses_nothing(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(any_text)
def test_streamed_text_adds_up_and_never_ends_inside_a_character(text: str) -> None:
    stream = TextStream(BUNDLED)
    parts = [stream.push(token) for token in BUNDLED.encode(text)]

    assert "".join(parts) + stream.close() == text
    assert "\ufffd" not in "".join(parts).replace("\ufffd", "", text.count("\ufffd"))


def test_an_unfinished_character_becomes_a_replacement_at_the_end() -> None:
    stream = TextStream(BUNDLED)

    assert [stream.push(byte) for byte in "é".encode()[:1]] == [""]
    assert stream.close() == "\ufffd"


def test_text_that_spells_a_special_token_is_only_text() -> None:
    assert BUNDLED.special_ids.isdisjoint(BUNDLED.encode("<|eot|> <|system|>"))


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert BUNDLED.decode(BUNDLED.encode("a\ud800b")) == "a?b"


def test_frequent_pairs_are_merged_first() -> None:
    tokenizer = bpe_training.train(["abab abab cd"], merge_count=2)

    assert tokenizer.merges[0] == (ord("a"), ord("b"))
    assert tokenizer.token_bytes(257) == b"abab"


def test_learning_a_vocabulary_does_not_depend_on_the_order_of_texts() -> None:
    texts = ["the cat sat", "on the mat", "猫坐在垫子上", "the dog"]

    assert bpe_training.train(texts, 30).merges == bpe_training.train(texts[::-1], 30).merges


def test_a_vocabulary_survives_its_file() -> None:
    copy = Tokenizer.from_json(BUNDLED.to_json())

    assert copy.merges == BUNDLED.merges
    assert copy.encode("Hello, 你好") == BUNDLED.encode("Hello, 你好")


@pytest.mark.parametrize("text", ["{}", "[]", '{"special": []}', "not json"])
def test_something_else_is_no_vocabulary(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Tokenizer.from_json(text)


def test_the_bundled_vocabulary_knows_both_languages() -> None:
    english, chinese = "What is the capital of France?", "你好，我有一个问题。"

    assert len(BUNDLED.encode(english)) < len(english) / 3
    assert len(BUNDLED.encode(chinese)) < len(chinese.encode()) / 2


def test_a_long_run_without_spaces_is_encoded_in_linear_time() -> None:
    assert len(BUNDLED.encode("a" * 100_000)) <= 100_000
    assert len(BUNDLED.encode(" " * 100_000)) <= 100_000
    assert len(BUNDLED.encode("好" * 100_000)) <= 300_000
