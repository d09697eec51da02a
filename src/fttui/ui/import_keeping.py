"""Keeping mappings by name, and forgetting them, while a file is imported."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError, MappingError
from fttui.services.dataset.importing.mapping_store import check_name
from fttui.ui.dialogs import PromptDialog
from fttui.ui.screens.pick import Choice, PickDialog

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp
    from fttui.ui.widgets.import_bench import ImportBench


async def keep_mapping(app: FttuiApp, bench: ImportBench, name: str) -> None:
    """Ask for a name, and keep the mapping under it.

    Args:
        app: shows the questions.
        bench: has the mapping.
        name: the name that is proposed.
    """
    try:
        mapping = bench.mapping()
    except MappingError as error:
        app.show_failure(error)
        return
    typed = await app.push_screen_wait(PromptDialog("Keep the mapping", "Name", name, check=_name_problem))
    if not typed:
        return
    try:
        await asyncio.to_thread(bench.store.save, typed, mapping)
    except FttuiError as error:
        app.show_failure(error)
        return
    bench.settle(mapping)
    bench.kept = await asyncio.to_thread(bench.store.names)
    app.say(f"The mapping is kept as {typed}")


async def forget_mapping(app: FttuiApp, bench: ImportBench) -> None:
    """Ask which kept mapping is no longer wanted, and forget it."""
    choices = [Choice(name, name) for name in bench.kept]
    dialog = PickDialog("Forget which mapping?", choices, empty="None was kept yet; m keeps one")
    name = await app.push_screen_wait(dialog)
    if name is None:
        return
    try:
        await asyncio.to_thread(bench.store.delete, name)
    except FttuiError as error:
        app.show_failure(error)
    else:
        app.say(f"The mapping {name} is forgotten")
    bench.kept = await asyncio.to_thread(bench.store.names)


def _name_problem(name: str) -> str | None:
    try:
        check_name(name)
    except FttuiError as error:
        return f"{error.message}. {error.hint}"
    return None
