"""Files to choose from in a dialog, and what a typed path means."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from fttui.services.folder import working_folder
from fttui.services.recents import Recents
from fttui.ui import present
from fttui.ui.screens.pick import Choice


async def recent_files(recents: Recents, leave_out: Path | None = None) -> list[Choice]:
    """Files opened lately as choices, newest first."""
    files = await asyncio.to_thread(recents.files)
    home = Path.home()
    return [
        Choice(str(file), file.name, present.place(file.parent, home), section="opened lately")
        for file in files
        if file != leave_out
    ]


def typed_file(typed: str) -> Path:
    """The path that was typed, with the tilde understood."""
    return working_folder() / os.path.expanduser(typed.strip())  # noqa: PTH111 - Path's own fails without a home


def with_tilde(words: str) -> str:
    """A sentence in which paths inside the home folder begin with a tilde."""
    return words.replace(f"{Path.home()}/", "~/")
