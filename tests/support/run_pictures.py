"""Takes a picture of every screen with real runs on the embedded engine.

Run ``python tests/support/run_pictures.py FOLDER`` with a HOME in which two jobs have run;
the pictures are SVG. The tests take them too, and look at what they show.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from textual.pilot import Pilot

from fttui.services.container import Services
from fttui.ui.app import FttuiApp, Start
from fttui.ui.place import Place
from fttui.ui.screens.compare import CompareScreen
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.results import ResultsScreen
from quiet import is_busy

SIZES = ((80, 24), (120, 40))
PATIENCE = 120

Visit = Callable[[Pilot[None]], Awaitable[None]]


async def rest(pilot: Pilot[None]) -> None:
    """Wait until the screen has shown the same for a while."""
    before, unchanged = "", 0
    async with asyncio.timeout(PATIENCE):
        while unchanged < 4:
            await pilot.pause(0.2)
            now = pilot.app.export_screenshot(simplify=True)
            unchanged, before = (unchanged + 1 if now == before and not is_busy(pilot.app) else 0), now


def text_of(pilot: Pilot[None]) -> str:
    """What the screen shows, without colours."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def take(size: tuple[int, int]) -> Mapping[str, tuple[str, str]]:
    """Visit every screen; its text and its picture by name."""
    services = Services.open()
    app = FttuiApp(services, Start(place=Place.JOBS))
    app.animation_level = "none"
    app.cursors_blink = False
    taken: dict[str, tuple[str, str]] = {}

    async def picture(name: str) -> None:
        await rest(pilot)
        taken[name] = text_of(pilot), app.export_screenshot(title="fttui")

    async with app.run_test(size=size) as pilot:
        jobs = [entry for entry in services.journal.jobs("local") if entry.job.fine_tuned_model]
        await picture("jobs")
        app.open_job("local", jobs[0].job.id)
        await picture("job")
        await pilot.press("a", "left", "left")
        await picture("job-accuracy")
        app.push_screen(ResultsScreen("local", jobs[0].job))
        await picture("results")
        app.push_screen(CompareScreen([("local", entry.job.id) for entry in jobs[:3]]))
        await picture("compare")
        app.push_screen(JobScreen("local", jobs[-1].job.id))
        await picture("job-first")
        app.chat_with(jobs[0].job.fine_tuned_model or "", "local")
        await rest(pilot)
        await pilot.press(*"Start the fan in the garage.", "enter")
        await picture("playground")
        app.visit(Place.FILES)
        await picture("files")
        app.action_show_costs()
        await picture("costs")
    await services.close(keep_engine=True)
    return taken


def main() -> None:
    """Write the pictures of both sizes."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for name, (_, picture) in asyncio.run(take(size)).items():
            (folder / f"{name}-{size[0]}x{size[1]}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
