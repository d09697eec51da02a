"""The grader's sheet asks the provider: to look at it, and to grade an answer for a row."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from fttui.domain.errors import NotFoundError, RefusedError
from fttui.domain.jobs.grader_kinds import new_grader
from fttui.ui.launch_grader_trial import trial_at
from fttui.ui.place import Place
from fttui.ui.screens.launch_grader import GraderDialog
from fttui.ui.screens.pick import PickDialog
from fttui.ui.text_dialog import TextDialog
from pictures import FakeServices, make_app, until
from reading import shown


def words(pilot: Pilot[None]) -> str:
    """What the screen shows, without its line breaks and borders."""
    return " ".join(shown(pilot).replace("│", " ").split())


@asynccontextmanager
async def sheet(services: FakeServices, profile: str = "openai") -> AsyncIterator[Pilot[None]]:
    """The grader's sheet, with two rows to try it on."""
    rows = services.home / "rows.jsonl"
    asked = [{"role": "user", "content": "2+2?"}]
    rows.write_text("".join(json.dumps({"messages": asked, "answer": answer}) + "\n" for answer in ("4", "four")))
    async with make_app(services, Place.LAUNCH).run_test(size=(100, 30)) as pilot:
        trial = await trial_at(services, profile, rows)
        await pilot.app.push_screen(GraderDialog(new_grader("string_check"), frozenset({"answer"}), trial))
        await until(pilot, lambda: "nothing wrong" in shown(pilot), "the verdict of this computer")
        yield pilot


async def press_check(pilot: Pilot[None]) -> None:
    """Press the button; it takes no second press while it still shows the first."""
    button = pilot.app.screen.query_one("#check", Button)
    await until(pilot, lambda: not button.has_class("-active"), "the button at rest")
    button.focus()
    await pilot.press("enter")


async def test_the_provider_looks_at_a_grader(services: FakeServices) -> None:
    async with sheet(services) as pilot:
        await press_check(pilot)
        await until(pilot, lambda: "openai takes this grader" in shown(pilot), "the answer")
        services.fake.failure = RefusedError("The model judge does not exist", status=400)
        await press_check(pilot)
        await until(pilot, lambda: "The model judge does not exist" in words(pilot), "the refusal")
        services.fake.failure = NotFoundError("No such address", status=404)
        await press_check(pilot)
        await until(pilot, lambda: "openai does not check graders" in words(pilot), "that it has none")

    assert services.fake.calls.count(("validate_grader", "string_check")) == 3


async def test_an_answer_is_graded_for_the_row_that_is_chosen(services: FakeServices) -> None:
    async with sheet(services) as pilot:
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog), "the rows")
        assert "answer: four" in shown(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog), "the answer to grade")
        dialog = pilot.app.screen
        assert isinstance(dialog, TextDialog)
        assert "for row 2" in shown(pilot)
        dialog.area.text = "four"
        await pilot.click("#ok")
        await until(pilot, lambda: "reward 1 in 0.1 s" in shown(pilot), "the reward")
        await pilot.press("down", "x")
        await until(pilot, lambda: "reward 1" not in shown(pilot), "an edit takes the answer away")


@pytest.mark.parametrize("profile", ["local"])
async def test_where_no_provider_checks_graders_the_sheet_says_so(services: FakeServices, profile: str) -> None:
    async with sheet(services, profile) as pilot:
        await until(pilot, lambda: "local does not check graders" in words(pilot), "why there is nothing to ask")
        assert not pilot.app.screen.query("#check")
        await pilot.press("ctrl+t")
        await pilot.pause()

        assert isinstance(pilot.app.screen, GraderDialog)
