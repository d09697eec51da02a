"""Files & models: both lists, narrowing down, deleting, and taking things elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button

from fakes import NOON
from fttui.domain.errors import ForbiddenError, UnreachableError
from fttui.domain.profiles.probed import Finding, Subject
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.ui.app import FttuiApp
from fttui.ui.dialogs import ConfirmDialog, ErrorDialog
from fttui.ui.place import Place
from fttui.ui.screens.files import FilesScreen
from pictures import FakeServices, make_app, settle, until

FILES = [
    RemoteFile("file-1", "intents.jsonl", 48_213, int(NOON), "fine-tune", "processed"),
    RemoteFile("file-2", "[/]\x1b[31m数据.jsonl", 1_400_000_000, int(NOON) - 90_000, "fine-tune-results", "error"),
]
MODELS = [
    RemoteModel("gpt-4o-mini-2024-07-18", 1_721_172_717, "system"),
    RemoteModel("ft:gpt-4o-mini-2024-07-18:me::abc", int(NOON), "me"),
    RemoteModel("ft:gpt-4o-mini-2024-07-18:me::abc:ckpt-step-10", int(NOON), "me"),
    RemoteModel("claimed", 0, "them", shutdown_date="2027-02-03"),
]


@pytest.fixture
def stocked(services: FakeServices) -> FakeServices:
    """A provider with files and models."""
    services.fake.files, services.fake.models = list(FILES), list(MODELS)
    return services


def text_of(app: FttuiApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def is_open(app: FttuiApp, kind: type) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, kind) and app.screen.is_mounted and app.focused is not None


async def test_files_show_name_purpose_status_size_and_day(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)

        assert "intents.jsonl" in text_of(app)
        assert "48.2 kB" in text_of(app)
        assert "[/]␛[31m数据.jsonl" in text_of(app)
        assert app.safe_filter.hits == 0


async def test_models_show_kind_and_the_day_they_end(stocked: FakeServices) -> None:
    stocked.settings = replace(stocked.settings, profile="openai")
    app = make_app(stocked, Place.FILES)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("m", "G")
        await settle(pilot)
        lines = [line.split() for line in text_of(app).splitlines()]

        assert ["ft:gpt-4o-mini-2024-07-18:me::abc", "tuned", "2026-09-21", "in", "115", "days,", "2027-01-14"] in lines
        assert ["claimed", "base", "in", "135", "days,", "2027-02-03"] in lines


async def test_the_filter_narrows_the_list_down(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"intent")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, FilesScreen)
        assert [file.id for file in screen.files.files] == ["file-1"]

        await pilot.press("escape")
        await settle(pilot)
        assert len(screen.files.files) == 2


async def test_a_file_is_deleted_after_a_plain_question(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("d")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        assert "intents.jsonl" in text_of(app)
        await pilot.press("escape")
        await settle(pilot)
        assert len(stocked.fake.files) == 2

        await pilot.press("d")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        await pilot.press("h", "enter")
        await until(pilot, lambda: [file.id for file in stocked.fake.files] == ["file-2"], "the deletion")


async def test_a_model_is_deleted_only_after_typing_the_word(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("m", "d")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        await pilot.press(*"dele", "enter")
        await settle(pilot)
        assert app.screen.query_one("#confirm", Button).disabled
        assert len(stocked.fake.models) == 4

        await pilot.press(*"te", "enter")
        await until(pilot, lambda: len(stocked.fake.models) == 3, "the deletion")

        assert ("delete_model", "ft:gpt-4o-mini-2024-07-18:me::abc") in stocked.fake.calls


async def test_bases_and_checkpoints_cannot_be_deleted(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("m", "j", "d", "j", "d")
        await settle(pilot)

        assert isinstance(app.screen, FilesScreen)


async def test_a_refused_deletion_is_told_and_the_file_stays(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        stocked.fake.failure = ForbiddenError("[/] not yours", status=403, request_id="req-1")
        await pilot.press("d")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        await pilot.press("h", "enter")
        await until(pilot, is_open(app, ErrorDialog), "the error")

        assert "req-1" in text_of(app)


async def test_enter_takes_a_file_into_launch(stocked: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Path | str | None] = []
    app = make_app(stocked, Place.FILES)
    monkeypatch.setattr(app, "launch_with", taken.append)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)

    assert taken == ["file-1"]


async def test_enter_talks_to_a_model(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("m", "enter")
        await until(pilot, lambda: app.current_mode == "playground", "the Playground")
        await settle(pilot)

        assert "ft:gpt-4o-mini-2024-07-18:me::abc" in text_of(app)


async def test_what_was_known_stays_in_view_when_the_provider_goes_away(stocked: FakeServices) -> None:
    app = make_app(stocked, Place.FILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        stocked.fake.failure = UnreachableError("No answer")
        await pilot.press("r")
        await settle(pilot)

        assert "intents.jsonl" in text_of(app)
        assert "Cannot reach the provider · as last known" in text_of(app)


async def test_a_server_that_only_chats_shows_its_models_and_says_that_it_keeps_no_files(stocked: FakeServices) -> None:
    box = Profile("box", Dialect.COMPATIBLE, "http://127.0.0.1:8000/v1", key_optional=True)
    stocked.change_settings(lambda settings: replace(settings.with_profile(box), profile="box"))
    stocked.findings |= {Subject.FILES: Finding.MISSING, Subject.JOBS: Finding.MISSING}
    app = make_app(stocked, Place.FILES)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "box answers chats only: it keeps no files and trains nothing." in text_of(app)
        assert ("list_files",) not in stocked.fake.calls

        await pilot.press("m")
        await settle(pilot)
        assert "gpt-4o-mini-2024-07-18" in text_of(app)
