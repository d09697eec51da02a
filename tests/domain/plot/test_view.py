"""What part of the curves is looked at: zooming, panning, smoothing, and the values under the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.jobs.series import Point, Series
from fttui.domain.plot.view import (
    NARROWEST,
    SMOOTHINGS,
    View,
    Window,
    next_measured,
    readings,
    weight_for,
    whole_of,
)

WHOLE = Window(1, 1000)
TRAIN = Series("train_loss", tuple(Point(step, step / 10) for step in range(1, 101)))
VALID = Series("valid_loss", tuple(Point(step, step / 5) for step in range(10, 101, 10)))


def test_zooming_in_keeps_the_cursor_where_it_is_on_the_screen() -> None:
    near = View(cursor=250).zoomed(0.5, WHOLE)

    assert near.window is not None
    assert near.window.length == 500
    share = (250 - near.window.first) / near.window.length
    assert share == pytest.approx((250 - 1) / 999, abs=0.01)


def test_zooming_out_far_enough_shows_all_again() -> None:
    assert View(window=Window(100, 400)).zoomed(4, WHOLE).window is None


@given(st.lists(st.sampled_from([("zoom", 0.5), ("zoom", 2.0), ("pan", 0.25), ("pan", -0.25)]), max_size=40))
def test_whatever_is_pressed_the_window_stays_on_the_curves(moves: list[tuple[str, float]]) -> None:
    view = View(cursor=999)
    for what, how in moves:
        view = view.zoomed(how, WHOLE) if what == "zoom" else view.panned(how, WHOLE)

        window = view.window or WHOLE
        assert WHOLE.first <= window.first < window.last <= WHOLE.last
        assert window.length >= NARROWEST


def test_without_a_window_there_is_nothing_to_pan() -> None:
    assert View().panned(0.25, WHOLE) == View()


def test_the_window_follows_the_cursor() -> None:
    view = View(window=Window(100, 200)).at(230, WHOLE)

    assert view.window == Window(130, 230)


def test_the_smoothing_key_goes_round() -> None:
    view, seen = View(), []
    for _ in SMOOTHINGS:
        seen.append(view.smoothing)
        view = view.smoother()

    assert tuple(seen) == SMOOTHINGS
    assert view == View()


def test_the_cursor_goes_to_steps_that_were_measured() -> None:
    assert next_measured([TRAIN, VALID], 50, 1) == 51
    assert next_measured([VALID], 50, 1) == 60
    assert next_measured([VALID], 50, -1) == 40
    assert next_measured([VALID], 10, -1) == 10
    assert next_measured([TRAIN], 100, 5) == 100
    assert next_measured([], 7, 1) == 7


def test_values_are_read_at_the_step_or_the_last_one_before() -> None:
    train, valid = readings([TRAIN, VALID], 57)

    assert (train.step, train.value) == (57, 5.7)
    assert (valid.step, valid.value) == (50, 10.0)
    assert readings([VALID], 9) == ()


def test_smoothing_looks_the_same_at_every_length() -> None:
    short, long = weight_for(0.9, 1, 200), weight_for(0.9, 1, 100_000)

    assert short**200 == pytest.approx(long**100_000)
    assert weight_for(0.9, 1, 200) == pytest.approx(0.9)


def test_curves_measured_seldom_are_left_as_they_are() -> None:
    assert weight_for(0.9, 60, 200) == 0.0
    assert weight_for(0.0, 1, 200) == 0.0
    assert weight_for(0.9, 1, 0) == 0.0


def test_the_whole_reaches_over_all_curves() -> None:
    assert whole_of([VALID, TRAIN]) == Window(1, 100)
    assert whole_of([Series("train_loss", ())]) is None
