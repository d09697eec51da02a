"""Estimate: what training every model would cost on a file, side by side, and what using it costs afterwards."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import ContentSwitcher, Static

from fttui.domain.errors import FttuiError
from fttui.domain.jobs import estimate_words as words
from fttui.domain.jobs.model_estimate import EstimateSheet
from fttui.domain.jobs.token_survey import TokenSurvey
from fttui.domain.jobs.training_time import Pace
from fttui.domain.text import safe_line
from fttui.services.jobs.estimating import (
    Trainers,
    Wanted,
    ask_trainers,
    books_of,
    count_file,
    estimate_sheet,
    pace_here,
    profiles_for,
    today_of,
)
from fttui.ui import present
from fttui.ui.cells import cut
from fttui.ui.estimate_facts import model_facts
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.widgets.estimate_list import EstimateList, heading
from fttui.ui.widgets.estimate_panel import EstimatePanel
from fttui.ui.widgets.line_list import LineList
from fttui.ui.widgets.notice import Notice
from fttui.ui.widgets.working import Working


class State(StrEnum):
    """What the screen shows; also the ids of its parts."""

    COUNTING = "counting"
    READY = "ready"
    FAILED = "failed"


class EstimateScreen(PlaceScreen):
    """Counts a file once, and tells of every model what training on it takes.

    Args:
        path: the training file.
        model: the model in hand; empty for none.
        epochs: as typed; the provider's own choice if absent.
        batch_size: likewise.
    """

    PLACE = Place.REPORT
    CSS_PATH = "../styles/estimate.tcss"
    AUTO_FOCUS = ""
    HELP = """\
# Estimate

Every base that the profile in use trains on these rows, side by side: tokens of an epoch as the model reads them,
steps, what training costs, how many rows are cut at the model's limit, and what the tuned model costs to use beside its
base. `●` is the model in hand. A price that is not known is said so; prices carry the day on which they were looked at,
and `[prices."model"]` in the settings goes before them.

Below stands everything about the model under the cursor. *Shorter* is what leaving out instructions that the rows
repeat would save, and after how many requests training is paid back by shorter prompts.

`enter` takes a model in hand, for Report and Launch. `s` sets epochs, batch size and the traffic to reckon with. `a`
shows the models of all profiles.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "settings", "Traffic, epochs", tooltip="Epochs, batch size, requests", id="estimate.settings"),
        Binding("a", "everyone", "All profiles", tooltip="Models of all profiles, or of this one", id="estimate.all"),
        Binding("m", "type_model", "Other model", tooltip="A model by its name", id="estimate.model"),
        Binding("y", "copy", "Copy command", show=False, tooltip="The same on the command line", id="estimate.copy"),
        Binding("r", "again", "Again", show=False, tooltip="Count the file again", id="estimate.again"),
        Binding("tab", "app.focus_next", "Facts", show=False, tooltip="To the facts and back", id="estimate.facts"),
        Binding("escape", "home", "Stop or back", show=False, id="estimate.back"),
    ]

    state: reactive[State] = reactive(State.COUNTING, bindings=True, init=False)

    switcher = getters.query_one(ContentSwitcher)
    models = getters.query_one(EstimateList)
    panel = getters.query_one(EstimatePanel)
    working = getters.query_one(Working)
    notice = getters.query_one(Notice)

    def __init__(
        self, path: Path, model: str = "", *, epochs: int | None = None, batch_size: int | None = None
    ) -> None:
        super().__init__()
        self.path = path
        self.everyone = False
        self.sheet: EstimateSheet | None = None
        self._wanted = Wanted((), model, epochs, batch_size)
        self._survey: TokenSurvey | None = None
        self._trainers = Trainers(())
        self._pace: dict[str, Pace] = {}

    def compose_body(self) -> ComposeResult:
        with ContentSwitcher(initial=State.COUNTING):
            yield Working(id=State.COUNTING)
            with Vertical(id=State.READY):
                yield Static(Content(""), id="about")
                yield Static(Content(""), id="heading")
                yield EstimateList()
                with VerticalScroll(id="facts"):
                    yield EstimatePanel()
                    yield Static(Content(""), id="notes")
            yield Notice(id=State.FAILED)

    def on_mount(self) -> None:
        self.watch(self.app, "profile_name", self._count_for_profile)

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out anew."""
        self.call_after_refresh(self._draw)

    def watch_state(self, state: State) -> None:
        self.switcher.current = state
        self.set_focus(self.models if state is State.READY else None)

    # Counting

    def _count_for_profile(self, _name: str) -> None:
        self.count_again()

    @work(group="estimate.count", exclusive=True)
    async def count_again(self, *, anew: bool = False) -> None:
        """Count the file for the models that are wanted; one that has not changed only where that is asked for."""
        self.state = State.COUNTING
        self.working.begin(f"Counting {self.path.name}", "Every row is counted as the models read it; esc stops.")
        self.app.running = f"counting {self.path.name}"
        services = self.app.services
        try:
            profiles = profiles_for(services, self.app.profile_name, everyone=self.everyone)
            self._wanted = replace(self._wanted, profiles=profiles)
            self._trainers = await ask_trainers(services, self._wanted)
            self._pace = dict(await pace_here(services))
            today = today_of(services)
            self._survey = await count_file(
                *(self.path, self._wanted, self._trainers, today, self.working.tell), memory=services.surveys, anew=anew
            )
        except FttuiError as error:
            self.notice.say_failure(error, "r tries again; escape goes back.")
            self.state = State.FAILED
        else:
            self._reckon()
            self.state = State.READY
        finally:
            self.app.running = ""

    def action_home(self) -> None:
        """Stop counting, and go back."""
        self.workers.cancel_group(self, "estimate.count")
        super().action_home()

    # Showing

    def _reckon(self) -> None:
        """Make the sheet of what was counted, and show it."""
        if self._survey is None:
            return
        services = self.app.services
        self.sheet = estimate_sheet(
            *(self.path, self._survey, self._wanted, self._trainers, books_of(services), today_of(services)),
            self._pace,
            services.settings.example_tokens,
        )
        self.models.show(self.sheet)
        self._draw()

    def _draw(self) -> None:
        sheet = self.sheet
        if sheet is None or not self.is_whole:
            return
        width = self.models.size.width or self.size.width
        survey = sheet.survey
        kind = survey.format.value if survey.format is not None else "unknown format"
        rows = f"{present.count(survey.usable)} of {present.counted(survey.examples, 'row')} usable"
        lines = [f"{safe_line(self.path.name, 40)} · {kind} · {rows}"]
        if repeated := " · ".join(words.shared_words(sheet)):
            lines.append(f"Repeated: {repeated}")
        paid = next((one for one in sheet.models if one.chosen and not one.free), None)
        paid = paid or next((one for one in sheet.models if not one.free and one.epochs), None)
        if paid is not None:
            lines.append(f"Tuned, Base: {words.traffic_words(sheet, paid)}")
        self.query_one("#about", Static).update(Content("\n".join(cut(line, width - 2) for line in lines)))
        self.query_one("#heading", Static).update(Content(heading(width)))
        self._explain()

    @on(LineList.Highlighted)
    def _explain(self) -> None:
        sheet, one = self.sheet, self.models.current
        if sheet is None:
            return
        self.panel.show(model_facts(sheet, one) if one is not None else ())
        sources = [f"Prices: {source}" for source in sheet.sources]
        self.query_one("#notes", Static).update(Content("\n".join(map(safe_line, (*sources, *sheet.notes)))))

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "settings" | "everyone" | "type_model" | "copy":
                return self.state is State.READY
            case "again":
                return self.state is not State.COUNTING
            case _:
                return super().check_action(action, parameters)

    @on(LineList.Chosen)
    def _choose(self, event: LineList.Chosen) -> None:
        event.stop()
        one = self.models.current
        if one is not None:
            self._take(one.model, one.provider)

    def _take(self, model: str, provider: str) -> None:
        """Take a model in hand; one of another profile takes that profile along."""
        self._wanted = replace(self._wanted, model=model)
        moved = provider != self.app.profile_name
        if moved:
            self.app.profile_name = provider
        self.app.take_base(model)
        self.app.say(f"{model} is the model in hand" + (f", at {provider}" if moved else ""))
        if not moved:
            self._recount_or_reckon()

    def _recount_or_reckon(self) -> None:
        counted = self._survey.models if self._survey is not None else ()
        if self._wanted.model and self._wanted.model not in counted:
            self.count_again()
        else:
            self._reckon()

    @work(group="estimate.ask", exclusive=True)
    async def action_settings(self) -> None:
        """Ask for epochs, batch size and traffic."""
        from fttui.ui.estimate_dialog import EstimateDialog

        wanted = await self.app.push_screen_wait(EstimateDialog(self._wanted))
        if wanted is not None:
            self._wanted = wanted
            self._reckon()

    @work(group="estimate.ask", exclusive=True)
    async def action_type_model(self) -> None:
        """Ask for a model by name."""
        from fttui.ui.dialogs import PromptDialog

        typed = await self.app.push_screen_wait(PromptDialog("Another model", "Name", self._wanted.model))
        if typed and typed.strip():
            self._take(typed.strip(), self.app.profile_name)

    def action_everyone(self) -> None:
        """Show the models of all profiles, or of the one in use."""
        shown = {profile.name for profile in self._wanted.profiles}
        if not self.everyone and shown.issuperset(profile.name for profile in self.app.services.settings.profiles):
            self.app.say("All profiles stand here already")
            return
        self.everyone = not self.everyone
        self.count_again()

    def action_again(self) -> None:
        """Count the file again."""
        self.count_again(anew=True)

    def action_copy(self) -> None:
        """Copy the same question as a command."""
        from fttui.ui.estimate_command import command_line

        line = command_line(self.path, self._wanted, self.app.profile_name, everyone=self.everyone)
        self.app.copy_text(line, "the command")


class LaunchEstimateScreen(EstimateScreen):
    """The same on top of the Launch form."""

    PLACE = Place.LAUNCH
