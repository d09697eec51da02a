"""Plots fill exactly the room they are given, at any size, and show what is there and what is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fttui.domain.jobs.series import Point, Series
from fttui.domain.plot.axes import AxisRange, range_around
from fttui.domain.plot.frame import BEST, CHECKPOINT, PlotLine, cells
from fttui.domain.plot.view import View, Window
from fttui.services.curve_arrays import curve_of, smoothed, thinned
from fttui.services.plotting import Marks, draw
from fttui.services.raster import Grid, dots_of

TRAIN = Series("train_loss", tuple(Point(step, 3 * math.exp(-step / 40) + 0.1) for step in range(1, 201)))
VALID = Series("valid_loss", tuple(Point(step, 3 * math.exp(-step / 40) + 0.3) for step in range(10, 201, 10)))
FULL = Series("full_valid_loss", tuple(Point(step, 3 * math.exp(-step / 40) + 0.4) for step in (50, 100, 150, 200)))


STEPS = st.integers(0, 10**6)


def text(lines: Sequence[PlotLine]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def curve_cells(lines: Sequence[PlotLine], curve: str) -> int:
    """How many cells a curve takes below the legend."""
    return sum(len(span.text) for line in lines[1:] for span in line if span.curve == curve)


@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (120, 40), (200, 60), (16, 5), (17, 6)])
@pytest.mark.parametrize("marks", Marks)
@pytest.mark.parametrize(
    "view",
    [View(), View(log_scale=True), View(smoothing=0.9, cursor=77), View(window=Window(40, 90), cursor=60)],
    ids=["all", "log", "smooth", "part"],
)
def test_every_row_is_as_wide_as_asked_and_there_are_as_many(width: int, height: int, marks: Marks, view: View) -> None:
    lines = draw(
        [TRAIN, VALID, FULL],
        width,
        height,
        checkpoints=[100, 150, 200],
        best=150,
        marks=marks,
        view=view,
    )

    assert [cells(line) for line in text(lines)] == [width] * height
    assert all(line.isascii() for line in text(lines)) is (marks is Marks.ASCII)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 60),
    st.integers(0, 20),
    st.dictionaries(st.integers(0, 10**6), st.floats(allow_nan=False), max_size=30),
    st.lists(st.integers(0, 10**6), max_size=3),
    st.builds(
        View,
        st.booleans(),
        st.sampled_from([0.0, 0.6, 0.98]),
        st.none() | st.builds(lambda one, other: Window(min(one, other), max(one, other)), STEPS, STEPS),
        st.none() | STEPS,
    ),
    st.sampled_from(Marks),
)
def test_no_values_and_no_size_make_it_crash(
    width: int, height: int, values: dict[int, float], checkpoints: list[int], view: View, marks: Marks
) -> None:
    series = Series("odd 名 metric\x1b", tuple(Point(step, values[step]) for step in sorted(values)))

    lines = draw(
        [series], width, height, checkpoints=checkpoints, best=next(iter(checkpoints), None), view=view, marks=marks
    )

    assert [cells(line) for line in text(lines)] == [width] * height
    assert not any("\x1b" in line for line in text(lines))


def test_without_values_it_says_so() -> None:
    assert text(draw([], 30, 5))[2].strip() == "no values yet"
    assert text(draw([], 30, 5, nothing="none to come"))[2].strip() == "none to come"
    assert "no values yet" in text(draw([Series("train_loss", (Point(1, -1.0),))], 30, 7, view=View(log_scale=True)))[3]


def test_the_legend_names_the_curves_in_full_where_there_is_room() -> None:
    wide = text(draw([TRAIN, VALID], 80, 12, checkpoints=[100], best=100))[0]
    narrow = text(draw([TRAIN, VALID, FULL], 40, 12, checkpoints=[100], best=100))[0]

    assert "training loss" in wide
    assert "checkpoint" in wide
    assert "best 100" in wide
    assert [word for word in narrow.split() if word.isalpha()] == ["train", "valid", "full", "valid"]


def test_values_fall_from_left_to_right_on_round_labels() -> None:
    lines = text(draw([TRAIN], 60, 14))
    labels = [float(line.split("┤")[0]) for line in lines if "┤" in line]

    assert labels == sorted(labels, reverse=True)
    assert labels == [3.0, 2.0, 1.0]
    steps = [int(word) for word in lines[-1].split()]
    assert steps == [50, 100, 150, 200]


def test_checkpoints_and_the_best_one_are_marked_under_the_plot() -> None:
    axis = draw([TRAIN], 60, 14, checkpoints=[100, 150, 200], best=150)[-2]

    assert [span.curve for span in axis if span.curve] == [CHECKPOINT, BEST, CHECKPOINT]


def test_a_stretch_without_values_is_a_gap() -> None:
    holed = Series("train_loss", tuple(point for point in TRAIN.points if not 80 < point.step < 120))

    whole, gap = curve_cells(draw([TRAIN], 60, 14), "train_loss"), curve_cells(draw([holed], 60, 14), "train_loss")

    assert 8 <= whole - gap <= 16


def test_a_curve_measured_now_and_then_is_joined() -> None:
    assert curve_cells(draw([VALID], 60, 14), "valid_loss") > 50


def test_one_value_missing_among_many_does_not_tear_the_curve() -> None:
    holed = Series("train_loss", tuple(point for point in TRAIN.points if point.step != 90))

    assert curve_cells(draw([holed], 60, 14), "train_loss") == curve_cells(draw([TRAIN], 60, 14), "train_loss")


def test_thinning_keeps_a_single_spike() -> None:
    spiked = Series("train_loss", tuple(Point(step, 9.0 if step == 43_210 else 1.0) for step in range(100_000)))

    lines = draw([spiked], 60, 14)

    assert sum(1 for line in lines[1:11] if any(span.curve for span in line)) == 10


def test_of_many_points_at_most_two_for_each_column_are_drawn_the_lowest_and_the_highest_among_them() -> None:
    rng = np.random.default_rng(3)
    curve = curve_of(Series("train_loss", tuple(Point(step, float(rng.random())) for step in range(50_000))))

    places, values, joined = thinned(curve, 0, 49_999, 2 * 100, 2)

    assert np.unique(places // 2, return_counts=True)[1].max() <= 2
    assert (values.min(), values.max()) == (curve.values.min(), curve.values.max())
    assert (np.diff(places) >= 0).all()
    assert joined[1:].all()


def test_a_gap_among_many_points_stays_one() -> None:
    there = [*range(20_000), *range(30_000, 50_000)]
    curve = curve_of(Series("train_loss", tuple(Point(step, math.sin(step)) for step in there)))

    places, _, joined = thinned(curve, 0, 49_999, 2 * 100, 2)

    assert (~joined).sum() == 2
    assert (~joined)[0]
    assert places[~joined][1] == pytest.approx(0.6 * 200, abs=1)


def test_a_curve_that_has_not_changed_is_not_drawn_again() -> None:
    curve = curve_of(TRAIN)
    grid = Grid(60, 10, 2, 4, AxisRange(1, 200), AxisRange(0, 4))

    assert dots_of(curve, grid) is dots_of(curve, grid)
    assert dots_of(curve, grid) is not dots_of(curve, replace(grid, columns=61))


def test_an_axis_holds_its_values_with_a_little_room() -> None:
    assert range_around(0.01, 1.0).low == 0.0
    assert range_around(0.01, 1.0).high == pytest.approx(1.0396)
    assert range_around(5.0, 5.0) == AxisRange(4.5, 5.5)
    assert range_around(0.0, 0.0) == AxisRange(-1.0, 1.0)


def test_points_are_joined_unless_they_are_nearly_twice_the_usual_distance_apart() -> None:
    steps = (10, 20, 30, 32, 42, 61, 81)
    curve = curve_of(Series("train_loss", tuple(Point(step, 1.0) for step in steps)))

    assert curve.usual == 10.0
    assert curve.joined.tolist() == [False, True, True, True, True, True, False]
    assert curve_of(Series("train_loss", (Point(1, 1.0),))).joined.tolist() == [False]


def cells_of(lines: Sequence[PlotLine], curve: str, *, faint: bool = False) -> int:
    """How many cells a curve takes below the legend, in one of its forms."""
    return sum(len(span.text) for line in lines[1:] for span in line if (span.curve, span.faint) == (curve, faint))


def test_curves_that_coincide_take_turns() -> None:
    names = ("train_loss", "valid_loss", "full_valid_loss")
    twins = [Series(name, TRAIN.points) for name in names]

    shares = [cells_of(draw(twins, 80, 20), name) for name in names]

    assert min(shares) > 0.6 * max(shares)


def test_a_small_curve_lies_on_top_of_a_large_one() -> None:
    rough = Series("train_loss", tuple(Point(step, 1 + 0.5 * math.sin(step * 2.3)) for step in range(400)))
    fine = Series("valid_loss", tuple(Point(step, 1.0) for step in range(0, 400, 20)))

    lines = draw([rough, fine], 80, 20)

    assert cells_of(lines, "valid_loss") == cells_of(draw([fine, rough], 80, 20), "valid_loss") >= 70


def test_smoothing_leaves_the_raw_values_faint_behind() -> None:
    rough = Series("train_loss", tuple(Point(step, 1 + 0.5 * math.sin(step * 2.3)) for step in range(400)))

    plain, smooth = draw([rough], 80, 20), draw([rough], 80, 20, view=View(smoothing=0.98))

    assert cells_of(plain, "train_loss", faint=True) == 0
    assert cells_of(smooth, "train_loss", faint=True) > 200
    assert cells_of(smooth, "train_loss") < 110


@pytest.mark.parametrize("weight", [0.3, 0.9, 0.999])
def test_smoothing_is_the_average_its_formula_says(weight: float) -> None:
    values = [math.sin(step) + step / 50 for step in range(1000)]
    expected, average = [], 0.0
    for count, value in enumerate(values, 1):
        average = weight * average + (1 - weight) * value
        expected.append(average / (1 - weight**count))

    assert smoothed(np.array(values), weight).tolist() == pytest.approx(expected)


def test_a_part_of_the_steps_fills_the_width() -> None:
    lines = draw([TRAIN, VALID], 60, 14, view=View(window=Window(95, 105)), checkpoints=[50, 100], best=50)
    steps = [int(word) for word in text(lines)[-1].split()]

    assert (steps[0], steps[-1]) == (96, 104)
    assert [span.curve for span in lines[-2] if span.curve] == [CHECKPOINT]
    assert cells_of(lines, "train_loss") > 40


def test_a_line_that_crosses_the_whole_part_is_drawn() -> None:
    lines = draw([VALID], 60, 14, view=View(window=Window(102, 108)))

    assert cells_of(lines, "valid_loss") > 50


def test_the_cursor_reads_every_curve_at_its_step() -> None:
    lines = text(draw([TRAIN, VALID, FULL], 100, 14, view=View(cursor=117)))

    assert lines[0].startswith("step 117")
    assert f"train {TRAIN.points[116].value:.4g} " in lines[0]
    assert f"valid {VALID.points[10].value:.4g} (step 110)" in lines[0]
    assert "┴" in lines[-2]
    assert sum(line.count("│") for line in lines) > len(lines)


def test_letters_tell_curves_apart_without_colour() -> None:
    lines = text(draw([TRAIN, VALID], 60, 14, marks=Marks.LETTERS))
    alone = text(draw([TRAIN], 60, 14, marks=Marks.LETTERS))

    assert lines[0].startswith("o training loss  x validation loss")
    assert {"o", "x"} <= set("".join(lines[1:]))
    assert any("⠀" < sign <= "⣿" for sign in "".join(alone[1:]))


def test_a_curve_that_grows_is_drawn_as_if_read_anew() -> None:
    grown = Series("train_loss", TRAIN.points[:150])
    draw([grown], 60, 14)

    again = draw([TRAIN], 60, 14)
    anew = draw([Series("train_loss", tuple(Point(point.step, point.value) for point in TRAIN.points))], 60, 14)

    assert again == anew
    assert again != draw([grown], 60, 14)


def test_dots_are_where_the_values_are() -> None:
    # A straight line from corner to corner: every row of cells has its share, in order.
    line = Series("train_loss", tuple(Point(step, float(step)) for step in range(1, 401)))
    rows = [row.split("│")[-1].split("┤")[-1] for row in text(draw([line], 60, 23))[1:-2]]
    first = [next(at for at, sign in enumerate(row) if sign != " ") for row in rows if row.strip()]

    assert first == sorted(first, reverse=True)
    assert first[-1] == 0
    assert len(first) >= 19
