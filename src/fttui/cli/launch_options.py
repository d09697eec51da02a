"""The options of a launch, made from the specification of a job, and the draft they fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from fttui.domain.dataset.record import DataFormat
from fttui.domain.errors import UsageError
from fttui.domain.jobs.draft import DataSource, Draft, parse_object
from fttui.domain.jobs.equivalents import option_name
from fttui.domain.jobs.grader_template import item_fields_of
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.provider_fields import AZURE_OLDER_FIELDS, EVERY_FIELD, NEBIUS_FIELDS
from fttui.domain.jobs.spec import HYPERPARAMETERS, NumberField, Wandb, fields_for
from fttui.domain.remote import RemoteFile
from fttui.domain.text import safe_line

METHOD_OF: Mapping[DataFormat, Method] = {
    DataFormat.CHAT: Method.SUPERVISED,
    DataFormat.COMPLETION: Method.SUPERVISED,
    DataFormat.PREFERENCE: Method.PREFERENCE,
    DataFormat.REINFORCEMENT: Method.REINFORCEMENT,
}

_EVERYWHERE = frozenset(entry.name for entry in HYPERPARAMETERS)
_WHOSE: Mapping[str, str] = {
    **{entry.name: "Azure, older api-versions: " for entry in AZURE_OLDER_FIELDS if entry.name not in _EVERYWHERE},
    **{entry.name: "Nebius: " for entry in NEBIUS_FIELDS if entry.name not in _EVERYWHERE},
}
"""Whose hyperparameters those are that not every provider knows."""

Command = TypeVar("Command", bound=Callable[..., Any])


def hyperparameter_options(function: Command) -> Command:
    """Add one option for each hyperparameter there is; the values are checked against the method later."""
    taken = {option_name(entry.name) for entry in EVERY_FIELD}
    for entry in reversed(EVERY_FIELD):
        kind = entry.range_text if isinstance(entry, NumberField) else ", ".join(entry.choices)
        flags = [f"--{option_name(entry.name)}"]
        whole = entry.name.replace("_", "-")
        if whole not in taken:
            flags.append(f"--{whole}")
        whose = _WHOSE.get(entry.name, "")
        option = click.option(*flags, entry.name, metavar="VALUE", help=f"{whose}{entry.help} Takes auto, or {kind}.")
        function = option(function)
    return function


def more_options(function: Command) -> Command:
    """Add what a launch may carry besides: a grader, an answer format, Weights & Biases."""
    options = (
        click.option("--grader", type=click.Path(path_type=Path), metavar="FILE", help="JSON: how answers are graded."),
        click.option(
            "--response-format",
            "response_format",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="JSON: the shape of answers, for reinforcement.",
        ),
        click.option("--wandb-project", metavar="NAME", help="Show the run in this project of Weights & Biases."),
        click.option("--wandb-name", metavar="NAME", help="The run's name there."),
        click.option("--wandb-entity", metavar="NAME", help="The team or person there."),
        click.option("--wandb-tag", "wandb_tags", multiple=True, metavar="TAG", help="A tag there; may be repeated."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Given:
    """What was said on the command line; None and empty where it was not."""

    suffix: str | None = None
    seed: str | None = None
    metadata: tuple[str, ...] = ()
    typed: Mapping[str, str | None] = field(default_factory=dict)
    """Hyperparameters by name."""
    grader: Path | None = None
    response_format: Path | None = None
    wandb: Wandb | None = None


def source_of(given: str | None) -> DataSource | None:
    """A file of this computer, or one at the provider where an id was given and no such file lies here."""
    if given is None:
        return None
    path = Path(given)
    if given.startswith("file-") and "/" not in given and not path.exists():
        return RemoteFile(given, given, 0, 0, "fine-tune", "")
    return path


def wandb_of(project: str | None, name: str | None, entity: str | None, tags: tuple[str, ...]) -> Wandb | None:
    """What Weights & Biases is told.

    Raises:
        UsageError: something was said without a project.
    """
    if project:
        return Wandb(project, name, entity, tags)
    if name or entity or tags:
        raise UsageError("--wandb-name, --wandb-entity and --wandb-tag need --wandb-project")
    return None


def fill_draft(base: Draft, given: Given) -> Draft:
    """The draft that the options describe, on top of a recipe's or an empty one with files, model and method.

    Raises:
        UsageError: they do not hold together; every problem is named.
    """
    typed = {**base.typed, **{name: value for name, value in given.typed.items() if value is not None}}
    draft = replace(
        base,
        typed=typed,
        suffix=given.suffix if given.suffix is not None else base.suffix,
        seed=given.seed if given.seed is not None else base.seed,
        metadata="\n".join(given.metadata) or base.metadata,
        grader=read_object(given.grader) if given.grader is not None else base.grader,
        response_format=_text(given.response_format) if given.response_format is not None else base.response_format,
        wandb=given.wandb or base.wandb,
    )
    known = {entry.name for entry in fields_for(draft.method, draft.fields)}
    foreign = [option_name(name) for name in draft.typed if name not in known]
    wrong = [f"--{name} has no meaning for {draft.method.value} training here" for name in foreign]
    wrong += [sentence for _, sentence in draft.problems(_item_fields(draft))]
    if draft.method is not Method.REINFORCEMENT:
        named = (("--grader", given.grader), ("--response-format", given.response_format))
        wrong += [f"{option} is for reinforcement training alone" for option, value in named if value is not None]
    if wrong:
        raise UsageError("; ".join(wrong))
    return draft


def _item_fields(draft: Draft) -> frozenset[str] | None:
    from fttui.services.jobs.first_rows import first_rows

    if draft.method is not Method.REINFORCEMENT or not isinstance(draft.training, Path):
        return None
    return item_fields_of(iter(first_rows(draft.training)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{safe_line(str(path))} cannot be read: {safe_line(str(error), 120)}") from None


def read_object(path: Path) -> Mapping[str, object]:
    """The JSON object in a file.

    Raises:
        UsageError: it cannot be read, or is something else.
    """
    try:
        found = parse_object(_text(path))
    except ValueError as error:
        raise UsageError(f"{safe_line(str(path))} {error}") from None
    if found is None:
        raise UsageError(f"{safe_line(str(path))} is empty")
    return found
