from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fttui.ui.cells import cut, fill, fill_left, fitting, wrap

TEXTS = st.text(alphabet=st.sampled_from("ab 中文，。（）“”-\n👍é🏽1"), max_size=80)


@pytest.mark.parametrize(
    ("width", "shown"),
    [(0, ""), (1, "…"), (2, "…"), (3, "中…"), (4, "中…"), (5, "中文…"), (6, "中文字"), (9, "中文字")],
)
def test_a_text_is_cut_by_cells(width: int, shown: str) -> None:
    assert cut("中文字", width) == shown


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (0, ""),
        (4, "240…"),
        (9, "240 steps"),
        (13, "240 steps"),
        (16, "240 steps · 12 s"),
        (99, "240 steps · 12 s · 中文"),
    ],
)
def test_parts_are_shown_whole_or_not_at_all(width: int, shown: str) -> None:
    assert fitting(["240 steps", "12 s", "中文"], width) == shown


@given(TEXTS, st.integers(0, 30))
def test_filling_takes_exactly_the_width(text: str, width: int) -> None:
    line = text.replace("\n", " ")

    assert cell_len(fill(line, width)) == width
    assert cell_len(fill_left(line, width)) == width


@given(TEXTS, st.integers(2, 30))
def test_no_wrapped_line_is_wider_and_nothing_but_spaces_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)

    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_chinese_breaks_anywhere_but_before_closing_punctuation() -> None:
    assert wrap("1. 很长的中文段落，包含标点。", 10) == ["1. 很长的", "中文段落，", "包含标点。"]
    assert wrap("中文（括号）里面", 6) == ["中文", "（括", "号）里", "面"]


def test_english_breaks_between_words_and_keeps_its_indent() -> None:
    assert wrap("    indented code that is long", 18) == ["    indented code", "that is long"]
    assert wrap("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert wrap("a\n\nb", 10) == ["a", "", "b"]
