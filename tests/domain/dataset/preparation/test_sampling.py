from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.preparation.manifest import ranges
from fttui.domain.dataset.preparation.sampling import (
    Split,
    SplitBy,
    former_split,
    is_labelled,
    joined,
    rebalance,
    split_amount,
    validation_places,
)

GROUPS = st.lists(st.integers(1, 12), min_size=2, max_size=80)


@given(GROUPS, st.floats(0.05, 0.9), st.integers(0, 5))
def test_rows_of_a_group_are_never_in_both_parts(groups: list[int], share: float, seed: int) -> None:
    valid = validation_places(Split(share, SplitBy.PROMPT, seed), groups, groups)

    held = {groups[place] for place in valid}
    assert held.isdisjoint({group for place, group in enumerate(groups) if place not in valid})
    assert len(valid) <= Split(share).rows(len(groups))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=1, max_size=30))
def test_rows_are_joined_by_what_leads_from_one_to_another(rows: list[tuple[int, int]]) -> None:
    keys, links = [key for key, _ in rows], [min(link, len(rows) - 1) for _, link in rows]
    numbers = joined(keys, links)

    assert all(numbers[place] == numbers[link] for place, link in enumerate(links))
    assert len({(key, number) for key, number in zip(keys, numbers, strict=True)}) == len(set(keys))
    # No more is joined than that: what one is led to from a row, step by step, is all there is to its number.
    reached = {place: {place} for place in range(len(rows))}
    for _ in rows:
        for place, link in enumerate(links):
            same = {other for other in reached if keys[other] == keys[place]} | {link}
            together = set().union(*(reached[other] for other in same | reached[place]))
            for other in together:
                reached[other] |= together
    assert all((numbers[a] == numbers[b]) == (b in reached[a]) for a in reached for b in reached)


@given(st.integers(2, 300), st.floats(0.01, 0.99), st.integers(0, 5))
def test_rows_that_all_differ_are_split_to_the_row(total: int, share: float, seed: int) -> None:
    split = Split(share, SplitBy.RANDOM, seed)

    assert len(validation_places(split, range(total), [0] * total)) == split.rows(total)


@given(st.lists(st.integers(1, 3), min_size=30, max_size=200), st.integers(0, 5))
def test_every_label_has_its_share_in_both_parts(labels: list[int], seed: int) -> None:
    valid = validation_places(Split(0.2, SplitBy.LABEL, seed), range(len(labels)), labels)

    held = Counter(labels[place] for place in valid)
    for label, count in Counter(labels).items():
        assert abs(held[label] - count * Split(0.2).rows(len(labels)) / len(labels)) < 1


def test_the_same_seed_draws_the_same_rows_and_another_seed_others() -> None:
    draws = [validation_places(Split(20, SplitBy.RANDOM, seed), range(200), [0] * 200) for seed in (1, 1, 2)]

    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize(
    ("amount", "total", "rows"), [(0.1, 50, 5), (7, 50, 7), (0.001, 50, 1), (99, 50, 49), (0.5, 1, 0)]
)
def test_an_amount_is_a_share_or_a_number_and_leaves_a_row_on_each_side(amount: float, total: int, rows: int) -> None:
    assert Split(amount).rows(total) == rows


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0.1", 0.1),
        ("10%", 0.1),
        (" 200 ", 200),
        ("0", None),
        ("1.5", None),
        ("120%", None),
        ("many", None),
        ("inf", None),
    ],
)
def test_what_is_typed_for_a_split(typed: str, amount: float | None) -> None:
    assert split_amount(typed) == amount


@pytest.mark.parametrize(("rows", "held"), [(10, 2), (100, 20), (5000, 1000), (20_000, 1000)])
def test_the_former_tool_held_out_a_fifth_and_at_most_a_thousand(rows: int, held: int) -> None:
    assert former_split(rows) == held


@given(st.lists(st.sampled_from([1, 1, 1, 1, 2, 2, 3]), min_size=12, max_size=120), st.floats(1, 4), st.integers(0, 3))
def test_no_label_has_more_rows_than_the_ratio_allows_and_once_is_enough(
    labels: list[int], ratio: float, seed: int
) -> None:
    ranks = list(range(len(labels)))
    gone = rebalance(labels, ratio, seed, ranks)
    kept = [place for place in ranks if place not in gone]
    counts = Counter(labels[place] for place in kept)

    if is_labelled(labels):
        assert max(counts.values()) <= max(min(Counter(labels).values()) * ratio, 1)
        assert min(counts.values()) == min(Counter(labels).values()) or ratio < 1
    assert rebalance([labels[place] for place in kept], ratio, seed, kept) == frozenset()


def test_answers_of_which_each_is_another_are_no_labels() -> None:
    assert not is_labelled(range(1, 50))
    assert not is_labelled([1] * 50)
    assert not is_labelled([0, 1, 2] * 20)
    assert is_labelled([1, 2] * 20)


@given(st.lists(st.integers(1, 60), unique=True).map(sorted))
def test_runs_of_lines_are_written_short_and_can_be_read_back(lines: list[int]) -> None:
    text = ranges(lines)

    read = [
        number
        for run in filter(None, text.split(","))
        for number in range(int(run.split("-")[0]), int(run.split("-")[-1]) + 1)
    ]
    assert read == lines


def test_a_run_of_three_is_written_with_a_dash() -> None:
    assert ranges([1, 2, 3, 7, 9, 10]) == "1-3,7,9-10"
