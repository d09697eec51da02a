"""The launch form: what to train on which rows, what it would cost, and the way to a job."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Button, Static

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.draft import Draft, source_name
from fttui.domain.jobs.prices import PriceBook, price_book
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line
from fttui.services.dataset.validation import ValidationProgress
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage
from fttui.ui import launch_facts, present
from fttui.ui.base_end import end_question
from fttui.ui.dialogs import ConfirmDialog, ErrorDialog
from fttui.ui.launch_check import check_files
from fttui.ui.launch_facts import DataCheck
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.screens.launch_review import ReviewSheet
from fttui.ui.widgets.estimate_panel import EstimatePanel
from fttui.ui.widgets.launch_form import LaunchForm
from fttui.ui.widgets.sending_line import SendingLine

_STOPPABLE = frozenset({Stage.HASHING, Stage.UPLOADING, Stage.PROCESSING})


class LaunchScreen(PlaceScreen):
    """Fills in a draft, keeps its estimate, and launches it once."""

    PLACE = Place.LAUNCH
    CSS_PATH = "../styles/launch.tcss"
    HELP = """
Fill in what is to be trained. `enter` on a field with `▾` opens its list; numbers may stay `auto`. What is wrong with a
value stands beside it. Below the form you see what it would train and cost.

`ctrl+r` (or the button) shows everything once more and asks; only then is anything sent. The file is checked on this
computer first: errors stop the launch and lead to the report. A job is asked for exactly once.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "review", "Review & launch", key_display="^r", id="launch.review"),
        Binding("x", "stop_upload", "Stop upload", id="launch.stop"),
        Binding("ctrl+t", "report", "Report", key_display="^t", show=False, id="launch.report"),
        Binding("ctrl+l", "reload", "Reload lists", key_display="^l", show=False, id="launch.reload"),
    ]

    check: var[DataCheck] = var(DataCheck())
    sending: var[LaunchProgress | None] = var[LaunchProgress | None](None, bindings=True)
    """How far the launch under way is; None while there is none."""

    form = getters.query_one(LaunchForm)
    panel = getters.query_one(EstimatePanel)

    @dataclass
    class Checked(Message):
        """The check of the files has come further."""

        progress: ValidationProgress

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LaunchScreen.Checked)

    @dataclass
    class Sent(Message):
        """The launch has come further."""

        progress: LaunchProgress

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LaunchScreen.Sent) and message.progress.stage is self.progress.stage

    def __init__(self) -> None:
        super().__init__()
        self._checked: tuple[object, ...] = (None, None, "")
        self._review_wanted = False

    def compose_body(self) -> ComposeResult:
        with Container(id="columns"):
            yield LaunchForm()
            with Vertical(id="side"):
                yield EstimatePanel()
                with Horizontal(id="act"):
                    yield Button("Review and launch", variant="primary", compact=True, id="review")
                    yield Static(Content(""), id="notice")
        yield SendingLine()

    def on_mount(self) -> None:
        self.watch(self.app, "profile_name", self._change_profile)
        self.watch(self.app, "dataset", self.form.take_dataset)
        self.call_after_refresh(self._estimate)

    def on_screen_resume(self) -> None:
        """Coming back asks again where the provider has not answered yet."""
        self.form.reload_if_missing()

    @property
    def profile(self) -> Profile:
        """Where the job would run."""
        return self.app.services.profile(self.app.profile_name)

    @property
    def draft(self) -> Draft:
        """What is filled in."""
        return self.form.draft

    @property
    def book(self) -> PriceBook:
        """The prices that hold there."""
        return price_book(self.app.services.settings.prices, self.profile.dialect)

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self.app.clock.now(), UTC).date()

    def fill(self, training: Path | str | None, validation: Path | str | None = None) -> None:
        """Take files into the form, local ones by path, files at the provider by id."""
        self.form.fill(training, validation)

    def _change_profile(self, _name: str) -> None:
        self.form.change_profile(self.profile)
        self._estimate()

    @on(LaunchForm.ProfileChosen)
    def _choose_profile(self, event: LaunchForm.ProfileChosen) -> None:
        self.app.profile_name = event.name

    def action_reload(self) -> None:
        """Ask the provider again for its models and files."""
        self.form.reload()

    @on(LaunchForm.ListsFailed)
    def _tell_failed_lists(self, event: LaunchForm.ListsFailed) -> None:
        self._say(safe_line(event.error.message))

    @on(LaunchForm.Edited)
    def _follow_draft(self, event: LaunchForm.Edited) -> None:
        files = (event.draft.training, event.draft.validation, event.draft.model)
        if files != self._checked:
            self._checked = files
            self.check_data()
        self._estimate()

    # The check and the estimate

    @work(group="launch.check", exclusive=True)
    async def check_data(self) -> None:
        """Check the files of the draft on this computer."""
        self.check = DataCheck(share=0.0)
        self.check = await check_files(self.draft, self._tell_check)
        if self._review_wanted and not self.check.is_running:
            self._review_wanted = False
            self.action_review()

    def _tell_check(self, progress: ValidationProgress) -> None:
        self.post_message(self.Checked(progress))

    @on(Checked)
    def _show_share(self, event: Checked) -> None:
        if self.check.is_running and event.progress.bytes_total:
            self.check = DataCheck(share=event.progress.bytes_done / event.progress.bytes_total)

    def watch_check(self) -> None:
        """Follow with the estimate."""
        self._estimate()

    def _estimate(self) -> None:
        if self.is_whole:
            self.panel.show(launch_facts.estimate(self.draft, self.check, self.profile, self.book))

    # The way to a job

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is launched while something is; only an upload can be stopped."""
        match action:
            case "review":
                return self.sending is None
            case "stop_upload":
                return self.sending is not None and self.sending.stage in _STOPPABLE
            case _:
                return True

    @on(Button.Pressed, "#review")
    def action_review(self) -> None:
        """Show everything that is about to happen, and ask."""
        if self.sending is not None:
            return
        self.form.insists = True
        wrong = self.draft.problems()
        if wrong:
            self.form.spec_form.go_to(wrong[0][0])
            self._say(present.counted(len(wrong), "field needs", "fields need") + " a look")
        elif self.check.is_running:
            self._review_wanted = True
            self._say("The review comes as soon as the file is checked")
        elif self.check.failure is not None:
            self.app.show_failure(self.check.failure)
        elif self.check.errors:
            self._offer_report()
        else:
            self._say("")
            facts = launch_facts.review(self.draft, self.check, self.profile, self.book, self._today)
            spends = self.profile.dialect is not Dialect.ENGINE
            self.app.push_screen(ReviewSheet(facts, spends=spends), self._ask_about_the_end)

    def _say(self, words: str) -> None:
        if self.is_whole:
            self.query_one("#notice", Static).update(Content(words))

    def _offer_report(self) -> None:
        errors = present.counted(self.check.errors, "error")
        name = source_name(self.draft.training)
        body = f"{name} has {errors}. The provider would refuse it, or the model would learn what is not meant."
        dialog = ConfirmDialog("Not launched: the file has errors", body, "Open the report")
        self.app.push_screen(dialog, lambda wanted: self.action_report() if wanted else None)

    def action_report(self) -> None:
        """Show the report on the files of the form."""
        training, validation = self.draft.training, self.draft.validation
        if isinstance(training, Path):
            self.app.show_report(training, validation if isinstance(validation, Path) else None)

    def _ask_about_the_end(self, agreed: bool | None) -> None:
        """Ask again where the base ends before the training does, or soon after."""
        question = end_question(self.draft.model, self.profile, self._today) if agreed else None
        if question is None:
            self._launch_if(agreed)
        else:
            self.app.push_screen(question, self._launch_if)

    def _launch_if(self, agreed: bool | None) -> None:
        # Refused rather than restarted: a second yes must never become a second job.
        if agreed and self.sending is None:
            self.sending = LaunchProgress(Stage.HASHING, source_name(self.draft.training))
            self._send(LaunchPlan.from_draft(self.draft, self.check.hashes), self.app.profile_name)

    @work(group="launch.send")
    async def _send(self, plan: LaunchPlan, profile: str) -> None:
        from fttui.services.jobs.launch import launch

        services = self.app.services
        try:
            journal = await asyncio.to_thread(lambda: services.journal)
            provider = await services.provider(profile)
            job = await launch(provider, journal, profile, plan, self._tell, self.app.clock)
        except FttuiError as error:
            # To be read and copied, not a toast: money and data are at stake.
            self.app.push_screen(ErrorDialog(error))
            self._say(f"{error.title}")
        else:
            self.form.forget_lists()
            self._say(f"Launched {job.id}")
            if self.is_current:
                self.app.open_job(profile, job.id)
            else:
                self.app.say(f"The job {job.id} was created")
        finally:
            self.sending = None

    def _tell(self, progress: LaunchProgress) -> None:
        self.post_message(self.Sent(progress))

    @on(Sent)
    def _show_sent(self, event: Sent) -> None:
        if self.sending is not None:
            self.sending = event.progress

    def watch_sending(self, progress: LaunchProgress | None) -> None:
        """Show how far the launch is, and keep the form still meanwhile."""
        if not self.is_whole:
            return
        self.set_class(progress is not None, "-sending")
        self.form.disabled = progress is not None
        if progress is not None:
            self.query_one(SendingLine).tell(progress, self.app.clock.now())
        share = progress.done / progress.total if progress is not None and progress.total else None
        percent = f" {present.percent(share)}" if share is not None else ""
        self.app.running = f"{progress.stage.value}{percent}" if progress is not None else ""

    def action_stop_upload(self) -> None:
        """Stop before a job is asked for."""
        if self.sending is not None and self.sending.stage in _STOPPABLE:
            self.workers.cancel_group(self, "launch.send")
            self._say("Stopped; no job was asked for")
