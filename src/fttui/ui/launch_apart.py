"""Fields of the launch form that are filled in on a sheet of their own: the grader, the answer format, W&B."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from fttui.domain.errors import JournalError
from fttui.domain.jobs.draft import Draft, parse_object
from fttui.domain.remote import RemoteModel
from fttui.ui.text_dialog import TextDialog

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.ui.app import FttuiApp


async def kept_checkpoints(services: Services, profile: str, listed: Sequence[RemoteModel]) -> Sequence[RemoteModel]:
    """Checkpoints of jobs of a profile that its provider does not list among its models."""
    try:
        kept = await asyncio.to_thread(lambda: services.journal.checkpoints(profile))
    except JournalError:
        # The journal's own screens say what is wrong with it; a name can be typed all the same.
        return ()
    known = {model.id for model in listed}
    return [RemoteModel(one.model, one.created_at, "") for one in kept if one.model not in known]


APART = frozenset({"grader", "response_format", "wandb"})


async def edit_apart(
    app: FttuiApp, name: str, draft: Draft, item_fields: Set[str] | None, profile: str
) -> Draft | None:
    """Ask for one of these fields; None where things stay as they are.

    Args:
        app: where the sheet is shown; call from a worker.
        name: one of `APART`.
        draft: the form as it stands.
        item_fields: the fields of the training rows, None where they are not at hand.
        profile: the profile of the form, which may check graders.
    """
    match name:
        case "grader":
            from fttui.ui.launch_grader_trial import trial_at
            from fttui.ui.screens.launch_grader import GraderDialog

            trial = await trial_at(app.services, profile, draft.training)
            grader = await app.push_screen_wait(GraderDialog(draft.grader, item_fields, trial))
            return None if grader is None else replace(draft, grader=grader)
        case "response_format":
            return await _edit_format(app, draft)
        case _:
            from fttui.ui.screens.launch_wandb import WandbDialog

            wandb = await app.push_screen_wait(WandbDialog(draft.wandb))
            return None if wandb is None else replace(draft, wandb=wandb)


async def _edit_format(app: FttuiApp, draft: Draft) -> Draft | None:
    text = draft.response_format
    while True:
        typed = await app.push_screen_wait(TextDialog("Answer format: a JSON object", text))
        if typed is None:
            return None
        try:
            parse_object(typed)
        except ValueError as error:
            app.say(f"The answer format {error}", "warning")
            text = typed
            continue
        return replace(draft, response_format=typed.strip())
