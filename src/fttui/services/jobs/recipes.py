"""Recipes on disk: one JSON file each in the data folder; a recipe elsewhere may also be TOML."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from fttui.domain.jobs.draft import DataSource, Draft
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.recipe import Recipe, RecipeError, read_recipe, recipe_document, recipe_of_job, recipe_of_spec
from fttui.domain.text import safe_line
from fttui.services.atomic import write_json
from fttui.services.jobs.journal import Journal

LARGEST = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,63}")


def name_problem(name: str) -> str:
    """Say what is wrong with the name of a recipe in one sentence; empty when nothing is."""
    if _NAME.fullmatch(name) and not name.endswith((" ", ".")):
        return ""
    return "A recipe's name has 1 to 64 letters, digits, blanks, -, _ or ., and begins with a letter or digit"


class Recipes:
    """The kept recipes.

    Args:
        folder: where they lie; it is made with the first one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> Sequence[str]:
        """The names of all recipes, in order."""
        return sorted((path.stem for path in self.folder.glob("*.json")), key=str.casefold)

    def load(self, name: str) -> Recipe:
        """A kept recipe.

        Raises:
            RecipeError: there is none of that name, or it cannot be read.
        """
        path = self._path(name)
        if not path.exists():
            known = ", ".join(self.names())
            raise RecipeError(
                f"There is no recipe named {safe_line(name, 60)}", hint=f"There is: {known}." if known else ""
            )
        return load_file(path)

    def find(self, name_or_file: str) -> Recipe:
        """A kept recipe by its name, or one in a file by its path.

        Raises:
            RecipeError: there is neither, or it cannot be read.
        """
        if "/" in name_or_file or name_or_file.endswith((".json", ".toml")):
            path = Path(name_or_file).expanduser()
            return load_file(path)
        return self.load(name_or_file)

    def save(self, name: str, recipe: Recipe, *, replacing: bool = False) -> Path:
        """Keep a recipe under a name; return its file.

        Raises:
            RecipeError: the name will not do, is taken, or the disk refuses.
        """
        path = self._path(name)
        if path.exists() and not replacing:
            raise RecipeError(f"There is a recipe named {name} already", hint="Choose another name, or replace it.")
        try:
            write_json(path, recipe_document(recipe))
        except OSError as error:
            raise RecipeError(f"{safe_line(str(path))} cannot be written: {error.strerror}") from error
        return path

    def delete(self, name: str) -> None:
        """Remove a recipe.

        Raises:
            RecipeError: there is none of that name, or the disk refuses.
        """
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            raise RecipeError(f"There is no recipe named {safe_line(name, 60)}") from None
        except OSError as error:
            raise RecipeError(f"The recipe cannot be removed: {error.strerror}") from error

    def _path(self, name: str) -> Path:
        problem = name_problem(name)
        if problem:
            raise RecipeError(problem)
        return self.folder / f"{name}.json"


def load_file(path: Path) -> Recipe:
    """A recipe in a file, JSON or TOML.

    Raises:
        RecipeError: it cannot be read or is not a recipe.
    """
    where = safe_line(str(path), 200)
    try:
        if path.stat().st_size > LARGEST:
            raise RecipeError(f"{where} is too large for a recipe")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RecipeError(f"{where} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise RecipeError(f"{where} is not UTF-8 text") from None
    try:
        document: object = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        kind = "TOML" if path.suffix == ".toml" else "JSON"
        raise RecipeError(f"{where} is not {kind}: {safe_line(str(error), 200)}") from None
    try:
        return read_recipe(document)
    except RecipeError as error:
        raise RecipeError(f"{error.message} (in {where})", hint=error.hint) from None


def clone(journal: Journal, profile: str, job: Job) -> Recipe:
    """What an earlier job was asked for: as it was launched from here, else as the provider tells.

    Files that were sent from here and still lie where they lay are named by their paths.

    Raises:
        JournalError: the journal cannot be read.
    """
    launched = next((one for one in journal.operations(profile) if one.job_id == job.id), None)
    recipe = recipe_of_job(job, profile) if launched is None else recipe_of_spec(launched.spec, profile)
    return replace(
        recipe,
        training=_local(journal, profile, recipe.training_id),
        validation=_local(journal, profile, recipe.validation_id),
    )


def _local(journal: Journal, profile: str, file_id: str) -> str:
    source = journal.source_of(profile, file_id) if file_id else None
    return str(source[0]) if source is not None and source[0].is_file() else ""


def with_local_files(draft: Draft) -> Draft:
    """The draft with the paths a recipe names made paths of this computer."""
    return replace(draft, training=_here(draft.training), validation=_here(draft.validation))


def _here(source: DataSource | None) -> DataSource | None:
    return Path(source).expanduser().absolute() if isinstance(source, PurePath) else source
