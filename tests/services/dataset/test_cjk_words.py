"""Words of Chinese and Japanese that are taken out never change a count, whatever stands around them."""

from __future__ import annotations

import random
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.services.dataset.cjk_words import CjkWords, read_short_words, short_words, tokens_of
from fttui.services.dataset.tokenizer import RANK_FILES, load_encoding

ENCODINGS = sorted(RANK_FILES)
COMMON = "的一是不了人在有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
RUNS = st.text(COMMON + "外国人策动帮助日本語のテキストとカタカナひらがなーヶ々〇㐀䶵龥", min_size=1, max_size=12)
AROUND = st.text(" \n\r\t，。、（）「」aZé'sß9３ǅʰ\u0301\u0300한я가🙂\u2028\x00\u3000ーABab\uffff", max_size=4)
TEXTS = st.lists(st.tuples(AROUND, RUNS), max_size=5).map(lambda pairs: "".join(a + run for a, run in pairs))
WORDS = {name: CjkWords(name) for name in ENCODINGS}


def count(name: str, text: str) -> int:
    return len(load_encoding(name).encode_ordinary(text))


def count_left(name: str, texts: list[str]) -> list[int]:
    left, worth = WORDS[name].take_out(texts)
    return [count(name, text) + more for text, more in zip(left, worth, strict=True)]


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_short_words_are_those_of_the_vocabulary(name: str) -> None:
    assert read_short_words(name) == short_words(tokens_of(name), partial(count, name))


@pytest.mark.parametrize("name", ENCODINGS)
@given(texts=st.lists(st.tuples(TEXTS, AROUND).map("".join), min_size=1, max_size=4))
def test_texts_that_were_shortened_take_the_same_tokens(name: str, texts: list[str]) -> None:
    assert count_left(name, texts) == [count(name, text) for text in texts]


@pytest.mark.parametrize("name", ENCODINGS)
@given(text=st.text(st.characters(min_codepoint=0x3000, max_codepoint=0xA000) | st.sampled_from("aA1 '，")))
def test_any_characters_of_the_east_take_the_same_tokens(name: str, text: str) -> None:
    assert count_left(name, [text, text]) == [count(name, text)] * 2


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_token_with_such_characters_beside_every_other_takes_the_same(name: str) -> None:
    pieces = sorted({token.decode(errors="ignore") for token in tokens_of(name)} - {""})
    pieces = [piece for piece in pieces if any("\u3000" <= letter <= "\u9fff" for letter in piece)]
    choose = random.Random(1)
    texts = ["".join(choose.choices(pieces, k=20)) + choose.choice("，a") for _ in range(3000)]

    assert count_left(name, texts) == [count(name, text) for text in texts]


@pytest.mark.parametrize("name", ENCODINGS)
def test_most_characters_are_taken_out(name: str) -> None:
    text = "外国人策动或帮助中国公民投敌叛变的，应以投敌叛变罪的共犯论处。"
    (left,), _ = WORDS[name].take_out([text])

    assert len(left) < len(text) / 2


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_unit_that_stands_between_texts_may_stand_in_one(name: str) -> None:
    texts = ["你好世界，中国公民", "\uffff你好，应以", "外国人策动\uffff", "", "\uffff", "你好，世界"]

    assert count_left(name, texts) == [count(name, text) for text in texts]


@pytest.mark.parametrize("name", ENCODINGS)
def test_half_a_character_stays_where_it_is(name: str) -> None:
    texts = ["中国公民投敌叛变的，应\ud800以", "一"]

    assert WORDS[name].take_out(texts) == (texts, [0, 0])
