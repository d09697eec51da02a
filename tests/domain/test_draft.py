"""What a launch form says about what was typed into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

import pytest

from fttui.domain.jobs.draft import Draft, parse_metadata
from fttui.domain.jobs.job import Method
from fttui.domain.remote import RemoteFile

READY = Draft(model="nano", training=PurePath("/data/rows.jsonl"))


def test_an_empty_form_asks_for_a_model_and_a_file() -> None:
    assert dict(Draft().problems()) == {
        "model": "Choose a base model",
        "training_file": "Choose a training file",
    }


def test_a_filled_form_has_nothing_wrong_and_leaves_auto_out_of_the_request() -> None:
    draft = READY.type_in("n_epochs", " 4 ").type_in("batch_size", "auto")

    assert draft.problems() == ()
    assert draft.spec().hyperparameters == {"n_epochs": 4}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("n_epochs", "0", id="below the range"),
        pytest.param("n_epochs", "51", id="above the range"),
        pytest.param("n_epochs", "2.5", id="not whole"),
        pytest.param("batch_size", "many", id="not a number"),
        pytest.param("learning_rate_multiplier", "0", id="on an open end"),
        pytest.param("learning_rate_multiplier", "inf", id="not finite"),
    ],
)
def test_a_hyperparameter_that_cannot_be_read_is_named_once_and_not_sent(name: str, text: str) -> None:
    draft = READY.type_in(name, text)

    assert [field for field, _ in draft.problems()] == [name]
    assert name not in draft.spec().hyperparameters


def test_a_hyperparameter_of_another_method_is_kept_but_neither_checked_nor_sent() -> None:
    draft = READY.type_in("beta", "9")

    assert draft.problems() == ()
    assert draft.spec().hyperparameters == {}
    assert [field for field, _ in replace(draft, method=Method.PREFERENCE).problems()] == ["beta"]


def test_seed_suffix_and_metadata_are_checked_beside_their_fields() -> None:
    draft = Draft(model="nano", training=PurePath("a"), suffix="x" * 65, seed="-1", metadata="a=1\nb")

    assert dict(draft.problems()) == {
        "seed": "The seed is a whole number",
        "metadata": "Line 2 must read key=value",
        "suffix": "The suffix has 1 to 64 characters",
    }


def test_a_seed_beyond_its_limit_is_refused() -> None:
    assert [name for name, _ in Draft(model="m", training=PurePath("a"), seed=str(2**31)).problems()] == ["seed"]


def test_an_uploaded_file_stands_in_the_request_by_its_id() -> None:
    uploaded = RemoteFile("file-1", "rows.jsonl", 10, 0, "fine-tune", "processed")

    assert Draft(model="m", training=uploaded).spec().training_file == "file-1"


def test_metadata_keeps_equal_signs_in_values_and_refuses_repeats() -> None:
    assert parse_metadata("team = law \n\n note=a=b") == {"team": "law", "note": "a=b"}
    with pytest.raises(ValueError, match="Line 2 repeats the key a"):
        parse_metadata("a=1\na=2")


def test_one_pair_of_metadata_is_kept_for_the_launch_itself() -> None:
    with pytest.raises(ValueError, match="At most 15 pairs"):
        parse_metadata("\n".join(f"k{number}=v" for number in range(16)))
