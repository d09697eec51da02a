"""Choosing a file in the Data place, and handing it on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data_place import data, names, opened, said, shown
from fttui.ui.app import FttuiApp
from fttui.ui.dialogs import ConfirmDialog, PromptDialog
from fttui.ui.screens.data import BROWSING, READING, DataScreen
from fttui.ui.screens.import_ import ImportScreen
from fttui.ui.screens.prepare import PrepareScreen
from fttui.ui.screens.report import ReportScreen
from pictures import FakeServices, make_app, settle, until
from rows import chat, mixed, write


async def test_enter_opens_the_file_under_the_cursor_and_escape_comes_back(
    services: FakeServices, folder: Path
) -> None:
    path = mixed(folder / "train.jsonl")
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert names(app) == ["older", "train.jsonl"]
        await pilot.press("down", "enter")
        await until(pilot, lambda: data(app).showing == READING)
        await settle(pilot)

        assert data(app).records.rows_known == 12
        assert app.dataset == path
        assert services.recents.last_file == path
        await pilot.press("escape")
        assert data(app).showing == BROWSING


async def test_recent_files_stand_above_the_folder(services: FakeServices, folder: Path) -> None:
    path = write(folder / "older" / "last.jsonl", [chat("a")])
    services.recents.add_file(path)
    app = make_app(services)
    async with app.run_test() as pilot:
        await until(pilot, lambda: data(app).showing == READING)
        await pilot.press("escape")
        await settle(pilot)

        entry = data(app).files.file_list.entry
        assert entry is not None
        assert entry.path == path


async def test_a_folder_to_start_with_is_shown(services: FakeServices, folder: Path) -> None:
    write(folder / "older" / "in-it.jsonl", [chat("a")])
    app = make_app(services, file=folder / "older")
    async with app.run_test() as pilot:
        await until(pilot, lambda: names(app) == ["in-it.jsonl"], "the folder")
        await settle(pilot)

        assert data(app).showing == BROWSING
        assert "is a folder" not in said(app, ".said")
        assert app.dataset is None


async def test_a_first_start_in_an_empty_folder_offers_the_sample(services: FakeServices, folder: Path) -> None:
    (folder / "older").rmdir()
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert data(app).files.file_list.is_on_sample
        await pilot.press("enter")
        await until(pilot, lambda: data(app).showing == READING)
        await settle(pilot)
        assert "smart-home.train.jsonl" in said(app, ".file-line")
        assert services.recents.last_file == services.paths.data / "samples" / "smart-home.train.jsonl"
        await pilot.press("escape")
        await settle(pilot)
        assert not data(app).files.file_list.is_on_sample
        assert names(app)[0] != "smart-home.train.jsonl"


async def test_a_folder_one_goes_into_has_the_cursor_though_recent_files_stand_above(
    services: FakeServices, folder: Path
) -> None:
    services.recents.add_file(mixed(folder / "train.jsonl"))
    inner = mixed(folder / "older" / "inner.jsonl")
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape", "down", "down", "enter")
        await settle(pilot)
        entry = data(app).files.file_list.entry
        assert entry is not None
        assert entry.path == inner


async def test_the_filter_narrows_by_any_part_of_the_name_and_escape_drops_it(
    services: FakeServices, folder: Path
) -> None:
    for name in ("Train.jsonl", "valid.jsonl", "notes.md"):
        write(folder / name, [])
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"TRAI")
        assert names(app) == ["Train.jsonl"]
        await pilot.press("escape")

        assert names(app) == ["older", "notes.md", "Train.jsonl", "valid.jsonl"]
        assert data(app).files.file_list.has_focus


async def test_hidden_files_appear_on_a_key(services: FakeServices, folder: Path) -> None:
    write(folder / ".secret.jsonl", [])
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        before = names(app)
        await pilot.press("full_stop")

        assert (before, names(app)) == (["older"], ["older", ".secret.jsonl"])


async def test_going_up_puts_the_cursor_on_the_folder_one_came_from(services: FakeServices, folder: Path) -> None:
    (folder / "another").mkdir()
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "l")
        await settle(pilot)
        assert data(app).files.folder == folder / "older"
        await pilot.press("h")
        await settle(pilot)

        entry = data(app).files.file_list.entry
        assert entry is not None
        assert entry.path == folder / "older"


async def test_a_folder_that_vanishes_is_told_in_plain_words(services: FakeServices, folder: Path) -> None:
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        (folder / "older").rmdir()
        await pilot.press("enter")
        await settle(pilot)

        assert "is not there any more" in said(app, "FileBrowser > .said")


async def test_a_file_that_vanishes_is_told_in_plain_words(services: FakeServices, folder: Path) -> None:
    path = write(folder / "train.jsonl", [chat("a")])
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down")
        path.unlink()
        await pilot.press("enter")
        await settle(pilot)

        assert data(app).showing == BROWSING
        assert "No such file" in said(app, "FileBrowser > .said")


async def test_names_that_hold_markup_or_control_characters_do_no_harm(services: FakeServices, folder: Path) -> None:
    write(folder / "[red]\x1b[31m[x=y].jsonl", [chat("[/x] \x1b]52;c;aGk=\x07")])
    (folder / os.fsdecode(b"\xff.csv")).write_text("a,b\n")
    app = make_app(services)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: data(app).showing == READING)
        await settle(pilot)

        assert "␛" in shown(app)
        assert app.safe_filter.hits == 0


async def test_keys_hand_the_file_on(services: FakeServices, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[object, ...]] = []
    for name in ("show_report", "launch_with", "copy_text"):
        monkeypatch.setattr(FttuiApp, name, lambda _self, *values, name=name: told.append((name, *values)))
    path, valid = write(folder / "a.jsonl", [chat("a")]), write(folder / "b.jsonl", [chat("b")])
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, path)
        await pilot.press("v", "t", "y", "escape", "end", "u")
        await settle(pilot)

        copied = path.read_text().strip()
        assert told == [
            ("show_report", path),
            ("launch_with", path),
            ("copy_text", copied, "row 1"),
            ("show_report", path, valid),
        ]


def under_cursor(app: FttuiApp) -> Path | None:
    entry = data(app).files.file_list.entry
    return entry.path if entry is not None else None


async def test_what_was_written_meanwhile_stands_in_the_list_on_coming_back(
    services: FakeServices, folder: Path
) -> None:
    held = write(folder / "m.jsonl", [chat("a")])
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "6")
        await until(pilot, lambda: not isinstance(app.screen, DataScreen), "another place")
        write(folder / "a.jsonl", [chat("b")])
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, DataScreen), "the Data place")
        await until(pilot, lambda: "a.jsonl" in names(app), "the new file")

        assert under_cursor(app) == held


@pytest.mark.parametrize("answer", [("enter",), ("right", "enter", "escape")], ids=["opened", "not-opened"])
async def test_the_cursor_comes_back_to_a_file_that_was_imported(
    services: FakeServices, folder: Path, answer: tuple[str, ...]
) -> None:
    (folder / "rows.csv").write_text("question,answer\na,b\nc,d\n")
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "I")
        await until(pilot, lambda: isinstance(app.screen, ImportScreen) and bool(app.screen.bench.preview.rows))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, PromptDialog), "the question for a name")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog), "what was imported")
        for key in answer:
            await pilot.press(key)
            await settle(pilot)
        await until(pilot, lambda: isinstance(app.screen, DataScreen), "the Data place")
        if data(app).showing == READING:
            await pilot.press("escape")
        await until(pilot, lambda: under_cursor(app) == folder / "rows.chat.jsonl", "the cursor on the new file")


async def test_the_cursor_comes_back_to_a_file_that_was_prepared(services: FakeServices, folder: Path) -> None:
    path = write(folder / "train.jsonl", [chat("a"), chat("a"), chat("b")])
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "v")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state == "ready", "the report")
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, PrepareScreen) and app.screen.state == "ready", "the fixes")
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog), "the question")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state == "ready", "its report")
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, DataScreen), "the Data place")
        await until(pilot, lambda: under_cursor(app) == path.with_stem("train_prepared"), "the cursor on the new file")
