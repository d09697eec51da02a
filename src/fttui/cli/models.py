"""Models at the provider: list, delete."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from fttui.cli.ending import lifecycle_object, today_at
from fttui.cli.files import confirm, day
from fttui.cli.frame import (
    CommandGroup,
    ExitCode,
    emit_json,
    json_option,
    profile_option,
    say,
    talk,
    with_services,
)
from fttui.cli.tables import table
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.remote import RemoteModel
    from fttui.services.container import Services


@click.group("models", cls=CommandGroup)
def command() -> None:
    """List and delete models at the provider."""


@command.command("list")
@click.option("--tuned", is_flag=True, help="Only the results of fine-tuning jobs.")
@profile_option
@json_option
def list_models(tuned: bool, profile: str | None, as_json: bool) -> int:
    """List the models, newest first, with the day they end where it is announced."""

    async def work(services: Services) -> None:
        models = [model for model in await services.list_models(profile) if model.is_tuned or not tuned]
        today = today_at(services.clock.now())
        endings = [services.ending_of(model.id, profile) for model in models]
        if as_json:
            both = zip(models, endings, strict=True)
            emit_json({"models": [_object(model, lifecycle_object(end, today)) for model, end in both]})
            return
        rows = [
            (model.id, day(model.created_at), model.owned_by, end.words(today) if end is not None else "")
            for model, end in zip(models, endings, strict=True)
        ]
        for line in table(("id", "created", "owner", "ends"), rows):
            say(line)
        talk(f"{len(models)} models")

    with_services(work)
    return ExitCode.GOOD


@command.command("delete")
@click.argument("model_id")
@profile_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_model(model_id: str, profile: str | None, yes: bool) -> int:
    """Delete a tuned model for good."""
    confirm(f"Delete the model {safe_line(model_id)} at the provider for good?", yes)

    async def work(services: Services) -> None:
        await (await services.provider(profile)).delete_model(model_id)

    with_services(work)
    talk(f"Deleted {safe_line(model_id)}.")
    return ExitCode.GOOD


def _object(model: RemoteModel, lifecycle: dict[str, object] | None) -> dict[str, object]:
    return {**asdict(model), "lifecycle": lifecycle}
