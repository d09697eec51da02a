"""What the Data place reads, and how it shows where one is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from data_place import data, opened, said, shown
from fttui.ui.screens.data import READING
from pictures import FakeServices, make_app, settle, until
from rows import MISSPELT, chat, mixed, tool_row, write


@pytest.mark.parametrize("ending", ["gz", "utf-16"])
async def test_packed_files_and_utf_16_are_read_like_plain_ones(
    services: FakeServices, folder: Path, ending: str
) -> None:
    plain = mixed(folder / "train.jsonl")
    packed = folder / f"train.jsonl.{ending}"
    match ending:
        case "gz":
            packed.write_bytes(gzip.compress(plain.read_bytes()))
        case _:
            packed = packed.with_name("wide.jsonl")
            packed.write_bytes(plain.read_text().encode("utf-16"))
    app = make_app(services)
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot, app, packed)

        assert data(app).records.rows_known == 12
        assert packed.name in said(app, ".file-line")
        assert ("UTF-16" if ending == "utf-16" else "unpacked from") in said(app, ".file-line")
        assert data(app).file_in_hand == packed
        await pilot.press("R")
        await settle(pilot)
        assert data(app).records.rows_known == 12


@pytest.mark.parametrize(
    ("name", "words"), [("rows.xlsx", "workbook"), ("rows.parquet", "parquet"), ("rows.bin", "not a text file")]
)
async def test_tables_are_offered_to_import(services: FakeServices, folder: Path, name: str, words: str) -> None:
    path = folder / name
    path.write_bytes(b"PK\x03\x04\x00\x00" if "xlsx" in name else b"PAR1\x00\x00")
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, path)

        assert words in said(app, ".nothing")
        assert "press I" in said(app, ".nothing").replace("Press", "press")


async def test_a_csv_file_is_shown_as_lines_and_offered_to_import(services: FakeServices, folder: Path) -> None:
    path = folder / "rows.csv"
    path.write_text("question,answer\na,b\n")
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, path)

        assert "a table; I makes training rows of it" in said(app, ".file-line")
        assert data(app).records.rows_known == 2


async def test_somebody_led_to_a_message_sees_it_marked(services: FakeServices, folder: Path) -> None:
    path = write(folder / "train.jsonl", [chat("a"), tool_row(), MISSPELT])
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        app.open_dataset(path, 1, "messages[4].content")
        await until(pilot, lambda: data(app).showing == READING)
        await settle(pilot)
        assert "▶ 4 assistant" in shown(app)
        app.open_dataset(path, 2, "messages[1].role")
        await settle(pilot)
        assert '▶       "role": "asistant"' in shown(app)
        await pilot.press("up")
        await settle(pilot)
        assert "▶" not in shown(app)


async def test_what_is_searched_for_stands_out_until_the_search_is_dropped(
    services: FakeServices, folder: Path
) -> None:
    path = write(folder / "train.jsonl", [chat("a"), chat("where is the needle, please")])
    app = make_app(services)

    def found() -> str:
        page = data(app).records.pane.view.page
        return "".join(text for line in page.lines for text, style in line if "record-view--found" in style)

    async with app.run_test() as pilot:
        await opened(pilot, app, path)
        await pilot.press("slash", *"needle")
        await until(pilot, lambda: data(app).records.record_list.cursor == 1)
        await until(pilot, lambda: found() == "needle")
        row = dict(data(app).records.record_list.row(1, 60))
        assert row["needle"] == "record-list--found"
        await pilot.press("escape")
        await settle(pilot)
        assert found() == ""


async def test_the_model_in_hand_says_where_a_row_is_cut(services: FakeServices, folder: Path) -> None:
    path = write(folder / "train.jsonl", [chat("word " * 5000)])
    app = make_app(services)
    async with app.run_test() as pilot:
        await opened(pilot, app, path)
        await pilot.press("x")
        await until(pilot, lambda: "No limit is known" in shown(app))
        app.base_model = "gpt-3.5-turbo-0613"
        await until(pilot, lambda: "4,096" in shown(app))

        assert "926 cut" in shown(app)
