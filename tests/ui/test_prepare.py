from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UsageError
from fttui.services.dataset.preparing.order import Order
from fttui.ui.app import FttuiApp
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.place import Place
from fttui.ui.prepare_dialog import PrepareDialog
from fttui.ui.prepare_settings import PrepareSettings, read_settings
from fttui.ui.screens.import_ import ImportScreen
from fttui.ui.screens.prepare import PrepareScreen, State
from fttui.ui.screens.report import ReportScreen
from fttui.ui.screens.report import State as ReportState
from pictures import FakeServices, make_app, settle, until
from prepare_rows import SECRET, legal_advice
from reading import shown
from rows import chat, write
from tool_calling_rows import tool_talks


def prepare(app: FttuiApp) -> PrepareScreen:
    assert isinstance(app.screen, PrepareScreen)
    return app.screen


async def opened(pilot: Pilot[None], app: FttuiApp, path: Path) -> None:
    """Open Prepare on a file as a person does, from its report."""
    await settle(pilot)
    app.show_report(path)
    await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state is ReportState.READY)
    await pilot.press("p")
    await until(pilot, lambda: isinstance(app.screen, PrepareScreen) and app.screen.state is State.READY)
    await settle(pilot)


async def go_to(pilot: Pilot[None], app: FttuiApp, code: str) -> None:
    for _ in range(30):
        current = prepare(app).fixes.current
        if current is not None and current.fix.code == code:
            return
        await pilot.press("down")
    raise AssertionError(f"{code} is not in the list")


async def counted(pilot: Pilot[None], app: FttuiApp, kept: int) -> None:
    await until(pilot, lambda: (plan := prepare(app).plan) is not None and plan.kept == kept, f"{kept} rows kept")
    await settle(pilot)


async def test_fixes_are_listed_and_the_one_under_the_cursor_shows_rows_before_and_after(
    services: FakeServices,
) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await go_to(pilot, app, "normalise-roles")
        screen = shown(pilot)

        assert "26 rows → 24" in screen
        assert "[x]       ~25  Normalise roles" in screen
        assert "- 助手" in screen
        assert "+ assistant" in screen


async def test_a_secret_is_never_on_the_screen(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await go_to(pilot, app, "redact-secrets")

        assert SECRET not in shown(pilot)
        assert "[API_KEY]" in shown(pilot)


async def test_turning_a_fix_off_counts_anew(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await go_to(pilot, app, "drop-duplicates")
        await pilot.press("space")
        assert "[ ]        -1  Drop duplicates" in shown(pilot)
        await counted(pilot, app, 25)
        current = prepare(app).fixes.current
        assert current is not None
        assert current.fix.code == "drop-duplicates"
        await pilot.press("d")
        await counted(pilot, app, 24)


async def test_what_is_always_done_cannot_be_turned_off(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await pilot.press("home")
        await go_to(pilot, app, "drop-empty-lines")
        await pilot.press("space")
        await settle(pilot)

        assert "whenever a file is written" in shown(pilot)
        assert "[=]        -1  Drop empty lines" in shown(pilot)


async def test_files_are_named_asked_for_written_and_opened_in_the_report(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    path = legal_advice(services.home / "咨询.jsonl")
    before = path.read_bytes()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, path)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press(*"0.25", "enter")
        await until(pilot, lambda: isinstance(app.screen, PrepareScreen))
        await settle(pilot)
        assert "18 train, about 6 valid · by prompt · seed 42" in shown(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await settle(pilot)
        assert "~/咨询_prepared_train.jsonl" in shown(pilot)
        assert "~/咨询_prepared_valid.jsonl" in shown(pilot)
        assert list(services.home.glob("*prepared*")) == []
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state is ReportState.READY)
        await settle(pilot)

        assert "咨询_prepared_train.jsonl" in shown(pilot)
        assert "咨询_prepared_valid.jsonl" in shown(pilot)
        assert len(list(services.home.glob("*prepared*"))) == 3
        assert path.read_bytes() == before


async def test_saying_no_writes_nothing(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("escape")
        await settle(pilot)

        assert isinstance(app.screen, PrepareScreen)
        assert list(services.home.glob("*prepared*")) == []


async def test_a_clean_file_says_that_there_is_nothing_to_mend(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        path = write(services.home / "good.jsonl", [chat(f"question {number}") for number in range(60)])
        await opened(pilot, app, path)
        assert "60 rows · nothing to mend" in shown(pilot)
        await pilot.press("w")
        await settle(pilot)

        assert "Nothing would change" in shown(pilot)


async def test_adding_a_system_prompt_asks_for_its_text(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        rows = [
            {"messages": [{"role": "user", "content": f"q{at}"}, {"role": "assistant", "content": "a"}]}
            for at in range(12)
        ]
        await opened(pilot, app, write(services.home / "bare.jsonl", rows))
        await go_to(pilot, app, "add-system-prompt")
        await pilot.press("space")
        await until(pilot, lambda: isinstance(app.screen, PrepareDialog))
        await pilot.press(*"Be kind.", "enter")
        await until(pilot, lambda: isinstance(app.screen, PrepareScreen))
        await until(pilot, lambda: any(e.fix.code == "add-system-prompt" and e.count for e in prepare(app).plan.fixes))  # type: ignore[union-attr]
        await settle(pilot)

        assert "[x]       ~12  Add a system prompt" in shown(pilot)


async def test_a_failure_while_looking_is_told_and_tried_again(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    path = services.home / "gone.jsonl"
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(PrepareScreen(path))
        await until(pilot, lambda: isinstance(app.screen, PrepareScreen) and app.screen.state is State.FAILED)
        assert "No such file" in shown(pilot)
        legal_advice(path)
        await pilot.press("r")
        await until(pilot, lambda: prepare(app).state is State.READY)


async def test_escape_stops_a_writing_and_nothing_is_left(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def endless(order: Order, progress: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    monkeypatch.setattr("fttui.ui.screens.prepare.prepare_file", endless)
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("enter")
        await until(pilot, begun.is_set)
        await until(pilot, lambda: prepare(app).state is State.WORKING)
        await pilot.press("escape")
        await until(pilot, stopped.is_set)
        await until(pilot, lambda: prepare(app).state is State.READY)
        await settle(pilot)

        assert "nothing was written" in shown(pilot)


async def test_a_folder_that_cannot_be_written_is_told(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(order: Order, progress: object) -> None:
        raise UsageError("The disk is full")

    monkeypatch.setattr("fttui.ui.screens.prepare.prepare_file", refused)
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("enter")
        await until(pilot, lambda: "The disk is full" in shown(pilot))
        await until(pilot, lambda: prepare(app).state is State.READY)

        assert not list(services.home.glob("*_prepared*"))


async def test_escape_goes_back_to_the_report(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app, legal_advice(services.home / "咨询.jsonl"))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))

        assert not any(isinstance(screen, PrepareScreen) for screen in app.screen_stack)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("amount", "lots"), ("by", "x"), ("seed", "-"), ("limit", "gpt-99"), ("ratio", "0"), ("against", "/nowhere")],
)
def test_settings_that_mean_nothing_are_told_by_field(name: str, typed: str) -> None:
    good = {"by": "p", "seed": "1", "ratio": "2"}
    settings, _ = read_settings(good)
    assert settings is not None
    assert (settings.by, settings.split) == ("prompt", None)

    assert list(read_settings({**good, name: typed})[1]) == [name]


def test_a_token_limit_is_a_number_or_a_models() -> None:
    assert PrepareSettings(limit="4096").token_limit == 4096
    assert PrepareSettings(limit="gpt-4.1-mini").model == "gpt-4.1-mini"


async def test_rows_of_another_shape_are_handed_to_the_import(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, write(services.home / "talks.jsonl", tool_talks(12)))
        assert "Import the file first" in shown(pilot)

        await pilot.press("I")
        await until(pilot, lambda: isinstance(app.screen, ImportScreen))
