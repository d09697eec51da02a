"""Marks of an axis stand at round values, fit the room there is, and their labels tell them apart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.plot.ticks import labels, log_ticks, round_ticks, step_ticks

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 10, 6, (0, 2, 4, 6, 8, 10)),
        (0, 10, 3, (0, 5, 10)),
        (0.13, 2.92, 4, (1, 2)),
        (0.13, 2.92, 6, (0.5, 1, 1.5, 2, 2.5)),
        (-1, 1, 5, (-1, -0.5, 0, 0.5, 1)),
        (2, 2, 4, (2,)),
        (0, 1, 0, ()),
    ],
)
def test_ticks_are_round(low: float, high: float, most: int, expected: tuple[float, ...]) -> None:
    assert round_ticks(low, high, most) == pytest.approx(expected)


@given(FINITE, FINITE, st.integers(1, 30))
def test_ticks_lie_on_the_axis_and_are_never_too_many(one: float, other: float, most: int) -> None:
    low, high = min(one, other), max(one, other)
    ticks = round_ticks(low, high, most)

    assert 1 <= len(ticks) <= most
    slack = 1e-6 * max(abs(low), abs(high), 1e-300)
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert list(ticks) == sorted(set(ticks))


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 30))
def test_steps_are_whole(one: int, other: int, most: int) -> None:
    low, high = min(one, other), max(one, other)
    ticks = step_ticks(low, high, most)

    assert 1 <= len(ticks) <= most
    assert all(low <= tick <= high for tick in ticks)


@given(st.floats(1e-9, 1e9), st.floats(1e-9, 1e9), st.integers(2, 20))
def test_ticks_of_a_logarithmic_axis_lie_on_it(one: float, other: float, most: int) -> None:
    low, high = min(one, other), max(one, other)
    ticks = log_ticks(low, high, most)

    assert 0 < len(ticks) <= most
    assert all(low * 0.999 <= tick <= high * 1.001 for tick in ticks)


def test_ticks_of_a_logarithmic_axis_are_powers_and_their_parts() -> None:
    assert log_ticks(0.01, 10, 5) == pytest.approx((0.01, 0.1, 1, 10))
    assert log_ticks(0.1, 3, 6) == pytest.approx((0.1, 0.2, 0.5, 1, 2))


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ((0.0, 0.5, 1.0), ("0.0", "0.5", "1.0")),
        ((1.0, 2.0), ("1", "2")),
        ((0.25,), ("0.25",)),
        ((1e6, 2e6), ("1e+06", "2e+06")),
        ((0.00001, 0.00002), ("1e-05", "2e-05")),
        ((0.01, 0.1, 1.0, 100.0), ("0.01", "0.1", "1", "100")),
        ((), ()),
    ],
)
def test_labels_are_short(ticks: tuple[float, ...], expected: tuple[str, ...]) -> None:
    assert labels(ticks) == expected


@given(FINITE, st.floats(1e-6, 1e6), st.integers(2, 12))
def test_labels_tell_the_ticks_apart(low: float, width: float, most: int) -> None:
    if abs(low) > 1000 * width:
        return
    ticks = round_ticks(low, low + width, most)

    assert len(set(labels(ticks))) == len(ticks)
    assert all(math.isfinite(float(text)) for text in labels(ticks))
