"""Launches that are kept, read again, and carried to other providers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePath

import pytest

from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.grader_kinds import new_grader
from fttui.domain.jobs.job import Job, Method
from fttui.domain.jobs.operation import TAG
from fttui.domain.jobs.recipe import RecipeError, draft_of, read_recipe, recipe_document, recipe_of_draft, recipe_of_job
from fttui.domain.jobs.spec import Wandb
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import LOCAL, OPENAI
from fttui.domain.remote import RemoteFile, RemoteModel

DRAFT = Draft(
    "o4-mini-2025-04-16",
    PurePath("/data/rows.jsonl"),
    RemoteFile("file-kept", "kept.jsonl", 1, 0, "fine-tune", "processed"),
    Method.REINFORCEMENT,
    {"n_epochs": "3", "compute_multiplier": "1.5", "reasoning_effort": "low"},
    "lamps",
    "7",
    "team=blue",
    new_grader("string_check"),
    '{"type": "json_schema"}',
    Wandb("sums", "first", None, ("a", "b")),
)


def test_a_recipe_is_read_as_it_was_written_and_fills_in_the_same_form() -> None:
    recipe = recipe_of_draft(DRAFT, "openai")
    again = read_recipe(json.loads(json.dumps(recipe_document(recipe))))
    draft, left = draft_of(again, OPENAI)

    assert again == recipe
    assert left == ()
    assert draft.spec() == replace(DRAFT.spec(), validation_file="file-kept")


def test_what_another_profile_lacks_is_named() -> None:
    can = capabilities_of(LOCAL)
    draft, left = draft_of(
        recipe_of_draft(DRAFT, "openai"),
        LOCAL,
        models=[RemoteModel("local-nano", 0, "fttui")],
        methods=frozenset({Method.SUPERVISED}),
        fields=can.hyperparameters,
    )

    assert [words.split(":")[0] for words in left] == [
        "the method",
        "the model",
        "reasoning_effort low",
        "compute_multiplier 1.5",
        "Weights & Biases",
        "the grader",
        "the validation file",
    ]
    assert (draft.model, draft.method, draft.validation, draft.typed) == (
        "",
        Method.SUPERVISED,
        None,
        {"n_epochs": "3"},
    )


def test_a_job_is_cloned_without_the_tag_of_its_launch() -> None:
    job = Job(
        "ftjob-1", "gpt-4.1", "succeeded", 0, "file-1", None, method="dpo",
        hyperparameters={"n_epochs": 4, "beta": "auto", "odd": 3}, metadata={TAG: "x", "team": "blue"},
    )  # fmt: skip
    recipe = recipe_of_job(job, "openai")

    assert (recipe.method, recipe.hyperparameters, recipe.metadata) == (
        Method.PREFERENCE,
        {"n_epochs": 4},
        {"team": "blue"},
    )


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        ([], "not a recipe"),
        ({"version": 9}, "another version"),
        ({"modle": "x"}, "Unknown setting modle"),
        ({"method": "magic"}, "method must be one of"),
        ({"hyperparameters": {"n_epochs": [1]}}, "hyperparameters.n_epochs"),
        ({"seed": "7"}, "seed must be"),
        ({"wandb": {"project": 3}}, "wandb.project must be text"),
    ],
)
def test_what_is_not_a_recipe_is_told_with_its_place(document: object, wrong: str) -> None:
    with pytest.raises(RecipeError, match=wrong):
        read_recipe(document)
