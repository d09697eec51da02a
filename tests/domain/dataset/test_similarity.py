from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.similarity import NEAR, SKETCH_SIZE, NearDuplicates, normalised, pieces, resemblance, sketch

WORDS = [f"word{number}" for number in range(4000)]


def exact(first: str, second: str) -> float:
    """Jaccard's share of three-word pieces, counted out."""
    mine, others = (
        {tuple(words[at : at + 3]) for at in range(len(words) - 2)} for words in (first.split(), second.split())
    )
    return len(mine & others) / len(mine | others)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_can_be_compared_and_a_text_is_like_itself(first: str, second: str) -> None:
    assert resemblance(sketch(normalised(first)), sketch(normalised(first))) == 1
    assert 0 <= resemblance(sketch(normalised(first)), sketch(normalised(second))) <= 1


def test_long_texts_are_compared_to_within_a_sixth() -> None:
    draw = random.Random(3)
    for changed in (0, 5, 20, 60):
        words = draw.choices(WORDS, k=600)
        other = list(words)
        for place in draw.sample(range(600), changed):
            other[place] = "changed"
        first, second = " ".join(words), " ".join(other)

        assert abs(resemblance(sketch(first), sketch(second)) - exact(first, second)) < 1 / 6


def test_short_texts_are_compared_exactly() -> None:
    first, second = "one two three four five six seven eight", "one two three four five six seven nine"
    mine, others = pieces(first), pieces(second)

    assert len(mine | others) < SKETCH_SIZE
    assert resemblance(sketch(first), sketch(second)) == len(mine & others) / len(mine | others)


def test_chinese_is_compared_by_characters() -> None:
    first = normalised("如果一个外国人在中国策动或帮助中国公民投敌叛变，会被如何处罚？这个问题经常有人问到。")
    second = normalised("如果一个外国人在中国策动或帮助中国公民投敌叛变，会被如何处罚？这个问题常常有人问到。")

    assert NEAR <= resemblance(sketch(first), sketch(second)) < 1


def test_planted_twins_are_found_among_many_and_nothing_else() -> None:
    draw = random.Random(1)
    texts = [" ".join(draw.choices(WORDS, k=80)) for _ in range(2000)]
    planted = {}
    for source in range(0, 400, 2):
        words = texts[source].split()
        words[draw.randrange(80)] = "other"
        planted[len(texts)] = source
        texts.append(" ".join(words))
    known, found = NearDuplicates(), {}
    for number, text in enumerate(texts):
        mine = sketch(text)
        twin = known.first_like(mine)
        if twin is None:
            known.keep(mine, number)
        else:
            found[number] = twin

    assert found == planted


def test_what_was_kept_is_kept_again() -> None:
    draw = random.Random(2)
    texts = [sketch(" ".join(draw.choices(WORDS[:3], k=9))) for _ in range(600)]

    def kept(entries: list[int]) -> list[int]:
        known, stay = NearDuplicates(), []
        for number in entries:
            if known.first_like(texts[number]) is None:
                known.keep(texts[number], number)
                stay.append(number)
        return stay

    once = kept(list(range(600)))
    assert len(once) < 600
    assert kept(once) == once


def test_case_width_and_spaces_do_not_count() -> None:
    assert normalised("  Ｈｅｌｌｏ\n WORLD ") == normalised("hello world")


def test_a_sketch_has_a_size_that_does_not_grow_with_the_text() -> None:
    assert len(sketch(" ".join(WORDS))) == SKETCH_SIZE
