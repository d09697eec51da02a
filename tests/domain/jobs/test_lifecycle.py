from __future__ import annotations

from datetime import date

import pytest

from fttui.domain.jobs.lifecycle import LIFECYCLE_CHECKED, ending_of, lifecycle_of
from fttui.domain.profiles.profile import Dialect
from fttui.domain.remote import RemoteModel

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 20), "ends in 55 days, 2027-01-14"),
        (date(2027, 1, 13), "ends tomorrow, 2027-01-14"),
        (date(2027, 1, 14), "ends today, 2027-01-14"),
        (date(2027, 1, 15), "ended yesterday, 2027-01-14"),
        (date(2027, 3, 1), "ended 46 days ago, 2027-01-14"),
    ],
)
def test_an_end_is_told_as_a_countdown(day: date, words: str) -> None:
    lifecycle = lifecycle_of("gpt-4.1")

    assert lifecycle is not None
    assert lifecycle.words(day) == words


def test_training_ends_before_the_answers_do() -> None:
    lifecycle = lifecycle_of("gpt-4o-mini-2024-07-18")

    assert lifecycle is not None
    assert lifecycle.training_words(TODAY) == "new jobs for 47 more days, until 2027-01-06"
    assert lifecycle.training_words(date(2027, 1, 5)) == "new jobs for 1 more day, until 2027-01-06"
    assert lifecycle.training_words(date(2027, 1, 6)) == "takes no jobs since 2027-01-06"


def test_bases_of_old_ended_before_their_tunes() -> None:
    base, tune = lifecycle_of("davinci-002"), lifecycle_of("ft:davinci-002:org::abc")

    assert base is not None
    assert tune is not None
    assert (base.shuts_down, tune.shuts_down) == (date(2026, 9, 28), date(2026, 10, 23))


def test_a_model_that_never_took_jobs_still_has_an_end() -> None:
    lifecycle = lifecycle_of("gpt-5-mini")

    assert lifecycle is not None
    assert not lifecycle.can_train(TODAY)
    assert lifecycle.training_words(TODAY) == "takes no jobs"
    assert lifecycle.ends_soon(TODAY)


@pytest.mark.parametrize("dialect", [Dialect.AZURE, Dialect.NEBIUS])
def test_others_end_models_of_the_same_name_by_dates_of_their_own(dialect: Dialect) -> None:
    assert lifecycle_of("gpt-4.1-2025-04-14", dialect) is None


def test_what_the_provider_says_goes_before_what_was_announced() -> None:
    ending = ending_of(RemoteModel("gpt-4.1-2025-04-14", 0, "openai", "2027-02-01"))

    assert ending is not None
    assert (ending.shuts_down, ending.training_ends) == (date(2027, 2, 1), date(2027, 1, 6))
    assert ending.source == "says the provider"


def test_a_provider_may_say_only_until_when_it_trains() -> None:
    ending = ending_of(RemoteModel("gpt-4.1-2025-04-14", 0, "x", training_ends="2027-04-14"), Dialect.AZURE)

    assert ending is not None
    assert ending.can_train(date(2027, 4, 13))
    assert ending.words(TODAY) == ""
    assert not ending.ends_soon(TODAY)


def test_a_day_that_is_none_is_not_believed() -> None:
    assert ending_of(RemoteModel("m", 0, "x", "soon")) is None


def test_the_dates_tell_when_they_were_looked_at() -> None:
    lifecycle = lifecycle_of("gpt-4.1")

    assert lifecycle is not None
    assert lifecycle.source == f"OpenAI, deprecations page, checked {LIFECYCLE_CHECKED}"
