"""What the Report place says of cost: by the profile in use, its prices, and the base in hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from estimate_rows import plain_row, write_rows
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.settings import OwnPrice
from fttui.services.dataset.validation import validate
from fttui.ui.app import FttuiApp
from fttui.ui.place import Place
from fttui.ui.screens.report import ReportScreen, State
from pictures import FakeServices, make_app, settle, until

MINI, OLD = "gpt-4.1-mini-2025-04-14", "gpt-3.5-turbo"


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The models that files were checked for, one for each check."""
    models: list[str | None] = []

    async def counted(path: Path, **options: object) -> object:
        model = options["model"]
        models.append(model if isinstance(model, str) else None)
        return await validate(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("fttui.services.dataset.checks.validate", counted)
    return models


async def shown(pilot: Pilot[None], app: FttuiApp, path: Path) -> ReportScreen:
    app.show_report(path)
    await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.state is State.READY)
    await settle(pilot)
    assert isinstance(app.screen, ReportScreen)
    return app.screen


def facts(screen: ReportScreen) -> str:
    return str(screen.query_one(".facts", Static).visual)


async def test_cost_and_epochs_follow_profile_and_base_without_another_check(
    services: FakeServices, checks: list[str | None]
) -> None:
    path = write_rows(services.home / "a.jsonl", [plain_row(400)] * 60)
    services.settings = replace(services.settings, prices=(OwnPrice("gpt-4.1-mini", (("training", 500.0),)),))
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot, app, path)
        assert "25 epochs (auto) · free on this computer" in facts(screen)

        app.profile_name = "openai"
        await settle(pilot)
        assert "3 epochs (auto)" in facts(screen)
        assert "free" not in facts(screen)

        app.take_base(MINI)
        await settle(pilot)
        # 60 rows of 409 tokens, three epochs, 500 dollars a million; three tokens more a row at most.
        assert "3 epochs (auto) · $36.81 to $37.08 on gpt-4.1-mini · prices your settings" in facts(screen)
        assert "in 115 days, 2027-01-14" in facts(screen)
        assert checks == [None]


async def test_a_base_with_another_encoding_is_checked_for_anew(
    services: FakeServices, checks: list[str | None]
) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        app.profile_name = "openai"
        screen = await shown(pilot, app, write_rows(services.home / "a.jsonl", [plain_row()] * 60))
        app.take_base(OLD)
        await until(pilot, lambda: checks == [None, OLD] and screen.state is State.READY)
        await settle(pilot)

        assert "cl100k_base" in facts(screen)
        assert "on gpt-3.5-turbo" in facts(screen)


async def test_a_provider_without_known_prices_says_so(services: FakeServices, checks: list[str | None]) -> None:
    azure = Profile("azure", Dialect.AZURE, "https://me.openai.azure.com/openai/v1")
    services.settings = services.settings.with_profile(azure)
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        app.profile_name = "azure"
        screen = await shown(pilot, app, write_rows(services.home / "a.jsonl", [plain_row()] * 60))
        app.take_base(MINI)
        await settle(pilot)

        assert f"no price by the token is known for {MINI}" in facts(screen)
        assert "$" not in facts(screen)
        assert len(checks) == 1


async def test_a_file_without_usable_rows_has_neither_epochs_nor_a_cost(
    services: FakeServices, checks: list[str | None]
) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        app.profile_name = "openai"
        path = services.home / "a.jsonl"
        path.write_text(json.dumps({"messages": []}) + "\n")
        screen = await shown(pilot, app, path)

        assert "epochs (auto)" not in facts(screen)
        assert "$" not in facts(screen)
        assert len(checks) == 1
