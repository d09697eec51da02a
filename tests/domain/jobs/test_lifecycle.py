from __future__ import annotations

from datetime import date

import pytest

from fttui.domain.jobs.announced import Announced, announced_document, read_announced
from fttui.domain.jobs.lifecycle import LIFECYCLE_CHECKED, Lifecycle, lifecycle_of
from fttui.domain.profiles.profile import Dialect
from fttui.domain.remote import RemoteModel

TODAY = date(2026, 11, 20)


def said(*models: RemoteModel) -> Announced:
    """What a provider has said of its models."""
    return Announced.in_list("https://there.test/v1", TODAY, models)


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


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2029, 11, 20), "in 3 years"),
        (date(2027, 1, 14), "in 55 days"),
        (date(2026, 11, 21), "tomorrow"),
        (date(2026, 11, 20), "today"),
        (date(2026, 11, 19), "ended"),
        (date(2029, 8, 15), "in 999 days"),
    ],
)
def test_a_countdown_fits_a_narrow_column(day: date, words: str) -> None:
    assert Lifecycle("m", None, day).countdown(TODAY) == words
    assert len(words) <= 11


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
    announced = said(RemoteModel("gpt-4.1-2025-04-14", 0, "openai", "2027-02-01"))
    ending = lifecycle_of("gpt-4.1-2025-04-14", Dialect.OPENAI, announced)

    assert ending is not None
    assert (ending.shuts_down, ending.training_ends) == (date(2027, 2, 1), date(2027, 1, 6))
    assert ending.source == "says the provider, asked 2026-11-20"


def test_what_a_provider_says_of_a_base_holds_for_its_tunes_and_what_it_says_of_a_tune_goes_before() -> None:
    tune = "ft:odd-base:me::abc"
    base = RemoteModel("odd-base", 0, "x", "2027-02-01")
    own = RemoteModel(tune, 0, "me", "2027-03-01")

    by_base, by_name = (lifecycle_of(tune, Dialect.COMPATIBLE, said(*models)) for models in ((base,), (base, own)))

    assert by_base is not None
    assert by_name is not None
    assert (by_base.shuts_down, by_name.shuts_down) == (date(2027, 2, 1), date(2027, 3, 1))
    assert lifecycle_of("another", Dialect.COMPATIBLE, said(base)) is None


def test_a_name_of_openais_on_this_computer_has_no_end() -> None:
    assert lifecycle_of("gpt-4.1", Dialect.ENGINE) is None


def test_a_provider_may_say_only_until_when_it_trains() -> None:
    announced = said(RemoteModel("gpt-4.1-2025-04-14", 0, "x", training_ends="2027-04-14"))
    ending = lifecycle_of("gpt-4.1-2025-04-14.ft-0123", Dialect.AZURE, announced)

    assert ending is not None
    assert ending.can_train(date(2027, 4, 13))
    assert (ending.words(TODAY), ending.countdown(TODAY)) == ("", "")
    assert not ending.ends_soon(TODAY)


def test_a_day_that_is_none_is_not_believed() -> None:
    assert lifecycle_of("m", None, said(RemoteModel("m", 0, "x", "soon"))) is None


def test_the_dates_tell_when_they_were_looked_at() -> None:
    lifecycle = lifecycle_of("gpt-4.1")

    assert lifecycle is not None
    assert lifecycle.source == f"OpenAI, deprecations page, checked {LIFECYCLE_CHECKED}"


def test_what_was_said_can_be_kept_and_read_again() -> None:
    announced = said(
        RemoteModel("a", 0, "x", "2027-02-01"),
        RemoteModel("b", 0, "x", training_ends="2027-04-14"),
        RemoteModel("c", 0, "x"),
    )

    assert set(announced.ends) == {"a", "b"}
    assert read_announced(announced_document(announced)) == announced


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {"address": "x", "day": "2026-11-20"},
        {"address": "x", "day": "some day", "ends": {}},
        {"address": 1, "day": "2026-11-20", "ends": {}},
    ],
)
def test_what_was_kept_in_another_shape_is_nothing(document: object) -> None:
    assert read_announced(document) is None


def test_days_that_were_kept_in_another_shape_are_left_out() -> None:
    ends = {"a": ["2027-02-01", None], "b": "2027-02-01", "c": ["2027-02-01"], "d": [7, "soon"]}
    announced = read_announced({"address": "x", "day": "2026-11-20", "ends": ends})

    assert announced is not None
    assert list(announced.ends) == ["a"]
