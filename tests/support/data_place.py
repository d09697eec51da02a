"""The Data place as a person sees it."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from fttui.ui.app import FttuiApp
from fttui.ui.screens.data import READING, DataScreen
from pictures import settle, until


def data(app: FttuiApp) -> DataScreen:
    assert isinstance(app.screen, DataScreen)
    return app.screen


def names(app: FttuiApp) -> list[str]:
    files = data(app).files.file_list
    return [entry.name for number in range(files.count) if (entry := files.entry_at(number)) is not None][1:]


def shown(app: FttuiApp) -> str:
    return "\n".join("".join(text for text, _ in line) for line in data(app).records.pane.view.page.lines)


def said(app: FttuiApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).visual)


async def opened(pilot: Pilot[None], app: FttuiApp, path: Path) -> None:
    await settle(pilot)
    app.open_dataset(path)
    await until(pilot, lambda: data(app).showing == READING)
    await settle(pilot)
