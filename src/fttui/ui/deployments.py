"""Asks which deployment serves a model, once, where a provider answers under no other name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fttui.domain.profiles.azure import deployment_problem, needs_deployment
from fttui.domain.settings import Settings
from fttui.ui.dialogs import PromptDialog

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


def wanted_deployments(app: FttuiApp, profile: str, models: Iterable[str]) -> list[str]:
    """The models whose deployments are not known yet."""
    known = app.services.profile(profile)
    return [model for model in dict.fromkeys(models) if needs_deployment(known, model)]


async def ask_for_deployments(app: FttuiApp, profile: str, models: Iterable[str]) -> bool:
    """Ask for the deployments of models and keep them in the settings; False where one was not told.

    Call it in a worker.
    """
    for model in models:
        deployment = await app.push_screen_wait(
            PromptDialog(
                f"{profile} answers through deployments",
                f"Which deployment serves {model}?",
                check=lambda typed: deployment_problem(typed.strip()) or None,
            )
        )
        if not deployment or not await _keep(app, profile, model, deployment.strip()):
            return False
    return True


async def _keep(app: FttuiApp, profile: str, model: str, deployment: str) -> bool:
    def put(settings: Settings) -> Settings:
        return settings.with_profile(settings.find_profile(profile).with_deployment(model, deployment))

    return await app.change_settings(put)
