"""The search for near duplicates in whole sets: against the rules row by row, and against exact counts."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from fttui.domain.dataset.row_sheet import RowSheet
from fttui.domain.dataset.similarity import BUCKET, NearDuplicates, resemblance, sketch
from fttui.services.dataset.near_rows import Sketches, _OwnLinks, near_twins, near_twins_in
from fttui.services.dataset.preparing.near_sketches import near_sketches

ENGLISH = [f"{a}{b}{c}{d}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdgklmnrst" for d in ("", "ing", "ed")]
CHINESE = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]


def sheet_of(texts: Sequence[str]) -> RowSheet:
    sheet = RowSheet()
    for pieces in near_sketches(texts):
        sheet.lines.append(len(sheet.lines) + 1)
        sheet.sketches.extend(pieces)
        sheet.sketch_lengths.append(len(pieces))
    return sheet


def found(texts: Sequence[str]) -> dict[int, int]:
    sketches = Sketches(sheet_of(texts))
    twins = near_twins(sketches, np.ones(len(texts), np.bool_))
    return dict(zip(twins.rows.tolist(), twins.firsts.tolist(), strict=True))


def kept_one_by_one(texts: Sequence[str]) -> set[int]:
    known, kept = NearDuplicates(), set()
    for number, text in enumerate(texts):
        mine = sketch(text)
        if known.first_like(mine) is None:
            known.keep(mine, number)
            kept.add(number)
    return kept


def changed(words: list[str], number: int, draw: random.Random, vocabulary: Sequence[str]) -> list[str]:
    """The words with some replaced, by a vocabulary that follows Zipf's law as all others do."""
    other = list(words)
    for place in draw.sample(range(len(words)), number):
        other[place] = draw.choice(vocabulary)
    return other


def a_trying_set(seed: int) -> list[str]:
    """Rows with much in common: templates with few words of their own, crowds of near copies, short and empty rows."""
    draw = random.Random(seed)
    templates = [draw.choices(ENGLISH, k=draw.choice((6, 30, 120))) for _ in range(6)]
    texts = ["", "yes", "no", "?!"]
    for _ in range(500):
        words = changed(draw.choice(templates), draw.choice((0, 1, 2, 5)), draw, ENGLISH)
        texts.append(" ".join([*words, *draw.choices(ENGLISH, k=draw.choice((0, 1, 10, 40)))]))
    draw.shuffle(texts)
    return texts


@pytest.mark.parametrize("seed", range(3))
def test_rows_are_kept_and_go_as_one_by_one(seed: int) -> None:
    texts = a_trying_set(seed)
    twins = found(texts)
    kept = set(range(len(texts))) - set(twins)

    assert len(twins) > 2 * BUCKET
    assert kept == kept_one_by_one(texts)
    assert not kept & set(twins)
    assert set(twins.values()) <= kept


@pytest.mark.parametrize("seed", range(3))
def test_links_of_some_rows_are_what_is_left_of_those_of_all(seed: int) -> None:
    sketches = Sketches(sheet_of(a_trying_set(seed)))
    every = sketches.lengths > 0
    left = every & (np.random.default_rng(seed).random(len(every)) < 0.6)
    some, anew = _OwnLinks.of(*sketches.keys(every)).only(left), _OwnLinks.of(*sketches.keys(left))

    def linked(own: _OwnLinks) -> list[tuple[int, list[int]]]:
        links = own.links().of(left, sketches.lengths)
        stretches = zip(links.rows.tolist(), links.begins.tolist(), links.counts.tolist(), strict=True)
        return [(row, links.partners[begin : begin + count].tolist()) for row, begin, count in stretches]

    fewer = left & (np.random.default_rng(seed + 9).random(len(left)) < 0.6)
    assert len(linked(some)) > 500
    assert linked(some) == linked(anew)
    assert some.crowded_out(fewer).tolist() == anew.crowded_out(fewer).tolist()
    assert some.crowded_out(fewer).any()


def test_what_was_kept_holds_no_near_duplicates() -> None:
    texts = a_trying_set(7)
    twins = found(texts)
    kept = [text for number, text in enumerate(texts) if number not in twins]

    assert found(kept) == {}


def test_shares_are_those_of_two_rows_by_themselves() -> None:
    texts = a_trying_set(8)
    twins = near_twins(Sketches(sheet_of(texts)), np.ones(len(texts), np.bool_))

    for row, first, share in zip(*(column.tolist() for column in twins), strict=True):
        assert share == pytest.approx(resemblance(sketch(texts[row]), sketch(texts[first])))


def test_rows_are_found_in_another_set_as_one_by_one() -> None:
    mine, theirs = a_trying_set(11)[:200], a_trying_set(11)[300:] + a_trying_set(12)[:100]
    twins = near_twins_in(Sketches(sheet_of(mine)), Sketches(sheet_of(theirs)), np.ones(len(mine), np.bool_))
    known = NearDuplicates()
    for number, text in enumerate(theirs):
        known.keep(sketch(text), number)

    assert twins.rows.tolist() == [row for row, text in enumerate(mine) if known.first_like(sketch(text)) is not None]
    assert 0 < len(twins.rows) < len(mine)


def test_shorter_sketches_find_what_longer_ones_do() -> None:
    draw = random.Random(13)
    sources = [draw.choices(ENGLISH, k=100) for _ in range(300)]
    texts = [" ".join(words) for words in (*sources, *(changed(words, 1, draw, ENGLISH) for words in sources[:60]))]
    short = sheet_of(texts)
    short.shorten(16)
    twins = near_twins(Sketches(short), np.ones(len(texts), np.bool_))

    assert len(short.sketches) == 16 * len(texts)
    assert len(set(twins.rows.tolist()) & set(range(300, 360))) >= 58
    assert twins.rows.min() >= 300


def exact(first: list[str], second: list[str]) -> float:
    """The share of pieces of three words or characters that two texts have in common, counted out."""
    mine, others = ({tuple(words[at : at + 3]) for at in range(len(words) - 2)} for words in (first, second))
    return len(mine & others) / len(mine | others)


@pytest.mark.parametrize(("vocabulary", "space", "length"), [(ENGLISH, " ", 120), (CHINESE, "", 200)])
def test_near_duplicates_are_found_by_what_they_have_in_common_and_no_others(
    vocabulary: list[str], space: str, length: int
) -> None:
    draw = random.Random(4)
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    sources = [draw.choices(vocabulary, weights, k=length) for _ in range(600)]
    # From hardly changed to hardly recognisable; what lies about the bound may fall to either side.
    variants = [changed(words, place * length // 3000, draw, vocabulary) for place, words in enumerate(sources)]
    shares = [exact(*pair) for pair in zip(sources, variants, strict=True)]
    twins = found([space.join(words) for words in (*sources, *variants)])
    pairs = {row - len(sources): first for row, first in twins.items()}
    near = {row for row, share in enumerate(shares) if share >= 0.88}
    far = {row for row, share in enumerate(shares) if share <= 0.65}

    assert len(near) > 50
    assert len(far) > 100
    assert all(row == first for row, first in pairs.items())
    assert len(near & pairs.keys()) >= 0.99 * len(near)
    assert len(far & pairs.keys()) <= 0.01 * len(far)
