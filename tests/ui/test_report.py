from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.report import FindingGroup
from fttui.services.dataset.validation import ValidationProgress
from fttui.ui.app import FttuiApp
from fttui.ui.place import Place
from fttui.ui.screens.data import READING, DataScreen
from fttui.ui.screens.report import ReportScreen, State
from pictures import FakeServices, make_app, settle, until
from reading import shown
from rows import MISSPELT, chat, mixed, tool_row, write


def report(app: FttuiApp) -> ReportScreen:
    assert isinstance(app.screen, ReportScreen)
    return app.screen


def said(app: FttuiApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).visual)


async def checked(pilot: Pilot[None], app: FttuiApp, path: Path, valid: Path | None = None) -> None:
    await settle(pilot)
    app.show_report(path, valid)
    await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state is not State.EMPTY)
    await until(pilot, lambda: report(app).state is not State.CHECKING)
    await settle(pilot)


async def test_without_a_file_the_place_says_how_to_choose_one(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await settle(pilot)

        assert "No file has been checked yet" in said(app, "#empty")


async def test_a_table_leads_to_the_import_in_place_of_a_cost(services: FakeServices, folder: Path) -> None:
    path = write(folder / "问答.csv", ["问题,答案", "几点？,三点"])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)

        assert "I in Data makes some of them" in said(app, ".facts")
        assert "cost" not in said(app, ".facts")


async def test_a_clean_file_is_called_good_and_the_next_step_is_named(services: FakeServices) -> None:
    path = write(services.home / "good.jsonl", [chat(f"question {number}") for number in range(60)])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)

        assert said(app, ".verdict") == "✓ Good to train on · nothing found · 60 examples, 60 valid"
        assert "t takes the file into the Launch form" in said(app, ".clean")
        assert "in o200k_base" in said(app, ".facts")


async def test_findings_open_and_lead_to_the_message_in_the_data(services: FakeServices) -> None:
    path = write(services.home / "bad.jsonl", [chat("a"), tool_row(), MISSPELT])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)
        table = report(app).view.findings
        while not (isinstance(table.current, FindingGroup) and table.current.code == "unknown-role"):
            await pilot.press("down")
        await pilot.press("enter", "down")
        assert isinstance(table.current, Finding)
        assert (table.current.line, table.current.path) == (3, "messages[1].role")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DataScreen) and app.screen.showing == READING)
        await settle(pilot)

        assert isinstance(app.screen, DataScreen)
        assert app.screen.records.record_list.cursor == 2


async def test_groups_close_from_inside(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, mixed(services.home / "mixed.jsonl"))
        table = report(app).view.findings
        groups = table.count
        await pilot.press("l", "down")
        opened = table.count
        await pilot.press("h")

        assert opened > groups == table.count
        assert table.cursor == 0


async def test_a_model_gives_a_price_with_its_date(services: FakeServices) -> None:
    path = write(services.home / "good.jsonl", [chat(f"question {number}") for number in range(60)])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)
        assert "m names a model to price" in said(app, ".facts")
        await pilot.press("m")
        await settle(pilot)
        await pilot.press(*"4.1-nano", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state is State.READY)
        await settle(pilot)

        assert app.base_model == "gpt-4.1-nano-2025-04-14"
        assert "on gpt-4.1-nano · prices 20" in said(app, ".facts")


async def test_a_validation_file_is_checked_beside_and_shown_on_a_key(services: FakeServices) -> None:
    path = write(services.home / "train.jsonl", [chat(f"question {number}") for number in range(60)])
    valid = write(services.home / "valid.jsonl", [chat("question 3"), MISSPELT])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)
        await pilot.press("u")
        await settle(pilot)
        await pilot.press(*str(valid), "enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state is State.READY)
        await settle(pilot)
        assert "beside valid.jsonl" in said(app, ".facts")
        await pilot.press("w")

        assert "valid.jsonl" in said(app, ".facts").splitlines()[0]
        assert "2 errors" in said(app, ".verdict")


@pytest.mark.parametrize("name", ["out.report.json", "out.report.md"])
async def test_the_report_is_saved_where_one_says(services: FakeServices, name: str) -> None:
    path = mixed(services.home / "mixed.jsonl")
    app = make_app(services, Place.REPORT)
    async with app.run_test(notifications=True) as pilot:
        await checked(pilot, app, path)
        await pilot.press("e")
        await settle(pilot)
        app.screen.query_one(Input).value = str(services.home / name)
        await pilot.press("enter")
        await until(pilot, (services.home / name).exists)

        text = (services.home / name).read_text()
        if name.endswith(".json"):
            saved = json.loads(text)
            assert (saved["examples"], saved["valid_examples"]) == (12, 9)
            places = {
                (example["line"], example["path"]) for group in saved["findings"] for example in group["examples"]
            }
            assert (6, "messages[1].role") in places
        else:
            assert text.startswith("# Report on `mixed.jsonl`")
            assert "- line 5" in text


async def test_saving_never_writes_over_a_data_set(services: FakeServices) -> None:
    path = mixed(services.home / "mixed.jsonl")
    before = path.read_bytes()
    app = make_app(services, Place.REPORT)
    async with app.run_test(notifications=True) as pilot:
        await checked(pilot, app, path)
        await pilot.press("e")
        await settle(pilot)
        app.screen.query_one(Input).value = str(path)
        await pilot.press("enter")
        await settle(pilot)

        assert path.read_bytes() == before


async def test_a_file_that_is_gone_is_told_and_tried_again(services: FakeServices) -> None:
    path = services.home / "gone.jsonl"
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)
        assert report(app).state is State.FAILED
        assert "No such file" in said(app, "#failed")
        write(path, [chat("a")])
        await pilot.press("r")
        await until(pilot, lambda: report(app).state is State.READY)


async def test_escape_stops_a_check_and_says_so(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = asyncio.Event()

    async def endless(path: Path, **options: object) -> None:
        tell = options["progress"]
        assert callable(tell)
        tell(ValidationProgress(500, 1000, 7, 2))
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    monkeypatch.setattr("fttui.services.dataset.checks.validate", endless)
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await settle(pilot)
        app.show_report(write(services.home / "long.jsonl", [chat("a")]))
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state is State.CHECKING)
        await until(pilot, lambda: "7 examples, 2 findings" in shown(pilot))
        assert app.running == "checking long.jsonl"
        await pilot.press("escape")
        await until(pilot, stopped.is_set)
        await settle(pilot)

        assert report(app).state is State.FAILED
        assert "stopped before the end" in said(app, "#failed")
        assert app.running == ""


async def test_t_takes_both_files_to_launch(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[object, ...]] = []
    monkeypatch.setattr(FttuiApp, "launch_with", lambda _self, *files: told.append(files))
    path, valid = write(services.home / "a.jsonl", [chat("a")]), write(services.home / "b.jsonl", [chat("b")])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path, valid)
        await pilot.press("t")

        assert told == [(path, valid)]


async def test_another_profile_judges_the_same_report_by_its_own_rules(services: FakeServices) -> None:
    asked = {"role": "user", "name": "two words", "content": "a"}
    named = {"messages": [asked, {"role": "assistant", "content": "b"}]}
    path = write(services.home / "named.jsonl", [named, *(chat(f"question {number}") for number in range(60))])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)
        there = report(app)
        assert "rules of local" in said(app, ".facts")
        assert said(app, ".verdict").startswith("! Good to train on")
        app.profile_name = "openai"
        await settle(pilot)

        assert report(app) is there
        assert "rules of openai" in said(app, ".facts")
        assert said(app, ".verdict").startswith("✗ 1 error")
        assert "60 valid" in said(app, ".verdict")


async def test_the_answer_of_the_service_and_the_byte_stand_below_the_list(services: FakeServices) -> None:
    bare = {"messages": [{"role": "user", "content": "a"}, {"content": "b"}]}
    path = write(services.home / "bare.jsonl", [bare, *(chat(f"question {number}") for number in range(60))])
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        await checked(pilot, app, path)
        table = report(app).view.findings
        while not (isinstance(table.current, FindingGroup) and table.current.code == "missing-role"):
            await pilot.press("down")
        await pilot.press("enter", "down")
        offset = path.read_bytes().index(b'{"content"')

        assert "Example 1, message 1 Discriminator 'role' is missing in value" in said(app, ".detail")
        assert said(app, ".detail").startswith(f"line 1 · byte {offset} · ")
