from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from fttui.ui.screens import import_
from fttui.ui.screens.import_ import ImportScreen
from fttui.ui.widgets.mapping_form import MappingForm, SettingField
from legal_rows import consultations
from pictures import SIZES, FakeServices, Snap, make_app, settle
from tool_calling_rows import tool_talks

CONSULTATIONS = consultations(6)
CONSULTATIONS[2]["对话"] = [{"咨询者": "你好", "律师": ""}]
"""One without an answer, of which nothing comes."""
CALLS = tool_talks(8)
PAIRS = [{"prompt": "Say hello politely.", "chosen": "Good morning, how may I help you?", "rejected": "what"}]

Prepare = Callable[[Pilot[None]], Awaitable[None]]


@pytest.fixture
def folder(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = services.home / "法律 data"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def jsonl(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def importing(path: Path, *then: tuple[str, str]) -> Prepare:
    async def before(pilot: Pilot[None]) -> None:
        await pilot.app.push_screen(ImportScreen(path))
        await settle(pilot)
        for key, text in then:
            form = pilot.app.screen.query_one(MappingForm)
            row = next(row for row in form.query(SettingField) if row.key == key and row.display)
            row.focus_input()
            row.query_one(Input).value = text
            await settle(pilot)

    return before


@pytest.mark.parametrize("size", SIZES)
def test_chinese_consultations(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    snap(make_app(services), size, before=importing(jsonl(folder / "咨询.jsonl", CONSULTATIONS)))


@pytest.mark.parametrize("size", SIZES)
def test_talks_with_tool_calls(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = jsonl(folder / "tools.jsonl", CALLS)
    snap(make_app(services), size, press=["ctrl+down"], before=importing(path))


@pytest.mark.parametrize("size", SIZES)
def test_a_talk_with_tool_calls_alone(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = jsonl(folder / "tools.jsonl", CALLS)
    snap(make_app(services), size, press=["z", "n"], before=importing(path))


@pytest.mark.parametrize("size", SIZES)
def test_preference_pairs(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    snap(make_app(services), size, before=importing(jsonl(folder / "pairs.jsonl", PAIRS)))


@pytest.mark.parametrize("size", SIZES)
def test_a_table_edited_and_filtered(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = folder / "问答.csv"
    path.write_text(
        "编号,问题,答案\n007,有人开闸放水？,赔偿损失。\n008,,空\n009,谁负责？,他。,多\n", encoding="gb18030"
    )
    then = ("system", r"你是律师。[[\n编号 {编号}]]"), ("where", "编号 = 007")
    snap(make_app(services), size, before=importing(path, *then))


@pytest.mark.parametrize("size", SIZES)
def test_a_mistake_in_a_template(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    then = ("preferred", "{chosen"), ("user", "{question}")
    snap(make_app(services), size, before=importing(jsonl(folder / "pairs.jsonl", PAIRS), *then))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_comes_of_the_rows(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = jsonl(folder / "pairs.jsonl", PAIRS)
    snap(make_app(services), size, before=importing(path, ("where", "prompt ~ goodbye")))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_cannot_be_read(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = folder / "unknown.csv"
    path.write_bytes(bytes(range(128, 256)) * 20)
    snap(make_app(services), size, before=importing(path))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_is_still_being_read(
    snap: Snap,
    services: FakeServices,
    folder: Path,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_.ImportScreen, "open", lambda _screen: None)
    snap(make_app(services), size, before=importing(jsonl(folder / "pairs.jsonl", PAIRS)))


@pytest.mark.parametrize("size", SIZES)
def test_the_result_alone(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    snap(make_app(services), size, press=["z"], before=importing(jsonl(folder / "咨询.jsonl", CONSULTATIONS)))


@pytest.mark.parametrize("size", SIZES)
def test_shapes_to_choose_from(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    rows = [{"question": "q", "title": "t", "answer": "a", "response": "r"}]
    snap(make_app(services), size, press=["tab", "enter"], before=importing(jsonl(folder / "two.jsonl", rows)))


@pytest.mark.parametrize("size", SIZES)
def test_an_import_that_is_done(snap: Snap, services: FakeServices, folder: Path, size: tuple[int, int]) -> None:
    path = jsonl(folder / "咨询.jsonl", CONSULTATIONS)
    path.write_text(path.read_text(encoding="utf-8") + "{broken\n", encoding="utf-8")
    shown = importing(path)

    async def before(pilot: Pilot[None]) -> None:
        await shown(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)

    snap(make_app(services), size, before=before)
