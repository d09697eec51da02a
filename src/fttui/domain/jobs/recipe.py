"""A launch that can be kept and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from fttui.domain import settings_values as values
from fttui.domain.errors import UsageError
from fttui.domain.jobs.draft import DataSource, Draft
from fttui.domain.jobs.job import Job, Method
from fttui.domain.jobs.operation import TAG
from fttui.domain.jobs.provider_fields import EVERY_FIELD
from fttui.domain.jobs.spec import JobSpec, Value, Wandb
from fttui.domain.remote import RemoteFile
from fttui.domain.text import safe_line

VERSION = 1


class RecipeError(UsageError):
    """A recipe that cannot be read, found or kept."""

    title = "Recipe"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a launch asks for. Files are paths on this computer, or ids at the profile it was made for."""

    profile: str = ""
    """Where it was made for; ids and tuned models mean something there alone."""
    model: str = ""
    method: Method = Method.SUPERVISED
    hyperparameters: Mapping[str, Value] = field(default_factory=dict)
    """Those left out are auto."""
    suffix: str = ""
    seed: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    grader: Mapping[str, object] | None = None
    response_format: Mapping[str, object] | None = None
    wandb: Wandb | None = None
    training: str = ""
    validation: str = ""
    training_id: str = ""
    validation_id: str = ""


def recipe_of_draft(draft: Draft, profile: str) -> Recipe:
    """What a filled-in form asks for; fields that cannot be read are left out."""
    return replace(
        recipe_of_spec(draft.spec(), profile),
        training=_path(draft.training),
        validation=_path(draft.validation),
        training_id=_id(draft.training),
        validation_id=_id(draft.validation),
    )


def recipe_of_spec(spec: JobSpec, profile: str) -> Recipe:
    """What a request asked for; its files are those at the provider."""
    return Recipe(
        profile=profile,
        model=spec.model,
        method=spec.method,
        hyperparameters=dict(spec.hyperparameters),
        suffix=spec.suffix or "",
        seed=spec.seed,
        metadata={key: value for key, value in spec.metadata.items() if key != TAG},
        grader=spec.grader,
        response_format=spec.response_format,
        wandb=spec.wandb,
        training_id=spec.training_file,
        validation_id=spec.validation_file or "",
    )


def recipe_of_job(job: Job, profile: str) -> Recipe:
    """What a job was asked for, as far as the provider tells: what was auto has become numbers there."""
    known = {entry.name for entry in EVERY_FIELD}
    return Recipe(
        profile=profile,
        model=job.model,
        method=Method(job.method) if job.method in set(Method) else Method.SUPERVISED,
        hyperparameters={
            name: value for name, value in job.hyperparameters.items() if name in known and value != "auto"
        },
        suffix=job.suffix or "",
        seed=job.seed,
        metadata={key: value for key, value in job.metadata.items() if key != TAG},
        grader=job.grader,
        response_format=job.response_format,
        training_id=job.training_file,
        validation_id=job.validation_file or "",
    )


def _path(source: DataSource | None) -> str:
    return str(source) if isinstance(source, PurePath) else ""


def _id(source: DataSource | None) -> str:
    return source.id if isinstance(source, RemoteFile) else ""


_TEXTS = ("profile", "model", "suffix", "training", "validation", "training_id", "validation_id")
_TABLES = ("grader", "response_format")
_KEYS = ("version", *_TEXTS, "method", "hyperparameters", "seed", "metadata", *_TABLES, "wandb")


def recipe_document(recipe: Recipe) -> dict[str, object]:
    """A recipe as JSON or TOML hold it; what is empty is left out."""
    document: dict[str, object] = {"version": VERSION, "method": recipe.method.value}
    document |= {name: getattr(recipe, name) for name in _TEXTS if getattr(recipe, name)}
    document |= {name: dict(getattr(recipe, name)) for name in ("hyperparameters", "metadata") if getattr(recipe, name)}
    document |= {name: dict(getattr(recipe, name)) for name in _TABLES if getattr(recipe, name) is not None}
    if recipe.seed is not None:
        document["seed"] = recipe.seed
    if recipe.wandb is not None:
        given = {"project": recipe.wandb.project, "name": recipe.wandb.name, "entity": recipe.wandb.entity}
        document["wandb"] = {
            **{name: value for name, value in given.items() if value},
            **({"tags": list(recipe.wandb.tags)} if recipe.wandb.tags else {}),
        }
    return document


def read_recipe(document: object) -> Recipe:
    """A recipe from a decoded file.

    Raises:
        RecipeError: it is not one, or of a newer kind; the message names the place.
    """
    if not isinstance(document, Mapping):
        raise RecipeError("This is not a recipe")
    version = document.get("version", VERSION)
    if version != VERSION:
        raise RecipeError("This recipe is of another version", hint="Update fttui.")
    try:
        values.refuse_unknown(document, _KEYS, "")
        return _read(document)
    except UsageError as error:
        raise RecipeError(error.message, hint=error.hint) from None


def _read(document: Mapping[str, object]) -> Recipe:
    texts = {name: values.text(document, name, "") for name in _TEXTS}
    seed = document.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        raise RecipeError("seed must be a whole number")
    settings: dict[str, Value] = {}
    for name, value in values.table_of(document, "hyperparameters").items():
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise RecipeError(f"hyperparameters.{safe_line(name, 40)} must be a number or a word")
        if value != "auto":
            settings[name] = value
    return Recipe(
        **texts,
        method=Method(values.choice(document, "method", Method.SUPERVISED, tuple(Method))),
        hyperparameters=settings,
        seed=seed,
        metadata=values.text_table(document, "metadata"),
        grader=values.table_of(document, "grader") or None,
        response_format=values.table_of(document, "response_format") or None,
        wandb=_read_wandb(document),
    )


def _read_wandb(document: Mapping[str, object]) -> Wandb | None:
    if "wandb" not in document:
        return None
    table = values.table_of(document, "wandb")
    values.refuse_unknown(table, ("project", "name", "entity", "tags"), "wandb.")
    project, name, entity = (values.text(table, key, "", "wandb") for key in ("project", "name", "entity"))
    return Wandb(project, name or None, entity or None, values.words(table, "tags", "wandb"))
