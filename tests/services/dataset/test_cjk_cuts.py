"""Cutting Chinese and Japanese must never change a count: whatever stands around, whatever tokens there are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.services.dataset.cjk_cuts import Cutter, joined_pairs, read_joined_pairs, tokens_of
from fttui.services.dataset.tokenizer import RANK_FILES, load_encoding

ENCODINGS = sorted(RANK_FILES)
COMMON = "的一是不了人在有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
RUNS = st.text(COMMON + "外国人策动帮助日本語のテキストとカタカナひらがなーヶ々〇㐀䶵龥", min_size=1, max_size=12)
AROUND = st.text(" \n\r\t，。、（）「」aZé'sß9３ǅʰ\u0301\u0300한я가🙂\u2028\x00\u3000ーABab", max_size=4)
TEXTS = st.lists(st.tuples(AROUND, RUNS), max_size=5).map(lambda pairs: "".join(a + run for a, run in pairs))
CUTTERS = {name: Cutter(name) for name in ENCODINGS}


def count(name: str, text: str) -> int:
    return len(load_encoding(name).encode_ordinary(text))


def count_cut(name: str, texts: list[str]) -> list[int]:
    cut, added = CUTTERS[name].cut([text.encode() for text in texts])
    return [count(name, text.decode()) - more for text, more in zip(cut, added, strict=True)]


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_pairs_that_stay_together_are_those_of_the_vocabulary(name: str) -> None:
    assert read_joined_pairs(name) == joined_pairs(tokens_of(name))


@pytest.mark.parametrize("name", ENCODINGS)
@given(texts=st.lists(st.tuples(TEXTS, AROUND).map("".join), min_size=1, max_size=4))
def test_texts_that_were_cut_take_the_same_tokens(name: str, texts: list[str]) -> None:
    assert count_cut(name, texts) == [count(name, text) for text in texts]


@pytest.mark.parametrize("name", ENCODINGS)
@given(text=st.text(st.characters(min_codepoint=0x3000, max_codepoint=0xA000) | st.sampled_from("aA1 '，")))
def test_any_characters_of_the_east_take_the_same_tokens(name: str, text: str) -> None:
    assert count_cut(name, [text, text]) == [count(name, text)] * 2


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_token_with_such_characters_beside_every_other_takes_the_same(name: str) -> None:
    pieces = sorted({token.decode(errors="ignore") for token in tokens_of(name)} - {""})
    pieces = [piece for piece in pieces if any("\u3000" <= letter <= "\u9fff" for letter in piece)]
    choose = random.Random(1)
    texts = ["".join(choose.choices(pieces, k=20)) + choose.choice("，a") for _ in range(3000)]

    assert count_cut(name, texts) == [count(name, text) for text in texts]


@pytest.mark.parametrize("name", ENCODINGS)
def test_most_neighbours_are_cut_apart(name: str) -> None:
    _, (added,) = CUTTERS[name].cut(["外国人策动或帮助中国公民投敌叛变的，应以投敌叛变罪的共犯论处。".encode()])

    assert added > 10
