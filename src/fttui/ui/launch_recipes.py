"""Recipes in the launch form: kept, loaded, cloned from jobs, carried to another profile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.recipe import Recipe, RecipeError, recipe_of_draft
from fttui.domain.jobs.retarget import draft_of
from fttui.domain.profiles.profile import Profile
from fttui.domain.remote import RemoteModel
from fttui.domain.text import safe_line
from fttui.services.jobs.recipes import Recipes, name_problem, with_local_files
from fttui.ui.dialogs import ConfirmDialog, PromptDialog
from fttui.ui.screens.pick import Choice, PickDialog

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.ui.app import FttuiApp


def recipes_of(services: Services) -> Recipes:
    """The person's recipes."""
    return Recipes(services.paths.recipes)


async def save_recipe(app: FttuiApp, draft: Draft, profile: str) -> None:
    """Ask for a name and keep the form under it; call from a worker."""
    recipes = recipes_of(app.services)
    proposed = draft.suffix.strip() or draft.method.value
    name = await app.push_screen_wait(PromptDialog("Keep this launch as a recipe", "Name", proposed))
    if not name:
        return
    name = name.strip()
    problem = name_problem(name)
    if problem:
        app.say(problem, "warning")
        return
    taken = name in await asyncio.to_thread(recipes.names)
    if taken and not await app.push_screen_wait(
        ConfirmDialog("Replace the recipe?", f"There is a recipe named {name} already.", "Replace", danger=True)
    ):
        return
    try:
        await asyncio.to_thread(recipes.save, name, recipe_of_draft(draft, profile), replacing=taken)
    except FttuiError as error:
        app.show_failure(error)
    else:
        app.say(f"Kept as the recipe {name}")


async def choose_recipe(app: FttuiApp) -> Recipe | None:
    """Choose among the kept recipes, or type the path of one; call from a worker."""
    recipes = recipes_of(app.services)
    choices = await asyncio.to_thread(_choices, recipes, app.services, app.today)
    dialog = PickDialog("Load a recipe", choices, typed_label="use the file", empty="No recipe is kept: ^s keeps one")
    chosen = await app.push_screen_wait(dialog)
    if chosen is None:
        return None
    try:
        return await asyncio.to_thread(recipes.find, chosen)
    except FttuiError as error:
        app.show_failure(error)
        return None


def _choices(recipes: Recipes, services: Services, today: date) -> list[Choice]:
    """The kept recipes, each with its model and until when that is there."""
    choices = []
    for name in recipes.names():
        try:
            recipe = recipes.load(name)
        except RecipeError:
            choices.append(Choice(name, name, "cannot be read", section="recipes"))
            continue
        ending = services.ending_of(recipe.model, recipe.profile)
        ends = f"  {ending.words(today)}" if ending is not None else ""
        choices.append(Choice(name, name, f"{recipe.model}{ends}", section="recipes"))
    return choices


def carried(
    services: Services, recipe: Recipe, profile: Profile, models: Sequence[RemoteModel]
) -> tuple[Draft, tuple[str, ...]]:
    """The form a recipe fills in at a profile, and what of it could not be carried there."""
    can = services.capabilities(profile.name)
    draft, left = draft_of(recipe, profile, can, models or None)
    return with_local_files(draft), left


def left_words(left: Sequence[str]) -> str:
    """What could not be carried, as the text of a dialog."""
    return "Not carried over:\n\n" + "\n".join(f"  {safe_line(words, 200)}" for words in left)
