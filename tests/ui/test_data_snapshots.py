from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fttui.services.dataset.dataset_file import DatasetFile
from fttui.services.folder import Entry
from fttui.ui.app import FttuiApp
from fttui.ui.screens.data import READING, DataScreen
from fttui.ui.widgets.row_pane import RowPane
from pictures import SIZES, FakeServices, Snap, make_app, settle, until
from rows import chat, mixed, preference, tool_row, write
from tool_set import tool_set


@pytest.fixture
def folder(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = services.home / "法律 data"
    (folder / "older").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def screen_of(pilot: Pilot[None]) -> DataScreen:
    assert isinstance(pilot.app.screen, DataScreen)
    return pilot.app.screen


@pytest.mark.parametrize("size", SIZES)
def test_files_to_choose_from(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    services.recents.add_file(write(folder / "older" / "last week 上周.jsonl", [chat("a")]))
    mixed(folder / "train 训练.jsonl")
    write(folder / "questions.csv", ["q,a"])
    write(folder / "readme.md", ["# read me"])
    write(folder / ".hidden.jsonl", [])
    snap(make_app(services), size, press=["escape"])


@pytest.mark.parametrize("size", SIZES)
def test_an_empty_folder(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    (folder / "older").rmdir()
    snap(make_app(services), size)


@pytest.mark.parametrize("size", SIZES)
def test_a_folder_that_is_still_being_read(
    snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(folder: Path) -> AsyncIterator[tuple[Entry, ...]]:
        yield (Entry(folder / "first.jsonl", is_folder=False, size=1234, changed=1_790_000_000),)
        await asyncio.Event().wait()

    monkeypatch.setattr("fttui.ui.widgets.file_browser.list_folder", slow)
    snap(make_app(services), size)


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_cannot_be_opened(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        (folder / "train.jsonl").unlink()
        await settle(pilot)

    write(folder / "train.jsonl", [])
    snap(make_app(services), size, press=["down", "enter"], before=before)


@pytest.mark.parametrize("size", SIZES)
def test_rows_in_chinese(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    snap(make_app(services, file=mixed(folder / "train 训练.jsonl")), size)


@pytest.mark.parametrize("size", SIZES)
def test_a_row_with_tools_is_read(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = write(folder / "tools.jsonl", [tool_row(city) for city in ("Oslo", "Lisbon", "京都")])
    snap(make_app(services, file=path), size, press=["down", "tab", "pagedown"])


@pytest.mark.parametrize("size", SIZES)
def test_a_preference_row(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    snap(make_app(services, file=write(folder / "pairs.jsonl", [preference()])), size)


@pytest.mark.parametrize("size", SIZES)
def test_a_broken_row_found_by_search(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    keys = ["slash", *"asist"]
    snap(make_app(services, file=mixed(folder / "train.jsonl")), size, press=keys)


@pytest.mark.parametrize("size", SIZES)
def test_rows_while_the_file_is_indexed(
    snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(_file: DatasetFile) -> AsyncIterator[int]:
        await asyncio.Event().wait()
        yield 0

    async def before(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: screen_of(pilot).showing == READING)
        await settle(pilot)

    monkeypatch.setattr(DatasetFile, "index", slow)
    path = write(folder / "long.jsonl", [chat(f"question {number}", "word " * 300) for number in range(400)])
    snap(make_app(services, file=path), size, before=before)


@pytest.mark.parametrize("size", SIZES)
def test_an_empty_file(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    snap(make_app(services, file=write(folder / "empty.jsonl", [])), size)


@pytest.mark.parametrize("size", SIZES)
def test_what_training_does_with_a_row(
    snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fttui.ui.widgets.row_pane.example_limit", lambda *_: 100)
    turns: list[dict[str, object]] = [
        {"role": "system", "content": "You help with law."},
        {"role": "user", "content": "房东不退押金怎么办？"},
        {"role": "assistant", "content": "先看合同。", "weight": 0},
        {"role": "user", "content": "And if there is no contract at all?"},
        {"role": "assistant", "content": "Payment slips prove a lease as well. " * 6},
        {"role": "user", "content": "Thank you."},
        {"role": "assistant", "content": "Gladly."},
    ]
    path = write(folder / "训练.jsonl", [{"messages": turns}])
    snap(make_app(services, file=path), size, press=["x"], before=until_counted)


async def until_counted(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: screen_of(pilot).showing == READING)
    await until(pilot, lambda: screen_of(pilot).query_one(RowPane)._fates is not None)
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
def test_the_message_one_was_led_to(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, FttuiApp)
        app.open_dataset(path, 3, "messages[4].content")
        await until_counted(pilot)

    path = tool_set(folder / "desk.jsonl")
    snap(make_app(services), size, before=before)


@pytest.mark.parametrize("size", SIZES)
def test_a_row_that_breaks(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, FttuiApp)
        app.open_dataset(path, 1)
        await until(pilot, lambda: screen_of(pilot).showing == READING)
        await settle(pilot)

    rows = [chat("房东不退押金怎么办？"), '{"messages": [{"role": "user", "content": "押金"}, {"role": ]}']
    path = write(folder / "训练.jsonl", rows)
    snap(make_app(services), size, before=before)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_searched_for(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = write(
        folder / "训练.jsonl",
        [chat("房东不退押金怎么办？"), chat("租房的押金和定金一样吗？", "不一样，押金可以退。" * 5)],
    )

    async def before(pilot: Pilot[None]) -> None:
        await until_counted(pilot)
        await pilot.press("slash", "押", "金", "和")
        await until(pilot, lambda: screen_of(pilot).records.record_list.cursor == 1)
        await until_counted(pilot)

    snap(make_app(services, file=path), size, before=before)
