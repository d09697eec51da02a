"""The launch form: what to train on which rows, what it would cost, and the way to a job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
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

from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.jobs.draft import Draft, source_name
from fttui.domain.jobs.equivalents import equivalents
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.jobs.prices import PriceBook, price_book
from fttui.domain.jobs.recipe import Recipe
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line
from fttui.services.dataset.validation import ValidationProgress
from fttui.services.jobs.file_sizes import sizes_of
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage
from fttui.ui import launch_facts, present
from fttui.ui.base_end import end_question
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.launch_check import check_files, item_fields_at
from fttui.ui.launch_facts import DataCheck
from fttui.ui.launch_recipes import carried, choose_recipe, left_words, save_recipe
from fttui.ui.place import Place
from fttui.ui.screens.launch_review import ReviewSheet
from fttui.ui.screens.launch_sending import STOPPABLE, LaunchingScreen
from fttui.ui.widgets.estimate_panel import EstimatePanel
from fttui.ui.widgets.launch_form import LaunchForm
from fttui.ui.widgets.sending_line import SendingLine

_SIZES = ("n_epochs", "batch_size")


class LaunchScreen(LaunchingScreen):
    """Fills in a draft, keeps its estimate, and launches it once."""

    PLACE = Place.LAUNCH
    CSS_PATH = "../styles/launch.tcss"
    HELP = """
Fill in what is to be trained. `enter` on a field with `▾` opens its list; numbers may stay `auto`. What is wrong with a
value stands beside it. Below the form you see what it would train and cost.

`ctrl+r` (or the button) shows everything once more and asks; only then is anything sent. The file is checked on this
computer first: errors stop the launch and lead to the report. A job is asked for exactly once.

`ctrl+s` keeps the form as a recipe, `ctrl+o` loads one; what a recipe asks for and this profile lacks is named.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "review", "Review & launch", key_display="^r", id="launch.review"),
        Binding("x", "stop_upload", "Stop upload", id="launch.stop"),
        Binding("ctrl+g,dollar_sign", "costs", "Estimate", key_display="^g", id="launch.estimate"),
        Binding("ctrl+t", "report", "Report", key_display="^t", id="launch.report"),
        Binding("ctrl+o", "load_recipe", "Load recipe", key_display="^o", id="launch.load"),
        Binding("ctrl+s", "save_recipe", "Keep recipe", key_display="^s", id="launch.keep"),
        Binding("ctrl+l", "reload", "Reload lists", key_display="^l", show=False, id="launch.reload"),
    ]

    check: var[DataCheck] = var(DataCheck())
    form = getters.query_one(LaunchForm)
    panel = getters.query_one(EstimatePanel)

    @dataclass
    class Checked(Message):
        """The check of the files has come further."""

        progress: ValidationProgress

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LaunchScreen.Checked)

    def __init__(self) -> None:
        super().__init__()
        self._checked: tuple[object, ...] = (None, None, "", RowLimits())
        self._graded: tuple[object, ...] = (None, None, None)
        self._review_wanted = self._told_problems = False

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
        self.watch(self.app, "base_model", self.form.take_model, init=False)
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
    def _ending(self) -> Lifecycle | None:
        """The last days of the base, where they are announced."""
        return self.app.services.ending_of(self.draft.model, self.profile.name)

    @property
    def _about(self) -> tuple[Draft, DataCheck, Profile, PriceBook, Lifecycle | None, date]:
        """What the facts of the launch are drawn from."""
        return self.draft, self.check, self.profile, self.book, self._ending, self.app.today

    def fill(self, training: Path | str | None, validation: Path | str | None = None) -> None:
        """Take files into the form, local ones by path, files at the provider by id."""
        self.form.fill(training, validation)

    def load_recipe(self, recipe: Recipe) -> None:
        """Fill the form with what a recipe asks for, and name what this profile lacks for it."""
        draft, left = carried(self.app.services, recipe, self.profile, self.form.models)
        self.form.load(draft)
        if left:
            self.app.push_screen(ConfirmDialog("The recipe is filled in", left_words(left), "OK"))

    @work(group="launch.recipe", exclusive=True)
    async def action_save_recipe(self) -> None:
        """Keep the form as a recipe."""
        await save_recipe(self.app, self.draft, self.app.profile_name)

    @work(group="launch.recipe", exclusive=True)
    async def action_load_recipe(self) -> None:
        """Fill the form with a kept recipe."""
        recipe = await choose_recipe(self.app)
        if recipe is not None:
            self.load_recipe(recipe)

    def _change_profile(self, _name: str) -> None:
        left = self.form.change_profile(self.profile, self.app.services.capabilities(self.profile.name))
        if left:
            self.app.say(f"Not carried to {self.profile.name}: {'; '.join(left)}", "warning")
        self.check = self._judged(self.check)
        self._check_if_due(self.draft)
        self._estimate()

    @on(LaunchForm.ProfileChosen)
    def _choose_profile(self, event: LaunchForm.ProfileChosen) -> None:
        self.app.profile_name = event.name

    def action_reload(self) -> None:
        """Ask the provider again for its models and files."""
        self.form.reload()

    @on(LaunchForm.ListsFailed)
    def _tell_failed_lists(self, event: LaunchForm.ListsFailed) -> None:
        self.tell_notice(safe_line(event.error.message))
        if self._review_wanted and not self.check.is_running:
            self._review_wanted = False
            self.action_review()

    @on(LaunchForm.Listed)
    def _review_after_lists(self) -> None:
        self._estimate()
        if self._review_wanted and not self.check.is_running:
            self._review_wanted = False
            self.action_review()

    @on(LaunchForm.Edited)
    def _follow_draft(self, event: LaunchForm.Edited) -> None:
        self._check_if_due(event.draft)
        graded = (event.draft.training, event.draft.validation, event.draft.method)
        if graded != self._graded:
            self._graded = graded
            self._look_at_rows()
        if self._told_problems:
            self._tell_problems()
        self._estimate()

    @work(group="launch.rows", exclusive=True)
    async def _look_at_rows(self) -> None:
        self.form.sizes = await sizes_of(self.draft)
        self.form.item_fields = await item_fields_at(self.draft)

    # The check and the estimate

    @property
    def _limits(self) -> RowLimits:
        return self.app.services.row_limits(self.draft.model or None, self.profile.name)

    def _check_if_due(self, draft: Draft) -> None:
        """Check the files where they, the model or the limits of rows are others than before."""
        asked = (draft.training, draft.validation, draft.model, self._limits)
        if asked != self._checked:
            self._checked = asked
            self.check_data()

    @work(group="launch.check", exclusive=True)
    async def check_data(self) -> None:
        """Check the files of the draft on this computer."""
        self.check = DataCheck(share=0.0)
        checks = self.app.services.checks
        self.check = self._judged(await check_files(self.draft, checks, self._limits, self._tell_check))
        if self._review_wanted and not self.check.is_running and not self.form.is_listing:
            self._review_wanted = False
            self.action_review()

    def _judged(self, check: DataCheck) -> DataCheck:
        """What was found, by the rules of the profile in use; what was judged by others may be judged again."""
        from fttui.domain.dataset.ruling import Ruling

        if check.report is None:
            return check
        ruling = Ruling.of(self.profile, self.app.services.capabilities(self.profile.name))
        return replace(check, report=ruling.judge(check.report))

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
            self.panel.show(launch_facts.estimate(*self._about))

    # The way to a job

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is launched while something is; only an upload can be stopped."""
        match action:
            case "review":
                return self.sending is None
            case "stop_upload":
                return self.sending is not None and self.sending.stage in STOPPABLE
            case _:
                return True

    @on(Button.Pressed, "#review")
    def action_review(self) -> None:
        """Show everything that is about to happen, and ask."""
        if self.sending is not None:
            return
        self.form.insists = True
        wrong = [name for name, _ in self.form.problems]
        if wrong == ["model"] and self.form.is_listing:
            self._review_wanted = True
            self.tell_notice(f"The review comes as soon as {safe_line(self.profile.name, 24)} has listed its models")
        elif wrong:
            self.form.spec_form.go_to(wrong[0])
            self._tell_problems()
        elif self.check.is_running:
            self._review_wanted = True
            self.tell_notice("The review comes as soon as the file is checked")
        elif self.check.failure is not None:
            self.app.show_failure(self.check.failure)
        elif self.check.errors:
            self._offer_report()
        else:
            self.tell_notice("")
            facts = launch_facts.review(*self._about)
            spends = self.profile.dialect is not Dialect.ENGINE
            texts = equivalents(self.draft, self.profile)
            self.app.push_screen(ReviewSheet(facts, spends=spends, texts=texts), self._ask_about_the_end)

    def _tell_problems(self) -> None:
        """Say which fields need a look, for as long as they do."""
        wrong = self.form.problems
        self._told_problems = bool(wrong)
        labels = ", ".join(self.form.spec_form.label_of(name) for name, _ in wrong[:3])
        self.tell_notice(f"Needs a look: {labels}" if wrong else "")

    def tell_notice(self, words: str) -> None:
        """Say something beside the button."""
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

    def action_costs(self) -> None:
        """Show what every model would cost on the training file."""
        from fttui.ui.screens.estimate import LaunchEstimateScreen

        training, chosen = self.draft.training, self.draft.hyperparameters
        if not isinstance(training, Path):
            self.app.say("Only a file on this computer can be counted: choose one to train on")
            return
        epochs, batch = (value if isinstance(value := chosen.get(name), int) else None for name in _SIZES)
        self.app.push_screen(LaunchEstimateScreen(training, self.draft.model, epochs=epochs, batch_size=batch))

    def _ask_about_the_end(self, agreed: bool | None) -> None:
        """Ask again where the base ends before the training does, or soon after."""
        question = end_question(self.draft.model, self.profile.name, self._ending, self.app.today) if agreed else None
        if question is None:
            self._launch_if(agreed)
        else:
            self.app.push_screen(question, self._launch_if)

    def _launch_if(self, agreed: bool | None) -> None:
        # Refused rather than restarted: a second yes must never become a second job.
        if agreed and self.sending is None:
            self.sending = LaunchProgress(Stage.HASHING, source_name(self.draft.training))
            estimate = launch_facts.expectation(self.draft, self.check, self.profile, self.book)
            marked = self.app.services.capabilities(self.profile.name).limits.wants_byte_order_mark
            plan = LaunchPlan.from_draft(self.draft, self.check.hashes, estimate, marked=marked)
            self.send(plan, self.app.profile_name)

    def choose_another(self) -> None:
        """Choose another profile; the form is carried over."""
        self.form.spec_form.go_to("profile")
        self.form.ask_for("profile")

    def after_launch(self) -> None:
        """What the provider has is another now."""
        self.form.forget_lists()

    def hold(self, still: bool) -> None:
        """Keep the form still while it is sent."""
        self.form.disabled = still
