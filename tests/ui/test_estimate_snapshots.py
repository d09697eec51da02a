"""Pictures of the Estimate screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from estimate_rows import lamps, plain_row, write_rows
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.ui.place import Place
from fttui.ui.screens.estimate import EstimateScreen
from pictures import SIZES, Before, FakeServices, Snap, make_app, settle

pytestmark = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])


def opened(path: Path, model: str = "", *, profile: str = "openai") -> Before:
    """Open the screen on a file at a profile."""

    async def open_it(pilot: Pilot[None]) -> None:
        pilot.app.profile_name = profile  # type: ignore[attr-defined]
        await pilot.app.push_screen(EstimateScreen(path, model))
        await settle(pilot)

    return open_it


def test_every_model_of_a_profile(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = lamps(services.home / "lamps.jsonl", tools=True)
    snap(make_app(services, Place.REPORT), size, before=opened(path, "gpt-4.1-mini-2025-04-14"))


def test_the_embedded_engine_and_what_it_would_cost_elsewhere(
    snap: Snap, services: FakeServices, size: tuple[int, int]
) -> None:
    path = lamps(services.home / "lamps.jsonl")
    snap(make_app(services, Place.REPORT), size, before=opened(path, profile="local"))


def test_prices_that_are_not_known(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    azure = Profile("azure", Dialect.AZURE, "https://me.openai.azure.com/openai/v1")
    services.settings = services.settings.with_profile(azure)
    path = lamps(services.home / "lamps.jsonl")
    snap(make_app(services, Place.REPORT), size, before=opened(path, "gpt-4.1-2025-04-14", profile="azure"))


def test_the_questions_of_an_estimate(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = lamps(services.home / "lamps.jsonl")
    snap(make_app(services, Place.REPORT), size, press=["s"], before=opened(path))


def test_a_file_without_usable_rows(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    path = write_rows(services.home / "bad.jsonl", [{"messages": []}, {"messages": "none"}])
    snap(make_app(services, Place.REPORT), size, before=opened(path))


def test_a_file_that_is_gone(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    write_rows(services.home / "there.jsonl", [plain_row()])
    snap(make_app(services, Place.REPORT), size, before=opened(services.home / "gone.jsonl"))
