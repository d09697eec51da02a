from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fttui.services.dataset.preparing.frames import Progress
from fttui.services.dataset.preparing.order import Order
from fttui.ui.place import Place
from fttui.ui.prepare_settings import PrepareSettings
from fttui.ui.screens.prepare import PrepareScreen, State
from pictures import SIZES, Before, FakeServices, Snap, make_app, settle, until
from prepare_rows import labelled_pairs, legal_advice, tool_calls
from rows import chat, write


def prepare(path: Path, code: str = "", state: State = State.READY, settings: PrepareSettings | None = None) -> Before:
    """Show the preparation of a file, the cursor on a fix, before the picture is taken."""

    async def before(pilot: Pilot[None]) -> None:
        screen = PrepareScreen(path)
        if settings is not None:
            screen.settings = settings
        pilot.app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.state is state)
        await settle(pilot)
        if code:
            await pilot.press("home")
        for _ in range(30):
            current = screen.fixes.current
            if not code or (current is not None and current.fix.code == code):
                break
            await pilot.press("down")
        await settle(pilot)

    return before


@pytest.mark.parametrize("size", SIZES)
def test_looking_at_a_file(
    snap: Snap, services: FakeServices, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def halfway(order: Order, progress: object) -> None:
        assert callable(progress)
        progress(Progress(430_000_000, 1_000_000_000))
        await asyncio.Event().wait()

    monkeypatch.setattr("fttui.ui.screens.prepare.survey_file", halfway)
    path = write(services.home / "train 训练.jsonl", [chat("a")])
    snap(make_app(services, Place.REPORT), size, before=prepare(path, state=State.WORKING))


@pytest.mark.parametrize("size", SIZES)
def test_chinese_legal_advice(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = legal_advice(services.home / "法律咨询.jsonl")
    settings = PrepareSettings(amount="20%")
    snap(make_app(services, Place.REPORT), size, before=prepare(path, "redact-secrets", settings=settings))


@pytest.mark.parametrize("size", SIZES)
def test_english_tool_calls(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = tool_calls(services.home / "shop-calls.jsonl")
    snap(make_app(services, Place.REPORT), size, before=prepare(path, "arguments-as-text"))


@pytest.mark.parametrize("size", SIZES)
def test_prompts_and_completions_with_labels(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = labelled_pairs(services.home / "labels.jsonl")
    snap(make_app(services, Place.REPORT), size, before=prepare(path, "add-prompt-separator"))


@pytest.mark.parametrize("size", SIZES)
def test_rows_that_go(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = legal_advice(services.home / "法律咨询.jsonl")
    snap(make_app(services, Place.REPORT), size, before=prepare(path, "drop-duplicates"))


@pytest.mark.parametrize("size", SIZES)
def test_a_clean_file(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    rows = [
        {"messages": [{"role": "user", "content": f"q {at}"}, {"role": "assistant", "content": "a"}]}
        for at in range(60)
    ]
    path = write(services.home / "good.jsonl", rows)
    snap(make_app(services, Place.REPORT), size, before=prepare(path))


@pytest.mark.parametrize("size", SIZES)
def test_settings(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = legal_advice(services.home / "法律咨询.jsonl")
    snap(make_app(services, Place.REPORT), size, press=["s", *"a lot"], before=prepare(path))


@pytest.mark.parametrize("size", SIZES)
def test_the_sheet_that_names_the_files(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = legal_advice(services.home / "法律咨询.jsonl")
    settings = PrepareSettings(amount="20%")
    snap(make_app(services, Place.REPORT), size, press=["w"], before=prepare(path, settings=settings))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_cannot_be_read(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.REPORT), size, before=prepare(services.home / "gone.jsonl", state=State.FAILED))
