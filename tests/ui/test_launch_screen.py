"""The way from a form to exactly one job."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Button, Input

from fttui.domain.errors import RefusedError, UnreachableError
from fttui.domain.jobs.job import Method
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.ui.dialogs import ConfirmDialog, ErrorDialog
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.launch import LaunchScreen
from fttui.ui.screens.launch_review import ReviewSheet
from fttui.ui.screens.pick import PickDialog
from launch_rows import write_rows
from make_jobs import StillClock
from pictures import FakeServices, make_app, until
from reading import shown

UPLOADED = RemoteFile("file-abc", "rows.jsonl", 120_400, 1_790_000_000, "fine-tune", "processed")


@pytest.fixture
def rows(services: FakeServices) -> Path:
    """A good training file."""
    return write_rows(services.home / "rows.jsonl")


@pytest.fixture(autouse=True)
def provider(services: FakeServices) -> None:
    """One base, one tuned model and one uploaded file; time stands still."""
    services.clock = StillClock()
    services.fake.models = [
        RemoteModel("fttui-nano", 1_790_000_000, "fttui"),
        RemoteModel("ft:fttui-nano:me::1", 1_790_000_000, "me"),
    ]
    services.fake.files = [UPLOADED]


@asynccontextmanager
async def form(services: FakeServices, dataset: Path | None) -> AsyncIterator[tuple[Pilot[None], LaunchScreen]]:
    """The app on the form, its lists loaded and its file checked."""
    app = make_app(services, Place.LAUNCH)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.dataset = dataset
        screen = app.screen
        assert isinstance(screen, LaunchScreen)
        await until(pilot, lambda: screen.draft.model == "fttui-nano", "the base model")
        if dataset is not None:
            await until(pilot, lambda: screen.check.report is not None, "the check")
        await pilot.pause()
        yield pilot, screen


async def review(pilot: Pilot[None]) -> None:
    """Ask for the review sheet."""
    await pilot.press("ctrl+r")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReviewSheet), "the review sheet")
    await pilot.pause()


def created(services: FakeServices) -> int:
    """How often a job was asked for."""
    return sum(call[0] == "create_job" for call in services.fake.calls)


async def test_a_yes_on_the_review_sheet_uploads_creates_once_and_opens_the_job(
    services: FakeServices, rows: Path
) -> None:
    async with form(services, rows) as (pilot, _):
        await review(pilot)
        assert "fttui-nano" in shown(pilot)
        assert "free: trained on this computer" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job's screen")

    assert created(services) == 1
    assert [call[0] for call in services.fake.calls].count("upload") == 1
    assert [entry.job.id for entry in services.journal.jobs("local")] == ["ftjob-1"]


async def test_nothing_is_sent_without_a_yes(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        await review(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen, "the form")
        await review(pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: pilot.app.screen is screen, "the form")

    assert {call[0] for call in services.fake.calls} == {"list_models", "list_files"}


async def test_a_second_press_while_a_launch_is_under_way_launches_nothing(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        await review(pilot)
        services.fake.gate.clear()
        await pilot.press("enter")
        await until(pilot, lambda: any(call[0] == "upload" for call in services.fake.calls), "the upload to begin")
        await pilot.press("ctrl+r")
        await pilot.pause()
        screen._launch_if(True)
        assert pilot.app.screen is screen
        services.fake.gate.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job's screen")

    assert created(services) == 1
    assert len(services.fake.jobs) == 1


async def test_an_upload_can_be_stopped_and_no_job_is_asked_for(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        await review(pilot)
        services.fake.gate.clear()
        await pilot.press("enter")
        await until(pilot, lambda: any(call[0] == "upload" for call in services.fake.calls), "the upload to begin")
        await pilot.press("x")
        await until(pilot, lambda: screen.sending is None, "the launch to end")
        services.fake.gate.set()
        await pilot.pause()

        assert "no job was asked for" in shown(pilot)
        assert not screen.form.disabled
    assert created(services) == 0


async def test_errors_in_the_file_stop_the_launch_and_lead_to_the_report(services: FakeServices) -> None:
    broken = write_rows(services.home / "broken.jsonl", broken=True)
    async with form(services, broken) as (pilot, _):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question")
        assert "1 error" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == Place.REPORT.key, "the report")
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "its end")

    assert created(services) == 0


async def test_a_refusal_is_shown_to_be_read_and_the_form_can_be_used_again(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        await review(pilot)
        services.fake.failure = RefusedError("The model cannot be tuned.", status=400, code="model_not_available")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorDialog), "the refusal")
        assert "model_not_available" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen, "the form")

        assert screen.sending is None
        assert screen.check_action("review", ())


async def test_what_is_missing_is_said_beside_its_field_once_a_launch_was_asked_for(services: FakeServices) -> None:
    async with form(services, None) as (pilot, screen):
        assert "Choose a training file" not in shown(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Choose a training file" in shown(pilot), "the complaint")

        assert screen.focused is not None
        assert screen.focused.parent is screen.query_one("#training-file")


async def test_a_wrong_number_is_told_as_it_is_typed_and_the_message_goes_when_it_is_right(
    services: FakeServices, rows: Path
) -> None:
    async with form(services, rows) as (pilot, screen):
        screen.form.spec_form.go_to("n_epochs")
        await pilot.press("9", "9")
        await until(pilot, lambda: "✗ must be auto or a whole number, 1 to 50" in shown(pilot), "the complaint")

        await pilot.press("backspace")
        await until(pilot, lambda: "must be" not in shown(pilot), "no complaint")

        assert screen.draft.hyperparameters == {"n_epochs": 9}


async def test_fast_typing_loses_nothing_and_keeps_the_cursor_at_its_end(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        field = screen.query_one("#suffix Input", Input)
        field.focus()
        for letter in "smart-home":
            field.post_message(Key(letter, letter))
        await until(pilot, lambda: screen.draft.suffix == "smart-home", "the suffix")

        assert (field.value, field.cursor_position) == ("smart-home", 10)


async def test_the_estimate_follows_the_form(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        assert "300 (25 epochs × batches of 4)" in shown(pilot)
        screen.form.spec_form.go_to("n_epochs")
        await pilot.press("2", "enter", "8")

        await until(pilot, lambda: "12 (2 epochs × batches of 8)" in shown(pilot), "the estimate")


async def test_a_method_has_its_own_fields_and_its_own_checks(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        beta = screen.query_one("#beta")
        assert not beta.display
        pilot.app.profile_name = "openai"  # type: ignore[attr-defined]  # the pilot does not know our app
        await until(pilot, lambda: screen.draft.model == "fttui-nano", "the other profile's models")
        screen.form.spec_form.go_to("method")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog), "the list")
        await pilot.press(*"preference", "enter")
        await until(pilot, lambda: beta.display, "the field of preference training")
        screen.form.spec_form.go_to("beta")
        await pilot.press("3")

        await until(pilot, lambda: "✗ must be auto or a number, above 0 to 2" in shown(pilot), "the complaint")
        assert screen.draft.method is Method.PREFERENCE


async def test_an_uploaded_file_is_used_by_its_id_and_sent_again_by_nobody(services: FakeServices) -> None:
    async with form(services, None) as (pilot, screen):
        screen.form.spec_form.go_to("training_file")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog), "the list")
        await pilot.press("enter")
        await until(pilot, lambda: screen.draft.training == UPLOADED, "the choice")
        await review(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job's screen")

    assert services.fake.jobs[0].training_file == "file-abc"
    assert not [call for call in services.fake.calls if call[0] == "upload"]


async def test_a_file_that_is_not_there_stops_the_launch(services: FakeServices) -> None:
    async with form(services, None) as (pilot, screen):
        screen.fill(services.home / "gone.jsonl")
        await until(pilot, lambda: screen.check.failure is not None, "the failure")
        await pilot.press("ctrl+r")
        await pilot.pause()

        assert pilot.app.screen is screen
        assert "gone.jsonl" in shown(pilot)


async def test_a_draft_is_still_there_after_going_elsewhere(services: FakeServices, rows: Path) -> None:
    async with form(services, rows) as (pilot, screen):
        screen.form.spec_form.go_to("suffix")
        await pilot.press(*"smart", "tab", "7")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen, "another place")
        pilot.app.action_visit("launch")  # type: ignore[attr-defined]  # the pilot does not know our app
        await until(pilot, lambda: pilot.app.screen is screen, "the form")

        assert (screen.draft.suffix, screen.draft.seed) == ("smart", "7")
        assert screen.query_one("#suffix Input", Input).value == "smart"


async def test_another_profile_takes_out_what_only_the_former_one_has(services: FakeServices) -> None:
    async with form(services, None) as (pilot, screen):
        screen.fill("file-abc")
        services.fake.models = [replace(services.fake.models[0], id="gpt-x"), replace(services.fake.models[0], id="y")]
        pilot.app.profile_name = "openai"  # type: ignore[attr-defined]
        await until(pilot, lambda: screen.draft.training is None, "the file to go")

        assert screen.draft.model == ""


async def test_a_review_that_may_cost_money_starts_on_the_answer_that_does_nothing(
    services: FakeServices, rows: Path
) -> None:
    async with form(services, rows) as (pilot, screen):
        services.fake.models = [RemoteModel("gpt-4o-mini-2024-07-18", 1, "openai")]
        pilot.app.profile_name = "openai"  # type: ignore[attr-defined]
        await until(pilot, lambda: screen.draft.model.startswith("gpt"), "the model")
        await until(pilot, lambda: "prices of" in shown(pilot), "the price")
        await review(pilot)

        assert pilot.app.screen.focused is pilot.app.screen.query_one("#back", Button)
        assert "1 file will be sent to api.openai.com" in shown(pilot)
        assert "prices of" in shown(pilot)


async def test_no_connection_is_said_in_the_field_and_a_model_can_be_typed(services: FakeServices, rows: Path) -> None:
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    app = make_app(services, Place.LAUNCH)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "Cannot reach the provider" in shown(pilot), "what is wrong")
        screen = app.screen
        assert isinstance(screen, LaunchScreen)
        screen.form.spec_form.go_to("model")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog), "the list")
        await pilot.press(*"my-model", "enter")

        await until(pilot, lambda: screen.draft.model == "my-model", "the model")
        assert not app._notifications
