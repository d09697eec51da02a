"""Asks on the command line which deployment serves a model, once, where a provider answers under no other name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fttui.cli.frame import is_interactive, talk
from fttui.domain.errors import UsageError
from fttui.domain.profiles.azure import deployment_problem, needs_deployment
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.settings import Settings
    from fttui.services.container import Services


def settle_deployment(services: Services, name: str | None, model: str) -> None:
    """Make sure that the deployment of a model is known, where a person can be asked for it.

    In a script the model's name is taken for that of its deployment; the provider says where that is wrong.

    Raises:
        UsageError: what was given cannot be a deployment's name.
        SettingsError: it cannot be kept.
        click.Abort: nothing was given.
    """
    profile = services.profile(name)
    if not needs_deployment(profile, model) or not is_interactive():
        return
    talk(f"{safe_line(profile.name)} answers through deployments.")
    deployment = str(click.prompt(f"Which deployment serves {safe_line(model)}?", default=model, err=True)).strip()
    problem = deployment_problem(deployment)
    if problem:
        raise UsageError(problem)

    def put(settings: Settings) -> Settings:
        return settings.with_profile(settings.find_profile(profile.name).with_deployment(model, deployment))

    services.change_settings(put)
