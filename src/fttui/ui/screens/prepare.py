"""Prepare: the fixes that a training file calls for, to be looked at one by one and made together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import ContentSwitcher, Static

from fttui.domain.dataset.encodings import example_limit
from fttui.domain.dataset.preparation.catalogue import RECOMMENDED, REQUIRED
from fttui.domain.dataset.preparation.plan import Plan
from fttui.domain.errors import FttuiError
from fttui.services.dataset.preparing.frames import Progress
from fttui.services.dataset.preparing.names import free_names
from fttui.services.dataset.preparing.work import prepare_file, survey_file
from fttui.ui import prepare_words, present
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.prepare_dialog import PrepareDialog
from fttui.ui.prepare_settings import PrepareSettings
from fttui.ui.widgets.difference_view import DifferenceView
from fttui.ui.widgets.fix_list import FixList
from fttui.ui.widgets.line_list import LineList
from fttui.ui.widgets.notice import Notice
from fttui.ui.widgets.working import Working

_PAUSE = 0.3
"""Seconds in which more boxes may be ticked before the file is gone through again."""


class State(StrEnum):
    """What the screen shows; also the ids of its parts."""

    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class PrepareScreen(PlaceScreen):
    """Surveys a file, lets a person choose, and writes new files.

    Args:
        path: the file.
        valid: the validation file whose rows must not be in the result, if there is one.
        model: whose token limit applies; empty for none.
    """

    PLACE = Place.REPORT
    CSS_PATH = "../styles/prepare.tcss"
    AUTO_FOCUS = ""
    HELP = """\
# Prepare

Every fix that the file calls for, in the order in which they are made: first the form of lines and rows, then what
they say, then rows that cannot stay, then copies and leaks, then balance. `[x]` is made, `[ ]` is not, `[=]` always is.
`~12` changes twelve rows, `-12` drops them. Beside the list stand rows before and after; secrets are masked there.

`space` turns a fix on or off, and the counts are taken anew, because fixes build on one another. `s` sets the split,
a token limit, a system prompt. `w` shows which files will be written, and asks. The file itself is never changed.
`I` imports a file whose rows are of another shape.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "Write", tooltip="Write new files with these fixes", id="prepare.write"),
        Binding("s", "settings", "Split, settings", tooltip="Split, limits, system prompt", id="prepare.settings"),
        Binding("d", "defaults", "Defaults", tooltip="The fixes that are on by default", id="prepare.defaults"),
        Binding("I", "import", "Import", show=False, tooltip="Make training rows of the file", id="prepare.import"),
        Binding("r", "again", "Again", show=False, tooltip="Go through the file again", id="prepare.again"),
        Binding("tab", "app.focus_next", "Other side", show=False, id="prepare.other-side"),
        Binding("escape", "home", "Stop or back", show=False, id="prepare.stop"),
    ]

    state: reactive[State] = reactive(State.WORKING, bindings=True, init=False)

    switcher = getters.query_one(ContentSwitcher)
    fixes = getters.query_one(FixList)
    difference = getters.query_one(DifferenceView)
    working = getters.query_one(Working)
    notice = getters.query_one(Notice)

    def __init__(self, path: Path, valid: Path | None = None, model: str = "") -> None:
        super().__init__()
        self.path = path
        self.model = model
        self.settings = PrepareSettings(against=str(valid) if valid is not None else "")
        self.accepted = RECOMMENDED
        self.plan: Plan | None = None
        self._writing = False

    def compose_body(self) -> ComposeResult:
        with ContentSwitcher(initial=State.WORKING):
            yield Working(id=State.WORKING)
            with Vertical(id=State.READY):
                yield Static(Content(""), id="summary")
                yield Static(Content(""), id="split")
                with Container(id="columns"):
                    with Vertical(id="left"):
                        yield FixList(id="fixes")
                        yield Static(Content(""), id="reason")
                    yield DifferenceView(id="rows")
                yield Static(Content(""), id="note")
            yield Notice(id=State.FAILED)

    def on_mount(self) -> None:
        services = self.app.services
        own, images = services.settings.example_tokens, services.row_limits(None, self.app.profile_name).images
        limited = self.model if example_limit(self.model, own) is not None else ""
        self.settings = replace(self.settings, limit=limited, own_tokens=own, own_images=images)
        self._survey()

    def watch_state(self, state: State) -> None:
        self.switcher.current = state
        self.set_focus(self.fixes if state is State.READY else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "write" | "settings" | "defaults":
                return self.state is State.READY
            case "again" | "import":
                return self.state is not State.WORKING
            case _:
                return super().check_action(action, parameters)

    # Looking

    @work(group="prepare.survey", exclusive=True)
    async def _survey(self, pause: float = 0.0) -> None:
        await asyncio.sleep(pause)
        self._begin("Looking at", "Every row is taken through every fix; esc stops.")
        try:
            self.plan = await survey_file(self.settings.order(self.path, self.accepted), self._tell)
        except FttuiError as error:
            self.notice.say_failure(error, "r tries again; escape goes back to the report.")
            self.state = State.FAILED
        else:
            self._show_plan(self.plan)
            self.state = State.READY
        finally:
            self.app.running = ""

    def _begin(self, doing: str, words: str) -> None:
        self.app.running = f"{doing.lower()} {self.path.name}"
        self.working.begin(f"{doing} {self.path.name}", words)

    def _tell(self, progress: Progress) -> None:
        if not self.is_whole:
            return
        self.working.tell(progress.done, progress.total)
        if self.state is State.READY:
            share = progress.done / progress.total if progress.total else 1.0
            self._say_split(f"counting again, {present.percent(share)}")

    def _show_plan(self, plan: Plan) -> None:
        words = prepare_words.summary(plan)
        if not any(entry.mends for entry in plan.fixes):
            words += " · nothing to mend"
        self.query_one("#summary", Static).update(Content(words))
        note = self.query_one("#note", Static)
        note.update(Content("\n").join(prepare_words.note_lines(plan)))
        note.display = bool(plan.notes)
        self._say_split()
        self.fixes.show(plan, self.accepted)
        self._show_current()

    def _say_split(self, busy: str = "") -> None:
        if self.plan is not None:
            words = busy or prepare_words.split_line(self.plan, self.settings.split)
            self.query_one("#split", Static).update(Content.assemble(("Split  ", "$text-muted"), words))

    @on(LineList.Highlighted)
    def _follow_cursor(self, event: LineList.Highlighted) -> None:
        event.stop()
        self._show_current()

    def _show_current(self) -> None:
        entry = self.fixes.current
        self.difference.entry = entry
        self.query_one("#reason", Static).update(Content(prepare_words.reason(entry) if entry is not None else ""))

    # Choosing

    @on(FixList.Toggled)
    def _toggle(self, event: FixList.Toggled) -> None:
        code = event.code
        if code in REQUIRED:
            self.app.say("This is done whenever a file is written")
        elif code == "add-system-prompt" and not self.settings.system:
            self._ask_settings("system")
        else:
            self._want(self.accepted ^ {code})

    def _want(self, accepted: frozenset[str]) -> None:
        self.accepted = accepted
        self.fixes.tick(accepted)
        self._say_split("counting again")
        self._survey(_PAUSE)

    def action_defaults(self) -> None:
        """Want the fixes that are on by default."""
        self._want(RECOMMENDED | ({"add-system-prompt"} if self.settings.system else frozenset()))

    def action_settings(self) -> None:
        """Set the split and what fixes need to know."""
        self._ask_settings("amount")

    @work(group="prepare.ask", exclusive=True)
    async def _ask_settings(self, first: str) -> None:
        settings = await self.app.push_screen_wait(PrepareDialog(self.settings, first))
        if settings is None or settings == self.settings:
            return
        asked_for_prompt = bool(settings.system) and settings.system != self.settings.system
        self.settings = settings
        if asked_for_prompt:
            self.accepted |= {"add-system-prompt"}
        elif not settings.system:
            self.accepted -= {"add-system-prompt"}
        self._want(self.accepted)

    def action_again(self) -> None:
        """Go through the file once more."""
        self.state = State.WORKING
        self._survey()

    def action_import(self) -> None:
        """Make training rows of the file, where its rows are of another shape."""
        from fttui.ui.screens.import_ import ImportScreen

        self.app.push_screen(ImportScreen(self.path))

    def action_home(self) -> None:
        """Stop what is running, else go back to the report."""
        if self._writing:
            self.workers.cancel_group(self, "prepare.write")
        else:
            self.workers.cancel_group(self, "prepare.survey")
            super().action_home()

    # Writing

    @work(group="prepare.write", exclusive=True)
    async def action_write(self) -> None:
        """Show what will be written, ask, and write it."""
        plan, split = self.plan, self.settings.split
        if plan is None:
            return
        if not split and not any(entry.count and entry.fix.code in self.accepted for entry in plan.fixes):
            self.app.say("Nothing would change: turn a fix on, or set a split with s")
            return
        names = await asyncio.to_thread(free_names, self.path.parent, self.path, split=split is not None)
        body = prepare_words.sheet(plan, self.accepted, names, Path.home())
        if not await self.app.push_screen_wait(ConfirmDialog("Write new files?", body, "Write")):
            return
        self.workers.cancel_group(self, "prepare.survey")
        await self._write()

    async def _write(self) -> None:
        self._writing = True
        self._begin("Writing beside", "The files appear when all of them are whole; esc stops.")
        self.state = State.WORKING
        try:
            outcome = await prepare_file(self.settings.order(self.path, self.accepted), self._tell)
        except FttuiError as error:
            self.state = State.READY
            self.app.show_failure(error)
            return
        except asyncio.CancelledError:
            self.state = State.READY
            self.app.say("Stopped; nothing was written")
            raise
        finally:
            self._writing = False
            self.app.running = ""
        if outcome.training is None:
            self.state = State.READY
            self.app.say("Nothing would change, so nothing was written")
            return
        names = " and ".join(path.name for path, _ in outcome.outputs)
        self.app.say(f"{names} lay there already, the same" if outcome.repeated else f"Wrote {names}")
        self.app.new_file = outcome.training
        self.app.show_report(outcome.training, outcome.validation)
