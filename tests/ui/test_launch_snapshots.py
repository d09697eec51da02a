"""The launch form in each of its states."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UnreachableError
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.services.jobs.launch_plan import LaunchProgress, Stage
from fttui.ui.place import Place
from fttui.ui.screens.launch import LaunchScreen
from launch_rows import write_rows
from make_jobs import StillClock
from pictures import SIZES, FakeServices, Snap, make_app, until

pytestmark = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def provider(services: FakeServices) -> None:
    """Two bases, a tuned model, an uploaded file; time stands still."""
    services.clock = StillClock()
    services.fake.models = [
        RemoteModel("fttui-nano", 1_790_000_000, "fttui"),
        RemoteModel("fttui-nano-scratch", 1_790_000_000, "fttui"),
        RemoteModel("ft:fttui-nano:me:smart-home:1", 1_790_000_000, "me"),
    ]
    services.fake.files = [
        RemoteFile("file-abc", "中文训练数据.jsonl", 120_400, 1_790_000_000, "fine-tune", "processed")
    ]


def form_of(pilot: Pilot[None]) -> LaunchScreen:
    """The form's screen."""
    screen = pilot.app.screen
    assert isinstance(screen, LaunchScreen)
    return screen


async def check(pilot: Pilot[None]) -> None:
    """Wait until the file is checked."""
    screen = form_of(pilot)
    await until(pilot, lambda: screen.check.report is not None, "the check")
    await until(pilot, lambda: bool(screen.draft.model), "the model")


def test_empty(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.LAUNCH), size)


def test_loading(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.gate.clear()
    snap(make_app(services, Place.LAUNCH), size)


def test_failed(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    snap(make_app(services, Place.LAUNCH), size)


def test_ready(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.LAUNCH)
    app.dataset = write_rows(services.home / "rows.jsonl")
    snap(app, size, before=check)


def test_wrong_values(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.LAUNCH)

    async def type_wrong(pilot: Pilot[None]) -> None:
        screen = form_of(pilot)
        screen.form.spec_form.go_to("batch_size")
        await pilot.press("3", "0", "0", "down", "down", "down", "x")
        await pilot.press("ctrl+r")

    snap(app, size, before=type_wrong)


def test_errors_in_the_file(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.LAUNCH)
    app.dataset = write_rows(services.home / "rows.jsonl", broken=True)
    snap(app, size, press=["ctrl+r"], before=check)


def test_choosing_a_file(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.LAUNCH)
    app.dataset = write_rows(services.home / "rows.jsonl")

    async def choose(pilot: Pilot[None]) -> None:
        await check(pilot)
        form_of(pilot).form.spec_form.go_to("validation_file")

    snap(app, size, press=["enter"], before=choose)


def test_review(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.LAUNCH)
    app.dataset = write_rows(services.home / "rows.jsonl")
    services.fake.models = [RemoteModel("gpt-4o-mini-2024-07-18", 1_790_000_000, "openai")]

    async def fill(pilot: Pilot[None]) -> None:
        app.profile_name = "openai"
        await check(pilot)
        screen = form_of(pilot)
        await until(pilot, lambda: screen.draft.model.startswith("gpt"), "the model")
        await until(pilot, lambda: screen.check.report is not None and bool(screen.check.report.cost), "the price")
        await pilot.pause()

    snap(app, size, press=["ctrl+r"], before=fill)


def test_uploading(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    app = make_app(services, Place.LAUNCH)
    app.dataset = write_rows(services.home / "rows.jsonl")

    async def upload(pilot: Pilot[None]) -> None:
        await check(pilot)
        screen = form_of(pilot)
        screen.sending = LaunchProgress(Stage.UPLOADING, "rows.jsonl", 6_300_000, 21_000_000, 1_575_000.0, 9.3)
        await pilot.pause()

    snap(app, size, before=upload)
