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
from fttui.domain.jobs.provider_rules import provider_problems
from fttui.domain.jobs.recipe import (
    Recipe,
    RecipeError,
    read_recipe,
    recipe_document,
    recipe_of_draft,
    recipe_of_job,
)
from fttui.domain.jobs.retarget import draft_of
from fttui.domain.jobs.spec import Wandb
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import LOCAL, OPENAI, Dialect, Profile
from fttui.domain.remote import RemoteFile, RemoteModel

NEBIUS = Profile("neb", Dialect.NEBIUS, "https://api.tokenfactory.nebius.com/v1")
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
    draft, left = draft_of(again, OPENAI, capabilities_of(OPENAI))

    assert again == recipe
    assert left == ()
    assert draft.spec() == replace(DRAFT.spec(), validation_file="file-kept")


def test_what_another_profile_lacks_is_named() -> None:
    models = [RemoteModel("local-nano", 0, "fttui")]
    draft, left = draft_of(recipe_of_draft(DRAFT, "openai"), LOCAL, capabilities_of(LOCAL), models)

    assert [words.split(":")[0] for words in left] == [
        "the method",
        "the model",
        "reasoning_effort low",
        "compute_multiplier 1.5",
        "the grader",
        "the answer format",
        "the validation file",
        "Weights & Biases",
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


def test_what_nebius_does_not_take_stays_behind_by_name() -> None:
    recipe = Recipe(
        "openai", "meta-llama/Llama-3.3-70B-Instruct", hyperparameters={"n_epochs": 2, "learning_rate_multiplier": 2.0},
        suffix="lamps", seed=7, metadata={"team": "blue"}, wandb=Wandb("sums"),
    )  # fmt: skip
    draft, left = draft_of(recipe, NEBIUS, capabilities_of(NEBIUS))

    assert left == (
        "learning_rate_multiplier 2.0: neb takes no such setting",
        "the metadata: neb keeps none with jobs",
        "Weights & Biases: neb shows no runs there",
    )
    assert provider_problems(draft, NEBIUS, capabilities_of(NEBIUS)) == ()
    assert (draft.suffix, draft.seed, draft.typed) == ("lamps", "7", {"n_epochs": "2"})


def test_a_suffix_that_another_provider_does_not_take_is_named() -> None:
    azure = Profile("work", Dialect.AZURE, "https://team.openai.azure.com")
    draft, left = draft_of(Recipe("openai", "gpt-4.1", suffix="two words"), azure, capabilities_of(azure))

    assert (draft.suffix, left) == ("", ("the suffix two words: A suffix here holds only A-Za-z0-9, _ and -",))


def test_a_job_of_nebius_is_cloned_with_its_own_settings() -> None:
    job = Job("ftjob-1", "m", "succeeded", 0, "file-1", hyperparameters={"lora": "yes", "learning_rate": 1e-05})

    assert recipe_of_job(job, "neb").hyperparameters == {"lora": "yes", "learning_rate": 1e-05}


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
