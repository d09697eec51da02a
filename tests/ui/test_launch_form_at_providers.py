"""What the launch form asks and refuses because of where the job would run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fttui.domain.profiles.probed import Finding, Subject
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.remote import RemoteModel
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.launch import LaunchScreen
from fttui.ui.screens.launch_review import ReviewSheet
from launch_rows import write_rows
from make_jobs import StillClock
from pictures import FakeServices, make_app, until
from reading import shown

BASE = "gpt-4.1-mini-2025-04-14"


@pytest.fixture
def rows(services: FakeServices) -> Path:
    """A good training file; one base."""
    services.fake.models = [RemoteModel(BASE, 1, "openai")]
    return write_rows(services.home / "rows.jsonl")


def words(pilot: Pilot[None]) -> str:
    """All that is on show, in one line."""
    return " ".join(shown(pilot).split())


def on_day(services: FakeServices, day: str) -> None:
    services.clock = StillClock(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


@asynccontextmanager
async def openai_form(services: FakeServices, rows: Path) -> AsyncIterator[tuple[Pilot[None], LaunchScreen]]:
    services.change_settings(lambda settings: replace(settings, profile="openai"))
    app = make_app(services, Place.LAUNCH)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.dataset = rows
        screen = app.screen
        assert isinstance(screen, LaunchScreen)
        await until(pilot, lambda: screen.draft.model == BASE and screen.check.report is not None, "a filled form")
        yield pilot, screen


async def agree(pilot: Pilot[None]) -> None:
    """Say yes on the review sheet."""
    await pilot.press("ctrl+r")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReviewSheet), "the review sheet")
    await pilot.pause()
    await pilot.click("#launch")


async def test_a_base_that_ends_soon_is_asked_about_again(services: FakeServices, rows: Path) -> None:
    on_day(services, "2026-11-20")
    async with openai_form(services, rows) as (pilot, _):
        await agree(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the second question")
        await until(pilot, lambda: "ends in 55 days, 2027-01-14" in words(pilot), "its reason")
        assert "OpenAI, deprecations page, checked 2026-11-20" in words(pilot)

        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LaunchScreen), "the form")
        assert "create_job" not in [call[0] for call in services.fake.calls]

        await agree(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the second question")
        await pilot.click("#confirm")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job")


async def test_a_base_that_takes_no_jobs_is_named_before_it_is_tried(services: FakeServices, rows: Path) -> None:
    on_day(services, "2027-01-07")
    async with openai_form(services, rows) as (pilot, _):
        await agree(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the second question")
        await until(pilot, lambda: "takes no jobs since 2027-01-06" in words(pilot), "its reason")


async def test_a_base_with_time_left_is_not_asked_about_twice(services: FakeServices, rows: Path) -> None:
    on_day(services, "2026-09-01")
    async with openai_form(services, rows) as (pilot, _):
        await agree(pilot)

        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job")


async def test_a_server_that_only_chats_says_so_where_a_job_is_wanted(services: FakeServices, rows: Path) -> None:
    box = Profile("box", Dialect.COMPATIBLE, "http://127.0.0.1:8000/v1", key_optional=True)
    services.change_settings(lambda settings: replace(settings.with_profile(box), profile="box"))
    services.findings |= {Subject.FILES: Finding.MISSING, Subject.JOBS: Finding.MISSING}
    app = make_app(services, Place.LAUNCH)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app.dataset = rows
        screen = app.screen
        assert isinstance(screen, LaunchScreen)
        await until(pilot, lambda: screen.check.report is not None, "the check")
        await until(pilot, lambda: "box answers chats only" in shown(pilot), "why nothing can be launched")
        await pilot.press("ctrl+r")
        await pilot.pause()

        assert isinstance(app.screen, LaunchScreen)
        assert "create_job" not in [call[0] for call in services.fake.calls]


async def test_nebius_shows_its_own_fields(services: FakeServices, rows: Path) -> None:
    nebius = Profile("neb", Dialect.NEBIUS, "https://api.tokenfactory.nebius.com/v1")
    services.change_settings(lambda settings: replace(settings.with_profile(nebius), profile="neb"))
    app = make_app(services, Place.LAUNCH)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: "LoRA rank" in shown(pilot), "the fields of Nebius")

        assert "Learning rate ×" not in shown(pilot)
        assert "Learning rate" in shown(pilot)


async def test_a_file_over_the_limit_is_told_beside_its_field(services: FakeServices, rows: Path) -> None:
    async with openai_form(services, rows) as (pilot, screen):
        screen.form.sizes = {"training_file": 9_000_000_000}
        await until(pilot, lambda: "more than the 8,589,934,592" in words(pilot), "the limit")
        await pilot.press("ctrl+r")
        await pilot.pause()

        assert isinstance(pilot.app.screen, LaunchScreen)
        screen.form.fill(rows)
        screen.form.sizes = {"training_file": 9_000}
        await until(pilot, lambda: "more than the" not in shown(pilot), "a file that fits")


async def test_a_model_that_another_profile_has_too_is_chosen_there_again(services: FakeServices, rows: Path) -> None:
    azure = Profile("work", Dialect.AZURE, "https://team.openai.azure.com")
    services.change_settings(lambda settings: settings.with_profile(azure))
    async with openai_form(services, rows) as (pilot, screen):
        services.fake.models = [RemoteModel("gpt-4.1-nano", 1, "azure"), RemoteModel(BASE, 1, "azure")]
        pilot.app.profile_name = "work"  # type: ignore[attr-defined]  # the app of this program
        await until(pilot, lambda: screen.draft.model == BASE and screen.profile.name == "work", "the same base")

        services.fake.models = [RemoteModel("other", 1, "x"), RemoteModel("another", 1, "x")]
        pilot.app.profile_name = "openai"  # type: ignore[attr-defined]  # as above
        await until(pilot, lambda: f"openai does not list {BASE}" in words(pilot), "what is missing")
        assert screen.draft.model == ""


async def test_the_end_that_the_provider_tells_goes_before_our_own_table(services: FakeServices, rows: Path) -> None:
    on_day(services, "2026-09-01")
    services.fake.models = [RemoteModel(BASE, 1, "openai", shutdown_date="2026-09-09")]
    async with openai_form(services, rows) as (pilot, _):
        await until(pilot, lambda: "in 8 days, 2026-09-09" in shown(pilot), "the countdown")
        await agree(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the second question")
        await until(pilot, lambda: "ends in 8 days, 2026-09-09" in words(pilot), "its reason")
