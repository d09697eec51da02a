from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.mapping.row_filter import read_filter
from fttui.domain.errors import MappingError

ROW = {"score": 4.5, "lang": "zh", "answer": "适用 Contract Law", "id": "007", "hidden": False, "empty": "", "a b": "x"}


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("", True),
        ("score >= 4", True),
        ("score>4.5", False),
        ("score >= 4 and lang = zh", True),
        ("score < 1 or lang=zh", True),
        ("score < 1 or lang=en", False),
        ("lang = zh 且 score < 1 或 answer", True),
        ("answer ~ 'contract law'", True),
        ("answer !~ 合同", True),
        ("answer", True),
        ("empty", False),
        ("not empty", True),
        ("hidden", False),
        ("missing", False),
        ("id = 7", False),
        ("id = 007", True),
        ("score = 4.50", True),
        ("lang > 3", False),
        ('"a b" = x', True),
        ("a b = x", True),
        ('answer = "适用 Contract Law"', True),
        ("not lang = zh", False),
    ],
)
def test_a_filter_takes_the_rows_it_says(text: str, takes: bool) -> None:
    assert read_filter(text).takes(ROW.get) is takes


@pytest.mark.parametrize("text", ["= 3", "score >", "a = b = c", "and", "a and", "or b", '"open', "score >= >= 4"])
def test_what_is_no_comparison_is_refused(text: str) -> None:
    with pytest.raises(MappingError):
        read_filter(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(MappingError):
        assert read_filter(text).takes(ROW.get) in (True, False)
