"""Pictures of what all screens share: help, menu, dialogs, themes, plain characters, no colour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from fttui.domain.errors import RefusedError
from fttui.ui.app import FttuiApp
from fttui.ui.dialogs import ConfirmDialog, ErrorDialog, PromptDialog
from fttui.ui.place import Place
from pictures import SIZES, FakeServices, Snap, make_app, settle, until

SMALL, LARGE = SIZES
both = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@both
def test_help(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.PROFILES), size, press=["question_mark"])


@both
def test_menu(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def search(pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette), "the menu")
        await pilot.press(*"file")
        await settle(pilot)

    snap(make_app(services, Place.FILES), size, before=search)


def ask_dangerously(app: FttuiApp) -> None:
    app.push_screen(ConfirmDialog("Delete [this]?", "model [/] is gone\nfor good", "Delete", danger=True))


def tell_an_error(app: FttuiApp) -> None:
    words = "Invalid value for 'hyperparameters.n_epochs': expected at most 50 but got 99 instead."
    hint = "Go back and choose fewer epochs."
    param = "hyperparameters.n_epochs"
    error = RefusedError(words, status=400, code="invalid_value", param=param, request_id="req_8c1f", hint=hint)
    app.push_screen(ErrorDialog(error))


def prompt(app: FttuiApp) -> None:
    app.push_screen(PromptDialog("Name the transcript", "Name", "talk about invoices"))


@pytest.mark.parametrize("ask", [ask_dangerously, tell_an_error, prompt])
def test_dialogs(snap: Snap, services: FakeServices, ask: object) -> None:
    app = make_app(services, Place.PROFILES)

    def before(_: Pilot[None]) -> None:
        assert callable(ask)
        ask(app)

    snap(app, SMALL, before=before)


def test_a_toast(snap: Snap, services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)

    def before(_: Pilot[None]) -> None:
        app.say("Sent the job id to the terminal")
        app.say("The file has changed since it was checked", "warning")

    snap(app, SMALL, before=before)


def test_the_light_theme(snap: Snap, services: FakeServices) -> None:
    services.settings = replace(services.settings, theme="fttui-light")
    snap(make_app(services, Place.PROFILES), SMALL)


def test_plain_characters(snap: Snap, services: FakeServices) -> None:
    services.settings = replace(services.settings, ascii=True)
    snap(make_app(services, Place.PROFILES), SMALL, press=["n"])


def test_no_colour(snap: Snap, services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    snap(make_app(services, Place.PROFILES), SMALL)
