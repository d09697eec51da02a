"""The rows of an open file in the Data place: shown, searched, gone to."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_place import data, opened, said, shown
from fttui.services.dataset.opener import LINE_LIMIT
from fttui.ui.screens.data import READING
from pictures import FakeServices, make_app, settle, until
from rows import MISSPELT, chat, tool_row, write


async def test_the_cursor_shows_its_row_with_roles_tools_and_tokens(services: FakeServices, folder: Path) -> None:
    app = make_app(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, write(folder / "tools.jsonl", [chat("a"), tool_row()]))
        await pilot.press("j")
        await settle(pilot)

        page = shown(app)
        assert "4 assistant  not trained, weight 0" in page
        assert "calls get_weather  call_001" in page
        assert '"city": "Oslo"' in page
        assert "3 tool  get_weather call_001" in page
        assert "image at https://example.org/meter.png, detail low" in page
        assert "get_weather(city, unit)" in page
        assert "≈" in said(app, ".row-line")
        assert page.count(" tokens") == 7


async def test_a_row_that_is_no_example_says_why(services: FakeServices, folder: Path) -> None:
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, write(folder / "bad.jsonl", [MISSPELT, '{"mess']))
        assert 'messages[1].role: The role is "asistant"' in shown(app)
        assert data(app).records.record_list.summary(0).problem
        await pilot.press("down")
        await settle(pilot)

        assert "Not valid JSON at byte" in shown(app)


async def test_a_row_too_long_to_be_read_whole_says_so(services: FakeServices, folder: Path) -> None:
    path = folder / "giant.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "' + "q" * LINE_LIMIT + '"}]}\n')
    app = make_app(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, path)
        await until(pilot, lambda: "16 MiB" in shown(app))
        assert "Not valid JSON" not in shown(app)


async def test_raw_shows_json_and_zoom_takes_the_whole_width(services: FakeServices, folder: Path) -> None:
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, write(folder / "a.jsonl", [chat("法律")]))
        await pilot.press("r")
        assert '"role": "system",' in shown(app)
        await pilot.press("z")
        await settle(pilot)
        assert data(app).records.pane.view.size.width > 70
        await pilot.press("h")

        assert data(app).records.record_list.has_focus
        assert not data(app).records.zoomed


async def test_search_goes_to_rows_as_one_types_and_on_and_back(services: FakeServices, folder: Path) -> None:
    escaped = '{"messages": [{"role": "user", "content": "\\u5408\\u540c"}, {"role": "assistant", "content": "x"}]}'
    rows = [chat("a"), chat("合同纠纷"), chat("b"), escaped, chat("Vertrag")]
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, write(folder / "a.jsonl", rows))
        at = [data(app).records.record_list.cursor]
        for keys in (("slash", "合", "同"), ("enter",), ("n",), ("n",), ("N",), ("slash", *"vertrag", "enter")):
            await pilot.press(*keys)
            await settle(pilot)
            at.append(data(app).records.record_list.cursor)
        assert at == [0, 1, 1, 3, 1, 3, 4]

        await pilot.press("slash", *"zzz")
        await settle(pilot)
        assert "No row has" in said(app, "RecordBrowser > .said")
        await pilot.press("escape")
        assert data(app).records.record_list.cursor == 4


async def test_a_colon_takes_a_row_number_and_refuses_what_is_none(services: FakeServices, folder: Path) -> None:
    app = make_app(services)
    async with app.run_test(notifications=True) as pilot:
        await opened(pilot, app, write(folder / "a.jsonl", map(chat, "abcdefgh")))
        await pilot.press("colon", "7", "enter")
        assert data(app).records.record_list.cursor == 6
        await pilot.press("colon", "9", "9", "enter")
        await settle(pilot)

        assert data(app).records.record_list.cursor == 6
        assert any("There is no row 99" in note.message for note in app._notifications)


async def test_opening_at_a_message_scrolls_to_it(services: FakeServices, folder: Path) -> None:
    long = {"messages": [{"role": ("user", "assistant")[n % 2], "content": f"turn {n}\n" * 9} for n in range(8)]}
    path = write(folder / "a.jsonl", [chat("a"), long])
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        app.open_dataset(path, 1, "messages[5].content")
        await until(pilot, lambda: data(app).showing == READING)
        await settle(pilot)

        view = data(app).records.pane.view
        assert data(app).records.record_list.cursor == 1
        assert "".join(text for text, _ in view.page.lines[view.scroll_offset.y]).startswith("▶ 5 assistant")


async def test_rows_beyond_what_is_known_at_first_are_reached_when_the_index_comes_to_them(
    services: FakeServices, folder: Path
) -> None:
    rows = [chat(str(number), "word " * 60) for number in range(2000)]
    path = write(folder / "a.jsonl", rows)
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        app.open_dataset(path, 1990)
        await until(pilot, lambda: data(app).showing == READING and data(app).records.record_list.cursor == 1990)
        await settle(pilot)

        assert data(app).records.rows_known == 2000
        assert "1990" in shown(app)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param("a.jsonl", b"", "This file is empty", id="empty"),
        pytest.param("a.parquet", b"PAR1\0\0", "Press I", id="parquet"),
        pytest.param("a.jsonl.gz", b"\x1f\x8b\x08\0", "Damaged after 0 bytes", id="gzip"),
    ],
)
async def test_files_without_rows_to_show_say_so(
    services: FakeServices, folder: Path, name: str, content: bytes, words: str
) -> None:
    (folder / name).write_bytes(content)
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, folder / name)

        assert words in said(app, "RecordBrowser > .nothing")


async def test_a_table_is_shown_as_plain_lines(services: FakeServices, folder: Path) -> None:
    (folder / "a.txt").write_text('question,answer\n"a, b",c\n')
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, folder / "a.txt")

        assert "plain lines" in said(app, ".file-line")
        assert shown(app) == "question,answer"


async def test_a_file_that_changes_on_disk_is_noticed_and_opened_again_on_a_key(
    services: FakeServices, folder: Path
) -> None:
    path = write(folder / "a.jsonl", [chat("a"), chat("b")])
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, path)
        path.write_text(path.read_text() * 2)
        await pilot.press("down")
        await until(pilot, lambda: "has changed" in said(app, "RecordBrowser > .said"))
        await pilot.press("R")
        await settle(pilot)

        assert data(app).records.rows_known == 4


async def test_opening_another_file_while_a_row_is_read_and_searched_leaves_nothing_behind(
    services: FakeServices, folder: Path
) -> None:
    first, empty = write(folder / "a.jsonl", map(chat, "abc")), write(folder / "empty.jsonl", [])
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, first)
        data(app).records.action_search()
        data(app).records._wanted = "zzz"
        data(app).records._find(0, 1)
        data(app).records.go_to(2)
        data(app).records.pane.forget()
        app.open_dataset(empty)
        await until(pilot, lambda: "empty.jsonl" in said(app, ".file-line"))
        await settle(pilot)

        assert "This file is empty" in said(app, "RecordBrowser > .nothing")
