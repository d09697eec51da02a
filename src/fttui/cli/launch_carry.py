"""What can be done with a launch that a provider does not allow: the lines that carry it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fttui.cli.frame import talk
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.equivalents import command_line
from fttui.domain.jobs.recipe import recipe_of_draft
from fttui.domain.jobs.retarget import draft_of
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services


async def tell_ways_on(services: Services, refused: Profile, draft: Draft) -> None:
    """Say how the same launch reads at the other profiles, and what of it cannot be carried there."""
    from fttui.services.jobs.recipes import with_local_files

    others = [profile for profile in services.settings.profiles if profile.name != refused.name]
    recipe = recipe_of_draft(draft, refused.name)
    talk("The same launch at another profile:")
    for profile in others:
        can = services.capabilities(profile.name)
        if not can.jobs:
            continue
        carried, left = draft_of(recipe, profile, can)
        for line in _lines(with_local_files(carried), profile, left):
            talk(f"  {line}")


def _lines(draft: Draft, profile: Profile, left: tuple[str, ...]) -> Iterator[str]:
    yield from command_line(draft, profile).splitlines()
    if not draft.model and profile.dialect is not Dialect.ENGINE:
        yield f"  # choose --model: fttui models list --profile {profile.name}"
    for words in left:
        yield f"  # not carried: {safe_line(words, 200)}"
