"""The options of a launch, made from the specification of a job, and the draft they fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from fttui.domain.dataset.record import DataFormat
from fttui.domain.errors import UsageError
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import HYPERPARAMETERS, NumberField

SHORT_NAMES: Mapping[str, str] = {"n_epochs": "epochs", "learning_rate_multiplier": "learning-rate"}
METHOD_OF: Mapping[DataFormat, Method] = {
    DataFormat.CHAT: Method.SUPERVISED,
    DataFormat.COMPLETION: Method.SUPERVISED,
    DataFormat.PREFERENCE: Method.PREFERENCE,
    DataFormat.REINFORCEMENT: Method.REINFORCEMENT,
}

Command = TypeVar("Command", bound=Callable[..., Any])


def option_name(hyperparameter: str) -> str:
    """How a hyperparameter is called on the command line."""
    return SHORT_NAMES.get(hyperparameter, hyperparameter.replace("_", "-"))


def hyperparameter_options(function: Command) -> Command:
    """Add one option for each hyperparameter there is; the values are checked against the method later."""
    for entry in reversed(HYPERPARAMETERS):
        kind = entry.range_text if isinstance(entry, NumberField) else ", ".join(entry.choices)
        flags = [f"--{option_name(entry.name)}"]
        if option_name(entry.name) != entry.name.replace("_", "-"):
            flags.append(f"--{entry.name.replace('_', '-')}")
        option = click.option(*flags, entry.name, metavar="VALUE", help=f"{entry.help} auto, or {kind}.")
        function = option(function)
    return function


def fill_draft(
    training: Path,
    validation: Path | None,
    model: str,
    method: Method,
    typed: Mapping[str, str | None],
    *,
    suffix: str | None,
    seed: str | None,
    metadata: tuple[str, ...],
) -> Draft:
    """The draft that the options describe.

    Raises:
        UsageError: they do not hold together; every problem is named.
    """
    draft = Draft(
        model=model,
        training=training,
        validation=validation,
        method=method,
        typed={name: value for name, value in typed.items() if value is not None},
        suffix=suffix or "",
        seed=seed or "",
        metadata="\n".join(metadata),
    )
    known = {entry.name for entry in HYPERPARAMETERS if method in entry.methods}
    foreign = [option_name(name) for name in draft.typed if name not in known]
    wrong = [f"--{name} has no meaning for {method.value} training" for name in foreign]
    wrong += [sentence for _, sentence in draft.problems()]
    if wrong:
        raise UsageError("; ".join(wrong))
    return draft
