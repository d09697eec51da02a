"""Time from opening a file in the Data place to its first rows, for a large file against a small one in the same run.

Run with ``python tests/benchmarks/bench_data_screen.py [MEGABYTES]`` (default 1000). Prints milliseconds and the ratio,
how long the index of the large file took with the longest pause of the event loop meanwhile, and what memory it cost.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import chat_corpus
from textual.widgets import Static

from fttui.services.container import Services
from fttui.ui.app import FttuiApp, Start
from fttui.ui.page import Page
from fttui.ui.screens.data import BROWSING, READING, DataScreen

ROUNDS = 5
SMALL_MEGABYTES = 1


def file_line(screen: DataScreen) -> str:
    """What the screen says about the open file."""
    return str(screen.records.query_one(".file-line", Static).visual)


def first_rows_are_drawn(screen: DataScreen, path: Path) -> bool:
    """Whether the list shows the first row of a file, and the row beside it is laid out."""
    if screen.showing != READING or path.name not in file_line(screen):
        return False
    records = screen.records
    return bool(records.record_list.render_line(0).text.strip()) and bool(records.pane.view.page.lines)


async def open_and_wait(screen: DataScreen, path: Path) -> float:
    """Open a file; return the milliseconds until its first rows were there."""
    if screen.showing == READING:
        screen.records.pane.forget()
        screen.records.pane.view.page = Page(())
        screen.showing = BROWSING
    begun = time.perf_counter()
    screen.open_file(path, 0)
    while not first_rows_are_drawn(screen, path):  # noqa: ASYNC110 - what is drawn can only be looked at
        await asyncio.sleep(0.001)
    return (time.perf_counter() - begun) * 1000


async def index_fully(screen: DataScreen) -> tuple[float, float]:
    """Wait for the index; return its seconds and the longest pause of the event loop in milliseconds."""
    begun = last = time.perf_counter()
    longest = 0.0
    while file_line(screen).endswith("so far"):
        await asyncio.sleep(0.005)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return time.perf_counter() - begun, longest * 1000


def memory() -> float:
    """Most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(small: Path, large: Path, megabytes: int) -> None:
    app = FttuiApp(Services.open(), Start())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, DataScreen)
        await open_and_wait(screen, small)
        await app.workers.wait_for_complete()  # the vocabulary, which counting tokens needs once
        times: dict[Path, list[float]] = {small: [], large: []}
        for _ in range(ROUNDS):
            for path in (small, large):
                times[path].append(await open_and_wait(screen, path))
        before = memory()
        await open_and_wait(screen, small)
        await open_and_wait(screen, large)
        seconds, pause = await index_fully(screen)
        small_ms, large_ms = (statistics.median(times[path]) for path in (small, large))
        print(f"first rows, {SMALL_MEGABYTES} MB file: {small_ms:.0f} ms")
        print(f"first rows, {megabytes} MB file: {large_ms:.0f} ms, {large_ms / small_ms:.2f} times")
        print(f"index of {screen.records.rows_known:,} rows: {seconds:.2f} s, longest pause {pause:.0f} ms")
        print(f"memory: {before:.0f} MB before the index, {memory():.0f} MB after")


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            os.environ.pop(name, None)
        small, large = Path(folder) / "small.jsonl", Path(folder) / "large.jsonl"
        chat_corpus.write(small, SMALL_MEGABYTES)
        chat_corpus.write(large, megabytes)
        asyncio.run(measure(small, large, megabytes))


if __name__ == "__main__":
    main()
