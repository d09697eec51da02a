from __future__ import annotations

import pytest

from fttui.ui.bars import axis_row, bar_rows, merged


def test_the_highest_bar_fills_the_height_and_one_example_is_never_invisible() -> None:
    rows = bar_rows([1000, 0, 1], 9, 3)

    assert rows == ["██ " + " " * 6, "██ " + " " * 6, "██    ▁▁ "]


def test_more_bins_than_cells_are_added_up() -> None:
    assert merged([1, 2, 3, 4, 5], 3) == [3, 7, 5]
    assert len(bar_rows([1] * 50, 20, 1)[0]) <= 20


def test_no_block_characters_where_they_are_not_wanted() -> None:
    assert "".join(bar_rows([1, 2, 3, 4], 4, 2, ascii=True)).isascii()


@pytest.mark.parametrize("counts", [[], [0], [0, 0]])
def test_nothing_to_draw_leaves_the_rows_empty(counts: list[int]) -> None:
    assert bar_rows(counts, 10, 2) == ["", ""]


def test_each_value_is_labelled_where_there_is_room_else_the_ends() -> None:
    assert axis_row(2, 5, 4, 16) == " 2   3   4   5"
    assert axis_row(10, 1_318, 24, 30) == "10           664         1,318"
    assert axis_row(10, 12, 24, 3) == "10"
