"""Carries a recipe to a profile: the form it fills in there, and everything that could not be carried, by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from fttui.domain.jobs.draft import DataSource, Draft
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.recipe import Recipe
from fttui.domain.jobs.spec import ChoiceField, HyperparameterField, Value, fields_for
from fttui.domain.profiles.capabilities import Capabilities
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.domain.text import safe_line


def draft_of(
    recipe: Recipe, profile: Profile, can: Capabilities, models: Sequence[RemoteModel] | None = None
) -> tuple[Draft, tuple[str, ...]]:
    """The form a recipe fills in at a profile, and what of it could not be carried there, in words.

    Args:
        recipe: what to fill in.
        profile: where it is to be launched.
        can: what the provider can do.
        models: what it lists; None where it has not been asked.
    """
    left: list[str] = []
    moved = bool(recipe.profile) and recipe.profile != profile.name
    method = recipe.method
    if method not in can.methods:
        left.append(f"the method: {profile.name} does not train by {method.value}")
        method = Method.SUPERVISED
    without_model = _model_left(recipe, profile, models, moved=moved)
    left += [without_model] if without_model else []
    typed: dict[str, str] = {}
    for name, value in recipe.hyperparameters.items():
        reason = _setting_left(name, value, profile, fields_for(method, can.hyperparameters))
        if reason:
            left.append(reason)
        else:
            typed[name] = f"{value:g}" if isinstance(value, float) else str(value)
    grades = method is Method.REINFORCEMENT
    left += ["the grader"] if recipe.grader is not None and not grades else []
    left += ["the answer format"] if recipe.response_format is not None and not grades else []
    left += _files_left(recipe, moved=moved)
    draft = Draft(
        model="" if without_model else recipe.model,
        training=_source(recipe.training, "" if moved else recipe.training_id),
        validation=_source(recipe.validation, "" if moved else recipe.validation_id),
        method=method,
        typed=typed,
        suffix=recipe.suffix,
        seed="" if recipe.seed is None else str(recipe.seed),
        metadata="\n".join(f"{key}={value}" for key, value in recipe.metadata.items()),
        grader=recipe.grader if grades else None,
        response_format=_as_text(recipe.response_format) if grades else "",
        wandb=recipe.wandb,
        fields=can.hyperparameters,
    )
    draft, besides = _without_what_is_not_taken(draft, profile, can)
    return draft, (*left, *besides)


def _without_what_is_not_taken(draft: Draft, profile: Profile, can: Capabilities) -> tuple[Draft, tuple[str, ...]]:
    """Leave out the suffix, seed, metadata and integration that a provider does not take, each with the reason."""
    left: list[str] = []
    suffix = draft.suffix
    if suffix:
        wrong = can.limits.suffix_problem(suffix) if can.suffix else f"{profile.name} takes none"
        left += [f"the suffix {safe_line(suffix, 40)}: {wrong}"] if wrong else []
        draft = replace(draft, suffix="" if wrong else suffix)
    if draft.seed and not can.seed:
        left.append(f"the seed {draft.seed}: {profile.name} takes none")
        draft = replace(draft, seed="")
    if draft.metadata and not can.metadata:
        left.append(f"the metadata: {profile.name} keeps none with jobs")
        draft = replace(draft, metadata="")
    if draft.wandb is not None and not can.wandb:
        left.append(f"Weights & Biases: {profile.name} shows no runs there")
        draft = replace(draft, wandb=None)
    return draft, tuple(left)


def _as_text(table: Mapping[str, object] | None) -> str:
    return json.dumps(table, indent=2, ensure_ascii=False) if table is not None else ""


def _source(path: str, file_id: str) -> DataSource | None:
    if path:
        return PurePath(path)
    return RemoteFile(file_id, file_id, 0, 0, "fine-tune", "") if file_id else None


def _model_left(recipe: Recipe, profile: Profile, models: Sequence[RemoteModel] | None, *, moved: bool) -> str:
    if not recipe.model:
        return ""
    name = safe_line(recipe.model, 60)
    if models:
        missing = all(model.id != recipe.model for model in models)
        return f"the model: {profile.name} does not list {name}" if missing and moved else ""
    if moved and models is None and profile.dialect is Dialect.ENGINE:
        return f"the model: {profile.name} trains a base of its own"
    if moved and RemoteModel(recipe.model, 0, "").is_tuned:
        return f"the model: {name} belongs to {safe_line(recipe.profile, 24)}"
    return ""


def _setting_left(name: str, value: Value, profile: Profile, fields: Sequence[HyperparameterField]) -> str:
    entry = next((entry for entry in fields if entry.name == name), None)
    if entry is None:
        return f"{safe_line(name, 40)} {value}: {profile.name} takes no such setting"
    if isinstance(entry, ChoiceField):
        return "" if value in entry.choices else f"{entry.label} {value}: not one of {', '.join(entry.choices)}"
    try:
        entry.parse(str(value))
    except ValueError as error:
        return f"{entry.label} {value}: {error}"
    return ""


def _files_left(recipe: Recipe, *, moved: bool) -> Iterator[str]:
    for what, path, file_id in (
        ("training", recipe.training, recipe.training_id),
        ("validation", recipe.validation, recipe.validation_id),
    ):
        if moved and file_id and not path:
            yield f"the {what} file: {safe_line(file_id, 40)} lies at {safe_line(recipe.profile, 24)}"
