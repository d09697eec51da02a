"""Pictures of what reinforcement, recipes and the review sheet add to the launch form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from fttui.domain.errors import RefusedError
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.grader_kinds import new_grader
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import Wandb
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.ui.launch_grader_trial import trial_at
from fttui.ui.place import Place
from fttui.ui.screens.launch import LaunchScreen
from fttui.ui.screens.launch_grader import GraderDialog
from pictures import SIZES, FakeServices, Snap, make_app, settle, until

pytestmark = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])

BASE = "o4-mini-2025-04-16"


def graded_rows(path: Path) -> Path:
    """Rows for reinforcement, with an answer to grade by."""
    rows = [{"messages": [{"role": "user", "content": f"{n} + 2"}], "answer": str(n + 2)} for n in range(12)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(autouse=True)
def openai(services: FakeServices) -> None:
    """Everything is at OpenAI."""
    services.fake.models = [RemoteModel(BASE, 1_790_000_000, "system")]
    services.environ = {"FTTUI_PROFILE": "openai"}


async def fill(pilot: Pilot[None], draft: Draft) -> LaunchScreen:
    """Fill the form in, and wait for what is found out about it."""
    screen = pilot.app.screen
    assert isinstance(screen, LaunchScreen)
    await until(pilot, lambda: not screen.form.is_listing, "the models")
    screen.form.load(draft)
    await until(pilot, lambda: screen.check.report is not None, "the check")
    await settle(pilot)
    return screen


def reinforcement(home: Path) -> Draft:
    """A form for reinforcement."""
    rows, kept = graded_rows(home / "sums.jsonl"), graded_rows(home / "kept.jsonl")
    grader = {**new_grader("string_check"), "reference": "{{item.answr}}"}
    return Draft(
        BASE, rows, kept, Method.REINFORCEMENT, {"reasoning_effort": "low"}, grader=grader, wandb=Wandb("sums")
    )


def test_reinforcement_has_fields_of_its_own(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def show(pilot: Pilot[None]) -> None:
        screen = await fill(pilot, reinforcement(services.home))
        screen.form.spec_form.go_to("grader")

    snap(make_app(services, Place.LAUNCH), size, before=show)


def test_a_grader_is_edited(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def show(pilot: Pilot[None]) -> None:
        screen = await fill(pilot, reinforcement(services.home))
        screen.form.spec_form.go_to("grader")

    snap(make_app(services, Place.LAUNCH), size, press=["enter"], before=show)


def test_the_same_launch_is_shown_as_python(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def show(pilot: Pilot[None]) -> None:
        # At the provider: a path of this computer would stand in the picture.
        rows = RemoteFile("file-abc", "rows.jsonl", 120_400, 1_790_000_000, "fine-tune", "processed")
        screen = pilot.app.screen
        assert isinstance(screen, LaunchScreen)
        await until(pilot, lambda: not screen.form.is_listing, "the models")
        screen.form.load(Draft("gpt-4.1-mini-2025-04-14", rows, typed={"n_epochs": "2"}))
        await settle(pilot)
        await pilot.press("ctrl+r")
        await settle(pilot)

    snap(make_app(services, Place.LAUNCH), size, press=["e", "e"], before=show)


def paired_rows(path: Path) -> Path:
    """Rows for preference."""
    rows = [
        {
            "input": {"messages": [{"role": "user", "content": f"Say {n} politely"}]},
            "preferred_output": [{"role": "assistant", "content": f"{n}, if you please"}],
            "non_preferred_output": [{"role": "assistant", "content": f"{n}!"}],
        }
        for n in range(12)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_preference_has_its_beta(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def show(pilot: Pilot[None]) -> None:
        rows = paired_rows(services.home / "pairs.jsonl")
        base = "gpt-4.1-mini-2025-04-14"
        screen = await fill(pilot, Draft(base, rows, None, Method.PREFERENCE, {"beta": "3"}, suffix="polite"))
        screen.form.spec_form.go_to("beta")

    snap(make_app(services, Place.LAUNCH), size, before=show)


@pytest.mark.parametrize("profile", ["openai", "local"])
def test_a_provider_is_asked_about_a_grader(
    snap: Snap, services: FakeServices, size: tuple[int, int], profile: str
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        trial = await trial_at(services, profile, graded_rows(services.home / "sums.jsonl"))
        judge = {**new_grader("score_model"), "model": "gpt-4.1", "sampling_params": {"temperature": 0}}
        await pilot.app.push_screen(GraderDialog(judge, frozenset({"answer"}), trial))
        await settle(pilot)
        if profile == "openai":
            services.fake.failure = RefusedError("The model gpt-4.1 cannot grade here", status=400)
            pilot.app.screen.query_one("#check", Button).press()
        await settle(pilot)

    snap(make_app(services, Place.LAUNCH), size, before=show)
