"""The list to choose one thing from."""

from __future__ import annotations

import pytest
from rich.console import RenderableType
from textual._compositor import LayoutUpdate
from textual.screen import Screen

from fttui.ui.app import FttuiApp
from fttui.ui.screens.pick import Choice, PickDialog
from pictures import FakeServices, make_app, settle, until
from reading import shown


async def test_a_list_that_shrinks_has_all_painted_again_so_that_no_wide_character_stays_half(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[object] = []
    display = FttuiApp._display

    def note(app: FttuiApp, screen: Screen[object], what: RenderableType | None) -> None:
        painted.append(what)
        display(app, screen, what)

    monkeypatch.setattr(FttuiApp, "_display", note)
    app = make_app(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(PickDialog("Model", [Choice(f"{n}", f"model {n}") for n in range(20)]))
        await settle(pilot)
        painted.clear()
        await pilot.press("1", "9")
        await until(pilot, lambda: "model 19" in shown(pilot) and "model 18" not in shown(pilot), "one choice")
        await settle(pilot)

    assert any(isinstance(what, LayoutUpdate) for what in painted)
