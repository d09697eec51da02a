"""Kept launches: list, show, save, delete."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.ending import ending_words, today_at
from fttui.cli.files import confirm
from fttui.cli.frame import CommandGroup, ExitCode, emit_json, json_option, profile_option, say, talk, with_services
from fttui.cli.tables import table
from fttui.domain.counts import counted
from fttui.domain.errors import UsageError
from fttui.domain.jobs.recipe import recipe_document
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.services.jobs.recipes import Recipes


@click.group("recipes", cls=CommandGroup)
def command() -> None:
    """Keep launches, to begin others with: `fttui launch --recipe NAME`."""


def _recipes(services: Services) -> Recipes:
    from fttui.services.jobs.recipes import Recipes

    return Recipes(services.paths.recipes)


@command.command("list")
@json_option
def list_recipes(as_json: bool) -> int:
    """List the kept recipes."""

    async def work(services: Services) -> None:
        recipes = _recipes(services)
        known = [(name, recipes.load(name)) for name in recipes.names()]
        if as_json:
            emit_json({"recipes": [{"name": name, **recipe_document(recipe)} for name, recipe in known]})
            return
        today = today_at(services.clock.now())
        rows = [
            (
                name,
                one.profile,
                one.model,
                one.method.value,
                Path(one.training).name,
                ending_words(services.ending_of(one.model, one.profile), today),
            )
            for name, one in known
        ]
        for line in table(("name", "made at", "model", "method", "file", "ends"), rows) if rows else ():
            say(line)
        talk(counted(len(known), "recipe"))

    with_services(work)
    return ExitCode.GOOD


@command.command("show")
@click.argument("recipe", metavar="NAME|FILE")
def show_recipe(recipe: str) -> int:
    """Print a recipe as JSON."""

    async def work(services: Services) -> None:
        emit_json(recipe_document(_recipes(services).find(recipe)))

    with_services(work)
    return ExitCode.GOOD


@command.command("save")
@click.argument("name")
@click.option("--job", "job_id", metavar="JOB", help="Keep what this job was asked for.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="Keep the recipe in this file, JSON or TOML.")
@click.option("--replace", "replacing", is_flag=True, help="Write over a recipe of this name.")
@profile_option
def save_recipe(name: str, job_id: str | None, file: Path | None, replacing: bool, profile: str | None) -> int:
    """Keep the launch of an earlier job, or a recipe in a file, under NAME."""
    if (job_id is None) == (file is None):
        raise UsageError("Say what to keep: --job JOB, or --file FILE")

    async def work(services: Services) -> Path:
        from fttui.services.jobs.recipes import clone, load_file

        if file is not None:
            recipe = load_file(file)
        else:
            from fttui.cli.job_choice import choose_job

            owner, chosen = await choose_job(services, profile, job_id)
            journal = services.journal
            found = [entry.job for entry in await asyncio.to_thread(journal.find, chosen) if entry.profile == owner]
            job = found[0] if found else await (await services.provider(owner)).retrieve_job(chosen)
            recipe = await asyncio.to_thread(clone, journal, owner, job)
        return _recipes(services).save(name, recipe, replacing=replacing)

    path = with_services(work)
    talk(f"Kept in {safe_line(str(path))}. Launch it: fttui launch --recipe {name}")
    return ExitCode.GOOD


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_recipe(name: str, yes: bool) -> int:
    """Delete a recipe for good."""
    confirm(f"Delete the recipe {safe_line(name)} for good?", yes)

    async def work(services: Services) -> None:
        _recipes(services).delete(name)

    with_services(work)
    talk(f"Deleted {safe_line(name)}.")
    return ExitCode.GOOD
