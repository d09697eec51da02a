"""Recipes on disk, cloned jobs, and the prompt behind a tuned model."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from costs_journal import DONE, ESTIMATE, MODEL, launch
from fttui.domain.jobs.recipe import Recipe, RecipeError
from fttui.services.jobs.first_rows import first_rows
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.recipes import Recipes, clone
from fttui.services.jobs.training_prompt import shared_system_prompt, training_prompt
from launch_rows import write_rows


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """An empty journal."""
    return Journal(tmp_path / "journal.db")


def prompted(path: Path, *systems: str) -> Path:
    """Rows that begin with these system prompts."""
    rows = [{"messages": [{"role": "system", "content": text}, {"role": "user", "content": "?"}]} for text in systems]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_recipe_is_kept_found_listed_and_removed(tmp_path: Path) -> None:
    recipes, recipe = Recipes(tmp_path / "recipes"), Recipe("openai", MODEL, suffix="lamps")
    file = recipes.save("my lamps", recipe)

    assert (recipes.names(), recipes.find("my lamps"), recipes.find(str(file))) == (["my lamps"], recipe, recipe)
    with pytest.raises(RecipeError, match="already"):
        recipes.save("my lamps", recipe)
    recipes.delete("my lamps")
    with pytest.raises(RecipeError, match="no recipe named"):
        recipes.find("my lamps")


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a/b", "x" * 65, "end "])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecipeError, match="A recipe's name"):
        Recipes(tmp_path).save(name, Recipe())


def test_a_recipe_may_be_toml_and_a_broken_one_is_told_with_its_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.toml", tmp_path / "b.json"
    good.write_text('model = "m"\n[hyperparameters]\nn_epochs = 2\n')
    bad.write_text("{")

    assert Recipes(tmp_path).find(str(good)) == Recipe(model="m", hyperparameters={"n_epochs": 2})
    with pytest.raises(RecipeError, match=r"b\.json is not JSON"):
        Recipes(tmp_path).find(str(bad))
    with pytest.raises(RecipeError, match="cannot be read"):
        Recipes(tmp_path).find("gone.json")


def test_a_job_launched_from_here_is_cloned_as_it_was_asked_for_with_its_file(tmp_path: Path, journal: Journal) -> None:
    launch(journal, "openai", DONE, ESTIMATE)
    rows = write_rows(tmp_path / "rows.jsonl")
    journal.remember_upload("openai", "sha", "file-1", at=1.0, path=rows)
    recipe = clone(journal, "openai", DONE)

    assert (recipe.hyperparameters, recipe.training, recipe.training_id) == ({}, str(rows), "file-1")
    assert clone(journal, "elsewhere", DONE).hyperparameters == {"n_epochs": 4}
    rows.unlink()
    assert clone(journal, "openai", DONE).training == ""


def test_the_prompt_the_first_rows_share_is_found_behind_a_tuned_model(tmp_path: Path, journal: Journal) -> None:
    rows = prompted(tmp_path / "rows.jsonl", "You switch lamps.", "You switch lamps.")
    launch(journal, "openai", DONE, None)
    journal.remember_upload("openai", "sha", DONE.training_file, at=1.0, path=rows)
    tuned = DONE.fine_tuned_model or ""

    assert training_prompt(journal, "openai", tuned) == "You switch lamps."
    assert training_prompt(journal, "openai", "another") == ""
    rows.unlink()
    assert training_prompt(journal, "openai", tuned) == ""


def test_rows_with_other_prompts_or_none_share_nothing(tmp_path: Path) -> None:
    assert shared_system_prompt(prompted(tmp_path / "two", "a", "b")) == ""
    assert shared_system_prompt(write_rows(tmp_path / "none")) == ""


def test_a_pipe_that_nobody_writes_to_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert first_rows(tmp_path / "pipe") == ()


def test_what_a_launch_was_expected_to_cost_is_kept_with_it(journal: Journal) -> None:
    launch(journal, "openai", DONE, ESTIMATE)
    launch(journal, "openai", replace(DONE, id="ftjob-2"), None)

    assert journal.estimates() == {"op-ftjob-more": ESTIMATE}
