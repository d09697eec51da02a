"""Estimates in words."""

from __future__ import annotations

import pytest

from fttui.domain.jobs.estimate_words import duration, pays_back_words, span_words, time_words
from fttui.domain.jobs.inference import Span
from fttui.domain.jobs.model_estimate import PaysBack
from fttui.domain.jobs.training_time import TrainingTime
from fttui.domain.money import money


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0, None, "$0.00"),
        (0.003, 0.004, "less than $0.01"),
        (0.0, 5_000.0, "up to $5,000.00"),
        (1.0, 1.001, "$1.00"),
        (1.0, 1_234.5, "$1.00 to $1,234.50"),
    ],
)
def test_what_is_not_free_is_never_shown_as_nothing(low: float, high: float | None, words: str) -> None:
    assert money(low, high) == words


@pytest.mark.parametrize(
    ("back", "a_month", "words"),
    [
        (None, None, "not known"),
        (PaysBack(None, None), 1000.0, "never"),
        (PaysBack(1_234.0, None), None, "after 1,200 requests, or never"),
        (PaysBack(1_149.0, 1_151.0), None, "after 1,100 to 1,200 requests"),
        (PaysBack(1_210.0, 1_220.0), None, "after 1,200 requests"),
        (PaysBack(100.0, 3_000.0), 1_000.0, "after 3 days to 3 months"),
        (PaysBack(10.0, 3_000_000.0), 1_000.0, "after a day to 250 years"),
        (PaysBack(0.4, 0.4), None, "after 1 request"),
    ],
)
def test_break_even_is_told_in_requests_or_in_time(back: PaysBack | None, a_month: float | None, words: str) -> None:
    assert pays_back_words(back, a_month) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (89.4, "89 s"), (100.0, "2 min"), (7_200.0, "2 h"), (432_000.0, "5.0 days")]
)
def test_spans_of_time_are_rough(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_time_of_training_names_the_jobs_it_comes_from() -> None:
    assert time_words(TrainingTime(40.0, 40.2, 1)) == ", about 40 s, as the last job here"
    assert time_words(TrainingTime(40.0, 200.0, 3)) == ", about 40 s to 3 min, as the last 3 jobs here"
    assert "once a job" in time_words(None)


def test_a_price_that_is_not_known_is_no_sum() -> None:
    assert span_words(None) == "price unknown"
    assert span_words(Span(0.0, 0.0)) == "$0.00"
