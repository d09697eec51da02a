"""Waiting for lists, recipes, graders, jobs launched again, and what is told when a job ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from costs_journal import DONE, ESTIMATE, MODEL, launch
from fttui.domain.chat.conversation import Conversation
from fttui.domain.errors import ForbiddenError, UnreachableError
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import Wandb
from fttui.domain.remote import RemoteModel
from fttui.ui.app import FttuiApp
from fttui.ui.dialogs import ConfirmDialog, PromptDialog
from fttui.ui.job_ends import tell_end
from fttui.ui.launch_again import launch_again
from fttui.ui.place import Place
from fttui.ui.screens.launch import LaunchScreen
from fttui.ui.screens.launch_grader import GraderDialog
from fttui.ui.screens.launch_review import ReviewSheet
from fttui.ui.screens.pick import PickDialog
from fttui.ui.screens.playground import PlaygroundScreen
from fttui.ui.text_dialog import TextDialog
from launch_rows import write_rows
from make_jobs import StillClock
from pictures import FakeServices, make_app, until
from reading import shown


@pytest.fixture(autouse=True)
def provider(services: FakeServices) -> None:
    """One base; time stands still."""
    services.clock = StillClock()
    services.fake.models = [RemoteModel(MODEL, 1_790_000_000, "openai")]


@pytest.fixture
def rows(services: FakeServices) -> Path:
    """A good training file."""
    return write_rows(services.home / "rows.jsonl")


def launch_screen(pilot: Pilot[None]) -> LaunchScreen:
    screen = pilot.app.screen
    assert isinstance(screen, LaunchScreen)
    return screen


def app_of(pilot: Pilot[None]) -> FttuiApp:
    assert isinstance(pilot.app, FttuiApp)
    return pilot.app


async def test_a_review_asked_for_too_early_comes_when_the_models_are_listed(
    services: FakeServices, rows: Path
) -> None:
    services.fake.gate.clear()
    async with make_app(services, Place.LAUNCH).run_test(size=(80, 24)) as pilot:
        app_of(pilot).dataset = rows
        screen = launch_screen(pilot)
        await until(pilot, lambda: screen.check.report is not None, "the check")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "has listed its models" in shown(pilot), "the word that it waits")
        services.fake.gate.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewSheet), "the review sheet")
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "the end of the check")


async def test_where_the_models_never_come_the_field_is_named_and_the_word_goes_when_it_is_filled_in(
    services: FakeServices, rows: Path
) -> None:
    services.fake.gate.clear()
    services.fake.failure = UnreachableError("No answer")
    async with make_app(services, Place.LAUNCH).run_test(size=(80, 24)) as pilot:
        app_of(pilot).dataset = rows
        screen = launch_screen(pilot)
        await until(pilot, lambda: screen.check.report is not None, "the check")
        await pilot.press("ctrl+r")
        services.fake.gate.set()
        await until(pilot, lambda: "Needs a look: Base model" in shown(pilot), "the name of the field")
        screen.form.draft = replace(screen.draft, model="typed")
        await until(pilot, lambda: "Needs a look" not in shown(pilot), "the word to go")
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "the end of the check")


async def test_a_launch_is_kept_and_loaded_again_in_another_profile_with_what_it_lacks_named(
    services: FakeServices, rows: Path
) -> None:
    async with make_app(services, Place.LAUNCH).run_test(size=(80, 24)) as pilot:
        app_of(pilot).profile_name = "openai"
        screen = launch_screen(pilot)
        await until(pilot, lambda: screen.draft.model == MODEL, "the model")
        screen.form.load(replace(screen.draft, training=rows, method=Method.PREFERENCE, wandb=Wandb("lamps")))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PromptDialog), "the question for a name")
        await pilot.press("enter")
        await until(pilot, (services.paths.recipes / "dpo.json").exists, "the recipe")

        app_of(pilot).profile_name = "local"
        await until(pilot, lambda: pilot.app.screen is screen and not screen.form.is_listing, "the other profile")
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog), "the list of recipes")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "what is not carried")
        assert "the method: local does not train by dpo" in shown(pilot)
        assert "Weights & Biases" in shown(pilot)
        assert (screen.draft.training, screen.draft.method) == (rows, Method.SUPERVISED)
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "the end of the check")


async def test_a_job_is_launched_again_from_what_it_was_asked_for(services: FakeServices, rows: Path) -> None:
    launch(services.journal, "openai", replace(DONE, suffix="lamps"), ESTIMATE)
    services.journal.remember_upload("openai", "sha", "file-1", at=1.0, path=rows)
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        app_of(pilot).profile_name = "openai"
        await pilot.pause()
        launch_again(app_of(pilot), "openai", DONE)
        await until(
            pilot,
            lambda: isinstance(pilot.app.screen, LaunchScreen) and pilot.app.screen.draft.training == rows,
            "the filled-in form",
        )
        assert launch_screen(pilot).draft.model == MODEL
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "the end of the check")


async def test_a_closed_service_leads_to_another_profile_with_the_same_launch(
    services: FakeServices, rows: Path
) -> None:
    async with make_app(services, Place.LAUNCH).run_test(size=(80, 24)) as pilot:
        app_of(pilot).dataset = rows
        screen = launch_screen(pilot)
        await until(pilot, lambda: bool(screen.draft.model) and screen.check.report is not None, "the form")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewSheet), "the review sheet")
        await pilot.pause()
        closed = ForbiddenError("Training is not available", status=403, code="training_not_available")
        services.fake.failure = closed
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the offer")
        assert "locked out of training" in shown(pilot)
        services.fake.failure = None
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog), "the profiles")


async def test_a_grader_is_put_together_with_keys_and_a_wrong_template_is_told(services: FakeServices) -> None:
    async with make_app(services, Place.DATA).run_test(size=(80, 24)) as pilot:
        answers: list[object] = []
        await pilot.app.push_screen(GraderDialog(None, frozenset({"answer"})), answers.append)
        dialog = pilot.app.screen
        assert isinstance(dialog, GraderDialog)
        await until(pilot, lambda: "nothing wrong" in shown(pilot), "the verdict")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog), "the kinds")
        await pilot.press(*"multi", "enter")
        await until(pilot, lambda: "graders: is missing" in shown(pilot), "the fields of another kind")
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: pilot.app.screen is not dialog, "the grader inside")
        inner = pilot.app.screen
        assert isinstance(inner, GraderDialog)
        await pilot.press("ctrl+j")
        await until(pilot, lambda: isinstance(pilot.app.screen, TextDialog), "the JSON")
        text = pilot.app.screen
        assert isinstance(text, TextDialog)
        text.area.text = text.area.text.replace("item.answer", "item.anser")
        await pilot.click("#ok")
        await until(pilot, lambda: "did you mean item.answer?" in shown(pilot), "the complaint")
        inner.dismiss({**inner.grader, "reference": "{{item.answer}}"})
        await until(pilot, lambda: pilot.app.screen is dialog and "exact" in shown(pilot), "the grader in its place")
        await pilot.press("down")
        for letter in "exact":
            await pilot.press(letter)
        await until(pilot, lambda: "nothing wrong" in shown(pilot), "a good formula")
        await pilot.click("#ok")
        await pilot.pause()

    assert len(answers) == 1
    assert isinstance(answers[0], dict)
    assert (answers[0]["type"], list(answers[0]["graders"]), answers[0]["calculate_output"]) == (
        "multi",
        ["exact"],
        "exact",
    )


async def test_the_end_of_a_job_is_told_once_with_cost_and_next_step(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch(services.journal, "openai", DONE, ESTIMATE)
    feed = JobFeed().apply(JobUpdate(DONE))
    out = services.home / "told"
    services.settings = replace(services.settings, notify_command=("/usr/bin/touch", str(out)))
    rung: list[bool] = []
    async with make_app(services, Place.DATA).run_test(size=(80, 24), notifications=True) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(True))
        tell_end(app_of(pilot), "openai", feed)
        await until(pilot, lambda: "cost $0.81" in shown(pilot), "the words")
        await until(pilot, out.exists, "the command")
        tell_end(app_of(pilot), "openai", feed)
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "the second time")

    assert rung == [True]


async def test_the_playground_takes_the_prompt_a_model_was_trained_with(services: FakeServices) -> None:
    rows = services.home / "rows.jsonl"
    rows.write_text('{"messages": [{"role": "system", "content": "You switch lamps."}]}\n')
    launch(services.journal, "openai", DONE, None)
    services.journal.remember_upload("openai", "sha", DONE.training_file, at=1.0, path=rows)
    async with make_app(services, Place.PLAYGROUND).run_test(size=(80, 24), notifications=True) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, PlaygroundScreen)
        screen.choose(DONE.fine_tuned_model or "", "openai")
        await until(pilot, lambda: screen.main.conversation.system == "You switch lamps.", "the prompt")
        await until(pilot, lambda: "taken from the training file" in shown(pilot), "the word of it")
        assert screen.main.conversation == Conversation(DONE.fine_tuned_model or "", "You switch lamps.")
