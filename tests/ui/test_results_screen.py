"""The result file of a job on a screen: table and curves, kept, saved as CSV and JSON, there without the provider."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.feed import JobUpdate
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.results import ResultsScreen
from make_jobs import make_job, make_log
from pictures import SIZES, FakeServices, Snap, make_app, until
from reading import shown

JOB = make_job(1, "succeeded")
ROWS = "".join(
    f"{step},{4 / step:.4f},{'' if step % 5 else f'{4 / step + 0.1:.4f}'},0.{step:02d}\n" for step in range(1, 61)
)
CONTENT = base64.b64encode(f"step,train_loss,valid_loss,train_accuracy\n{ROWS}".encode())


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def job(services: FakeServices) -> None:
    """A finished job whose events are known, and its result file at the provider."""
    services.journal.record("local", JOB.id, JobUpdate(JOB, tuple(make_log(JOB, 60))), complete=True)
    services.fake.jobs.append(JOB)
    services.fake.contents["file-results"] = CONTENT


@asynccontextmanager
async def results(services: FakeServices) -> AsyncIterator[tuple[Pilot[None], ResultsScreen]]:
    """The app on the results, by key from the job."""
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.open_job("local", JOB.id)
        await until(pilot, lambda: isinstance(app.screen, JobScreen) and app.screen.feed.job is not None, "the job")
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ResultsScreen), "the results")
        screen = app.screen
        assert isinstance(screen, ResultsScreen)
        await until(pilot, lambda: "60 rows, 4 columns" in shown(pilot), "the table")
        await until(pilot, lambda: screen.plot.is_up_to_date, "the curves")
        yield pilot, screen


async def test_the_table_stands_below_its_curves_and_its_cursor_is_theirs(services: FakeServices) -> None:
    async with results(services) as (pilot, screen):
        assert "train" in screen.plot.text
        assert "0.0667" in shown(pilot)
        await pilot.press("k")
        await until(pilot, lambda: "step 59" in screen.plot.text, "the cursor in the plot")


@pytest.mark.parametrize("ending", ["csv", "json"])
async def test_it_is_saved_as_csv_or_json(services: FakeServices, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"out.{ending}"
    async with results(services) as (pilot, _):
        await pilot.press("w")
        await until(pilot, lambda: "Save the metrics" in shown(pilot), "the question")
        pilot.app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await until(pilot, target.exists, "the file")
        await until(pilot, lambda: "Saved 60 rows" in shown(pilot), "the word")

    text = target.read_text()
    if ending == "json":
        assert json.loads(text)["rows"][4] == {
            "step": 5, "train_loss": 0.8, "valid_loss": 0.9, "train_accuracy": 0.05,
        }  # fmt: skip
    else:
        assert text.splitlines()[5] == "5,0.8,0.9,0.05"


async def test_once_fetched_it_is_there_without_the_provider(services: FakeServices) -> None:
    async with results(services):
        pass
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    async with results(services) as (_, screen):
        assert "train" in screen.plot.text


async def test_a_file_that_is_no_table_is_told(services: FakeServices) -> None:
    services.fake.contents["file-results"] = b"<html>"
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ResultsScreen("local", JOB))
        await until(pilot, lambda: "not a table with steps" in shown(pilot), "the reason")
        await pilot.press("w", "y")

        assert isinstance(app.screen, ResultsScreen)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_the_results_of_a_job(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.JOBS)

    async def look(pilot: Pilot[None]) -> None:
        app.push_screen(ResultsScreen("local", JOB))
        await until(pilot, lambda: isinstance(app.screen, ResultsScreen), "the results")
        screen = app.screen
        assert isinstance(screen, ResultsScreen)
        await until(pilot, lambda: screen.is_whole and screen.plot.is_up_to_date and screen.rows.count > 0, "the table")

    snap(app, size, before=look)
