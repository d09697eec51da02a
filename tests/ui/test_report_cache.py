"""The Report place says when a report comes from the cache, and checks anew when asked to."""

from __future__ import annotations

import pytest

from fttui.services.dataset import checks, report_cache
from fttui.services.dataset.checks import Checks
from fttui.ui.place import Place
from fttui.ui.screens.report import ReportScreen, State
from pictures import FakeServices, make_app, settle, until
from rows import chat, write


async def test_a_file_that_lies_still_is_checked_once_and_again_on_request(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_cache, "_SETTLED", -3600.0)
    found: list[bool] = []
    check = Checks.check

    async def watched(self: Checks, *args: object, **options: object) -> checks.Checked:
        checked = await check(self, *args, **options)  # type: ignore[arg-type]  # handed through as they came
        found.append(checked.from_cache)
        return checked

    monkeypatch.setattr(Checks, "check", watched)
    path = write(services.home / "rows.jsonl", [chat(str(number)) for number in range(12)])
    app = make_app(services, Place.REPORT)
    async with app.run_test(notifications=True) as pilot:
        screen = app.screen
        assert isinstance(screen, ReportScreen)
        app.show_report(path)
        await until(pilot, lambda: len(found) == 1 and screen.state is State.READY)
        app.show_report(path)
        await until(pilot, lambda: len(found) == 2 and screen.state is State.READY)
        await settle(pilot)
        told = [notice.message for notice in app._notifications]
        await pilot.press("r")
        await until(pilot, lambda: len(found) == 3 and screen.state is State.READY)

    assert found == [False, True, False]
    assert any("From the cache" in message for message in told)
