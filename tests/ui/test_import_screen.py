from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from foreign_files import write_xlsx
from fttui.services.dataset.importing.mapping_store import MappingStore
from fttui.ui.screens.data import DataScreen
from fttui.ui.screens.import_ import ImportScreen
from fttui.ui.widgets.mapping_form import MappingForm, SettingField
from pictures import FakeServices, make_app, settle, until
from reading import shown

TABLE = "编号,问题,答案\n007,一个外国人投敌叛变？,以共犯论处。\n008,,空\n009,有人开闸放水？,赔偿损失。\n"


@pytest.fixture
def table(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = services.home / "法律"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "问答.csv").write_text(TABLE, encoding="gb18030")
    return folder / "问答.csv"


def screen_of(pilot: Pilot[None]) -> ImportScreen:
    assert isinstance(pilot.app.screen, ImportScreen)
    return pilot.app.screen


def field(pilot: Pilot[None], key: str) -> SettingField:
    form = screen_of(pilot).query_one(MappingForm)
    return next(row for row in form.query(SettingField) if row.key == key and row.display)


async def opened(pilot: Pilot[None], path: Path) -> ImportScreen:
    await settle(pilot)
    await pilot.app.push_screen(ImportScreen(path))
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.problem is not None or bool(screen.bench.preview.looked_at))
    await settle(pilot)
    return screen


async def typed(pilot: Pilot[None], key: str, text: str) -> None:
    field(pilot, key).query_one(Input).value = text
    await settle(pilot)


def first_result(pilot: Pilot[None]) -> object:
    return json.loads(screen_of(pilot).bench.preview.rows[0].line)


async def test_a_file_is_imported_from_the_data_place_with_keys_alone(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("down", "I")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen))
        await until(pilot, lambda: bool(screen_of(pilot).bench.preview.rows))
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ImportScreen) and not screen_is_busy(pilot))
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DataScreen) and pilot.app.screen.showing == "records")

    rows = [json.loads(line) for line in (table.parent / "问答.chat.jsonl").read_text().splitlines()]
    assert [row["messages"][0]["content"] for row in rows] == ["一个外国人投敌叛变？", "有人开闸放水？"]


def screen_is_busy(pilot: Pilot[None]) -> bool:
    return any(isinstance(screen, ImportScreen) and screen.writing for screen in pilot.app.screen_stack)


async def test_the_preview_follows_every_edit(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(120, 40)) as pilot:
        await opened(pilot, table)
        await typed(pilot, "system", "第{编号}号")
        await typed(pilot, "user", r"{问题|trim}\n请回答")

        assert first_result(pilot) == {
            "messages": [
                {"role": "system", "content": "第007号"},
                {"role": "user", "content": "一个外国人投敌叛变？\n请回答"},
                {"role": "assistant", "content": "以共犯论处。"},
            ]
        }
        await typed(pilot, "where", "编号 = 009")
        assert len(screen_of(pilot).bench.preview.rows) == 1
        await typed(pilot, "where", "")
        await typed(pilot, "defaults", "问题=空的")
        assert len(screen_of(pilot).bench.preview.rows) == 3


async def test_a_mistake_is_told_where_it_is_made(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, table)
        await typed(pilot, "user", "{问题")
        assert "brace" in field(pilot, "user").problem
        assert "brace" in screen.bench.preview.problem

        await typed(pilot, "user", "{问}")
        assert field(pilot, "user").problem == "There is no field 问"
        await typed(pilot, "user", "{问题}")
        assert (field(pilot, "user").problem, screen.bench.preview.problem) == ("", "")


async def test_a_field_is_put_where_the_cursor_was(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, table)
        field(pilot, "system").focus_input()
        await pilot.press("N", "o", "space")
        screen.bench.fields.focus()
        await pilot.press("enter")
        assert field(pilot, "system").value == "No {编号}"

        await pilot.press("ctrl+o")
        await settle(pilot)
        await pilot.press(*"答案", "enter")
        await settle(pilot)
        assert field(pilot, "system").value == "No {编号}{答案}"


async def test_turns_are_added_and_written_in_order(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(80, 24)) as pilot:
        await opened(pilot, table)
        for role in ("User", "Assistant"):
            await pilot.press("ctrl+n")
            await settle(pilot)
            await pilot.press(*role, "enter")
            await settle(pilot)
            assert isinstance(pilot.app.focused, Input)
            await pilot.press(*"{编号}")
            await settle(pilot)

        result = first_result(pilot)
        assert isinstance(result, dict)
        assert [message["content"] for message in result["messages"]][2:] == ["007", "007"]


async def test_another_target_keeps_the_texts(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, table)
        screen.bench.form.query_one("#to PickValue").focus()
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"prompt and", "enter")
        await settle(pilot)
        assert first_result(pilot) == {"prompt": "一个外国人投敌叛变？", "completion": "以共犯论处。"}

        screen.bench.form.query_one("#to PickValue").focus()
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"preference", "enter")
        await settle(pilot)
        assert "which answers" in screen.bench.preview.problem
        await typed(pilot, "non_preferred", "不知道")
        result = first_result(pilot)
        assert isinstance(result, dict)
        assert result["preferred_output"] == [{"role": "assistant", "content": "以共犯论处。"}]


async def test_a_list_of_turns_is_chosen_by_hand(services: FakeServices, tmp_path: Path) -> None:
    row = {"log": [{"who": "甲", "what": "q"}, {"who": "乙", "what": "a"}], "other": ["x"]}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    async with make_app(services).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, tmp_path / "a.jsonl")
        screen.bench.form.query_one("#setting-turns PickValue").focus()
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"log", "enter")
        await settle(pilot)
        await typed(pilot, "turns.speakers", "")
        await typed(pilot, "turns.role", "who")
        await typed(pilot, "turns.text", "what")
        assert 'speaker "甲" is not known' in screen.bench.preview.skipped_words()
        await typed(pilot, "roles", "甲:user, 乙:assistant")

        assert first_result(pilot) == {
            "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
        }


async def test_a_mapping_is_kept_and_chosen_again(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, table)
        await typed(pilot, "system", "kept")
        screen.bench.fields.focus()
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert MappingStore(services.paths).load("问答").said_by("system") == "kept"

        await typed(pilot, "system", "other")
        screen.bench.form.query_one("#shape PickValue").focus()
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"问答", "enter")
        await settle(pilot)
        assert field(pilot, "system").value == "kept"

        screen.bench.fields.focus()
        await pilot.press("M")
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: MappingStore(services.paths).names() == ())


async def test_leaving_an_edited_mapping_is_asked_about_once(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(80, 24)) as pilot:
        await opened(pilot, table)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, DataScreen)

        await opened(pilot, table)
        await typed(pilot, "system", "edited")
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, (DataScreen, ImportScreen))
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ImportScreen)


async def test_an_existing_file_is_asked_about(services: FakeServices, table: Path) -> None:
    out = table.with_name("问答.chat.jsonl")
    out.write_text("precious")
    async with make_app(services).run_test(size=(80, 24)) as pilot:
        await opened(pilot, table)
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")  # the cursor stands on Cancel
        await settle(pilot)

        assert isinstance(pilot.app.screen, ImportScreen)
        assert out.read_text() == "precious"


async def test_an_encoding_is_said_where_nobody_can_tell(services: FakeServices, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("q,a\n§,ж\n".encode("iso8859-5"))
    async with make_app(services).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, tmp_path / "a.csv")
        assert screen.problem is not None
        await pilot.press("e")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"iso8859-5", "enter")
        await until(pilot, lambda: bool(screen.bench.preview.rows))

        assert first_result(pilot) == {
            "messages": [{"role": "user", "content": "§"}, {"role": "assistant", "content": "ж"}]
        }


async def test_results_are_paged_through_and_shown_as_json(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, table)
        await pilot.press("n", "n")
        await settle(pilot)
        assert screen.bench.result.place == 1
        await pilot.press("r", "z")
        await settle(pilot)
        assert any('"role"' in text for line in screen.bench.result.view.page.lines for text, _ in line)
        await pilot.press("p")
        assert screen.bench.result.place == 0


async def test_the_splits_of_a_folder_and_the_sheets_of_a_workbook_are_offered(
    services: FakeServices, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for split in ("test", "validation"):
        (folder / f"{split}.jsonl").write_text(json.dumps({"question": split, "answer": "a"}) + "\n")
    write_xlsx(tmp_path / "book.xlsx", [("question", "answer"), ("q", "a")], "第二页")
    async with make_app(services).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, folder)
        assert screen.problem is not None
        await pilot.press("e", "enter")
        await until(pilot, lambda: "the first one, or train" in shown(pilot) and "validation" in shown(pilot))
        await pilot.press(*"valid", "enter")
        await until(pilot, lambda: screen.session is not None and bool(screen.bench.preview.rows))
        assert first_result(pilot) == {
            "messages": [{"role": "user", "content": "validation"}, {"role": "assistant", "content": "a"}]
        }

        await pilot.app.pop_screen()
        await opened(pilot, tmp_path / "book.xlsx")
        await pilot.press("e", "enter")
        await until(pilot, lambda: "第二页" in shown(pilot))


async def test_on_few_columns_the_fields_make_room_for_the_mapping(services: FakeServices, table: Path) -> None:
    async with make_app(services).run_test(size=(40, 12)) as pilot:
        screen = await opened(pilot, table)
        screen.bench.fields.focus()
        await until(pilot, lambda: screen.bench.fields.size.width == 25, "the fields")
        await pilot.press("tab", "tab")
        await until(pilot, lambda: "{问题}" in shown(pilot), "what the mapping says")

        assert screen.bench.fields.size.width < 10
