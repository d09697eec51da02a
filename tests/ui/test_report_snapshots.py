from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fttui.domain.dataset.report import Report
from fttui.services.dataset.validation import ValidationProgress, validate
from fttui.ui.app import FttuiApp
from fttui.ui.place import Place
from fttui.ui.screens.report import ReportScreen, State
from pictures import SIZES, Before, FakeServices, Snap, make_app, settle, until
from rows import CHINESE, MISSPELT, chat, mixed, write
from tool_set import tool_set


@pytest.fixture
def same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check takes a quarter of a second."""

    async def timed(path: Path, **options: object) -> Report:
        report = await validate(path, **options)  # type: ignore[arg-type]  # handed through as they came
        valid = replace(report.valid, seconds=0.1) if report.valid else None
        return replace(report, seconds=0.25, valid=valid)

    monkeypatch.setattr("fttui.services.dataset.checks.validate", timed)


def check(path: Path, valid: Path | None = None, *, model: str = "", state: State = State.READY) -> Before:
    """Show the report on a file before the picture is taken."""

    async def before(pilot: Pilot[None]) -> None:
        app, screen = pilot.app, pilot.app.screen
        assert isinstance(app, FttuiApp)
        assert isinstance(screen, ReportScreen)
        app.base_model = model
        app.show_report(path, valid)
        await until(pilot, lambda: screen.state is state)
        await settle(pilot)

    return before


@pytest.mark.parametrize("size", SIZES)
def test_no_file_yet(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.REPORT), size)


@pytest.mark.parametrize("size", SIZES)
def test_a_check_under_way(
    snap: Snap, services: FakeServices, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def halfway(path: Path, **options: object) -> None:
        tell = options["progress"]
        assert callable(tell)
        await services.clock.sleep(2)
        tell(ValidationProgress(12_300_000, 28_000_000, 4120, 12))
        await asyncio.Event().wait()

    monkeypatch.setattr("fttui.services.dataset.checks.validate", halfway)
    path = write(services.home / "train 训练.jsonl", [chat("a")])
    snap(make_app(services, Place.REPORT), size, before=check(path, state=State.CHECKING))


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("size", SIZES)
def test_a_clean_file_with_a_price(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    rows = [chat(f"{CHINESE[number % 3]} {'第' * (number % 17)}", "答" * (1 + number % 29)) for number in range(1, 80)]
    path = write(services.home / "好.jsonl", rows)
    snap(make_app(services, Place.REPORT), size, before=check(path, model="gpt-4.1-mini-2025-04-14"))


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("size", SIZES)
def test_a_file_with_findings(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = mixed(services.home / "train.jsonl")
    snap(make_app(services, Place.REPORT), size, press=["down", "enter", "down"], before=check(path))


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("size", SIZES)
def test_a_validation_file_beside(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = write(services.home / "train.jsonl", [chat(f"question {number}") for number in range(60)])
    valid = write(services.home / "valid.jsonl", [chat("question 3"), MISSPELT])
    snap(make_app(services, Place.REPORT), size, before=check(path, valid))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_cannot_be_checked(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    before = check(services.home / "gone.jsonl", state=State.FAILED)
    snap(make_app(services, Place.REPORT), size, before=before)


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("size", SIZES)
def test_both_files_side_by_side(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = write(services.home / "训练.jsonl", [chat(f"question {number}") for number in range(60)])
    valid = write(services.home / "验证.jsonl", [chat("question 3"), chat("QUESTION  4"), chat("some other one")])
    snap(make_app(services, Place.REPORT), size, press=["c"], before=check(path, valid))


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("size", SIZES)
def test_findings_about_the_whole_set(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    rows = [chat(f"{CHINESE[number % 3]}（{number}）", f"答复{number}") for number in range(60)]
    rows[7] = rows[3]
    rows[9] = chat(f"  {CHINESE[1]}（4） ", "答复4")
    rows[11] = chat(f"{CHINESE[2]}（5）", "另一个答复")
    rows[20] = chat("我的身份证号是11010519491231002X，电话13912345678", "好的")
    rows[21] = chat("Is sk-" + "proj-Zx81kQmW0pLr7TnV4cYb2HdJ9sAe a good key?", "No.")
    rows[22] = chat("怎么开锁？", "很抱歉，我无法回答这个问题。")
    path = write(services.home / "train.jsonl", rows)
    snap(make_app(services, Place.REPORT), size, press=["down", "down", "enter", "down"], before=check(path))


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("size", SIZES)
def test_a_tool_calling_set(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = tool_set(services.home / "booking desk.jsonl")
    snap(make_app(services, Place.REPORT), size, press=["enter", "down"], before=check(path))


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("size", SIZES)
def test_a_small_chinese_set(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    rows = [
        chat(f"{CHINESE[number % 3]}（案例{number}）", f"根据法律，第{number}种情形应当具体分析。")
        for number in range(14)
    ]
    rows[5] = {"messages": [{"role": "用户", "content": CHINESE[0]}, {"role": "assistant", "content": "应当自首。"}]}
    rows[8] = {"messages": [{"content": CHINESE[1]}, {"role": "assistant", "content": "请先报警。"}]}
    rows[11] = '{"messages": [{"role": "user", "content": "' + CHINESE[2] * 3
    path = write(services.home / "法律咨询.jsonl", rows)
    snap(make_app(services, Place.REPORT), size, press=["down", "enter", "down"], before=check(path))
