"""The app: places, global keys, themes, and what every screen may ask of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import events, work
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.reactive import var
from textual.theme import Theme

from fttui.domain.errors import FttuiError
from fttui.domain.profiles.states import EnginePhase
from fttui.domain.text import safe_line
from fttui.services.clock import SystemClock
from fttui.services.crash import crash_text, write_crash_report
from fttui.ui import clipboard, failures
from fttui.ui.ascii_filter import AsciiFilter
from fttui.ui.commands import Command, CommandProvider
from fttui.ui.driver import SteadyDriver
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.safe_filter import SafeFilter
from fttui.ui.status_words import engine_words, key_words
from fttui.ui.terminal import is_slow_line, must_be_ascii
from fttui.ui.themes import DARK, OWN
from fttui.ui.ways import WaysApp
from fttui.ui.widgets.status_line import Status

if TYPE_CHECKING:
    from fttui.domain.settings import Settings
    from fttui.services.container import Services
    from fttui.services.ports import Clock

ENGINE_SECONDS = 15.0
"""How often the engine's state is looked at; where it runs that is one small request on this computer."""
STARTING_SECONDS = 1.0
"""The same while the engine starts, which is soon over."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the person asked for on the command line."""

    file: Path | None = None
    profile: str | None = None
    place: Place = Place.DATA
    ascii_only: bool = False
    slow: bool = False


class FttuiApp(WaysApp):
    """The workbench.

    Args:
        services: the outside world.
        start: what to open first.
    """

    TITLE = "fttui"
    # The first screen's rules come with the app's: reading them apart would parse everything twice more.
    CSS_PATH = ["styles/app.tcss", "styles/data.tcss"]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]
    COMMANDS = {CommandProvider}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMAND_PALETTE_DISPLAY = "^p"
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", key_display="?", id="app.help"),
        Binding("ctrl+p", "command_palette", "Menu", key_display="^p", priority=True, id="app.palette"),
        Binding("q,ctrl+q", "quit", "Quit", key_display="q", id="app.quit"),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="app.suspend"),
        *(
            Binding(str(place.number), f"visit('{place.key}')", f"Go to {place.label}", False, id=f"app.{place.key}")
            for place in Place
        ),
    ]

    base_model: var[str] = var("")
    """The base in hand at the profile in use: data is judged by its limits and prices, and Launch begins with it."""
    running: var[str] = var("")
    """What is running, in a few words, for the status line."""
    condition: var[str] = var("")
    """A condition that lasts, such as being offline, for the status line."""
    status: var[Status] = var(Status())

    def __init__(self, services: Services, start: Start | None = None) -> None:
        self.start = start or Start()
        self.DEFAULT_MODE = self.start.place.key  # type: ignore[misc]  # Textual reads it of the instance
        super().__init__(driver_class=SteadyDriver)
        self.services = services
        self.clock: Clock = SystemClock()
        self._started_at = self.clock.now()
        settings = services.settings
        self.ascii_only = self.start.ascii_only or settings.ascii or must_be_ascii(services.environ)
        """Whether plots and rules must do without drawing characters; the last filter sees to the rest."""
        self.cursors_blink = not (self.start.slow or is_slow_line(services.environ))
        """Whether the cursor of a text input blinks; each blink is a write to the terminal."""
        self.safe_filter = SafeFilter()
        # Textual has no public way to add a filter; a test fails when this moves.
        self._filters.append(self.safe_filter)
        if self.ascii_only:
            self._filters.append(AsciiFilter())
        for theme in OWN:
            self.register_theme(theme)
        self.theme = settings.theme if settings.theme in self.available_themes else DARK.name
        self.set_reactive(FttuiApp.profile_name, self.start.profile or services.profile().name)
        self.set_reactive(FttuiApp.status, Status(self.profile_name))
        self.set_reactive(FttuiApp.base_model, services.recents.base_at(self.profile_name))
        self.set_keymap(settings.keymap)

    @property
    def today(self) -> date:
        """The day in UTC."""
        return datetime.fromtimestamp(self.clock.now(), UTC).date()

    def get_default_screen(self) -> PlaceScreen:
        """The Data place, where the program begins."""
        return Place.DATA.build()

    def on_mount(self) -> None:
        self.add_mode(Place.DATA.key, Place.DATA.build)
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        # Back from the shell the terminal shows an empty screen, and only what changes would be drawn.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.set_interval(ENGINE_SECONDS, self._ask_engine)
        self.call_after_refresh(self._restore)
        if self.services.settings.keymap:
            self._look_at_keymap()
        if self.services.settings.theme not in self.available_themes:
            self.say(f"There is no theme {self.services.settings.theme}; {DARK.name} is used", "warning")

    def _restore(self) -> None:
        self.refresh_status()
        file = self.start.file or self.services.recents.last_file
        if self.start.file is not None or self.start.place is Place.DATA:
            if file is not None:
                self.open_dataset(file)
        else:
            self.dataset = file

    def _handle_exception(self, error: Exception) -> None:
        # Textual mounts a screen that opens while the app is being quit without its children, which then are missed.
        # There is no public way to know; a test fails when this moves.
        if (self._exit or not self._running) and isinstance(error, NoMatches):
            return
        super()._handle_exception(error)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        # Inputs and text areas have it; their classes are not imported for this alone.
        if hasattr(event.widget, "cursor_blink"):
            setattr(event.widget, "cursor_blink", self.cursors_blink)  # noqa: B010 - known by its name alone

    @work(group="app.theme", exclusive=True)
    async def _keep_theme(self, theme: Theme) -> None:
        if theme.name != self.services.settings.theme:
            await self.change_settings(lambda settings: replace(settings, theme=theme.name))

    @work(group="app.keymap")
    async def _look_at_keymap(self) -> None:
        from fttui.ui.keymap import faults

        for fault in await asyncio.to_thread(faults, self.services.settings.keymap):
            self.say(fault, "warning")

    async def change_settings(self, change: Callable[[Settings], Settings]) -> bool:
        """Change the settings on disk and here; a failure is shown, and False returned."""
        try:
            await asyncio.to_thread(self.services.change_settings, change)
        except FttuiError as error:
            self.show_failure(error)
            return False
        return True

    # Telling

    def say(self, message: str, severity: Literal["information", "warning", "error"] = "information") -> None:
        """Tell something in one line that goes away by itself."""
        self.notify(safe_line(message), severity=severity, markup=False)

    def show_failure(self, error: FttuiError) -> None:
        """Tell what went wrong, on the surface that suits it."""
        failures.show(self, error)

    @work(group="app.copy", exclusive=True)
    async def copy_text(self, text: str, what: str) -> None:
        """Send a text to the clipboard and say how it went.

        Args:
            text: what is copied, as it is.
            what: names it in the message, such as `the job id`.
        """
        if await clipboard.by_tmux(text):
            route = clipboard.Route.TMUX
        elif clipboard.fits_terminal(text):
            self.copy_to_clipboard(text)
            route = clipboard.Route.TERMINAL
        else:
            route = clipboard.Route.NONE
        self.say(f"Sent {what} {route.value}", "warning" if route is clipboard.Route.NONE else "information")

    def action_help(self) -> None:
        """Show help for what has the focus."""
        from fttui.ui.help import HelpDialog

        self.push_screen(HelpDialog(self.screen))

    def commands(self) -> Iterator[Command]:
        """Palette entries that belong to no screen."""
        yield Command("Theme: Choose theme", "Change the colours", self.search_themes)
        yield Command("Costs: Show costs", "What training cost, by job, profile and month", self.action_show_costs)

    # Status

    def refresh_status(self) -> None:
        """Ask again how the key and the engine are; call after a change that one of them may have seen."""
        self._ask_key()
        self._ask_engine()

    @work(group="app.key", exclusive=True)
    async def _ask_key(self) -> None:
        try:
            profile = self.services.profile(self.profile_name)
            key = key_words(profile, await self.services.keys.find(profile))
        except FttuiError as error:
            key = error.message
        self.status = replace(self.status, key=key)

    @work(group="app.engine", exclusive=True)
    async def _ask_engine(self) -> None:
        state = await self.services.engine.state()
        self.status = replace(self.status, engine=engine_words(state))
        if state.phase is EnginePhase.STARTING:
            self.set_timer(STARTING_SECONDS, self._ask_engine)

    def watch_profile_name(self) -> None:
        self.status = replace(self.status, profile=self.profile_name, key="")
        self.base_model = self.services.recents.base_at(self.profile_name)
        if self.is_running:
            self.refresh_status()

    def watch_running(self) -> None:
        self.status = replace(self.status, running=self.running)

    def watch_condition(self) -> None:
        self.status = replace(self.status, condition=self.condition)

    # The end

    async def action_quit(self) -> None:
        """Leave, and say in the shell which jobs go on."""
        from fttui.ui.farewell import going_on

        self.exit(message=await going_on(self.services, self._started_at))

    def _fatal_error(self) -> None:
        """Write a report without locals or keys in place of Textual's, which prints both."""
        error = self._exception or sys.exc_info()[1]
        cause = getattr(error, "error", None)
        error = cause if isinstance(cause, BaseException) else error
        if error is not None:
            report = write_crash_report(self.services.paths.logs, error)
            words = [crash_text(error)]
            words += [f"This is a fault in fttui. The report is kept in {report}."] if report else []
            self._exit_renderables.append(Text("\n".join(words), overflow="fold"))
        self._close_messages_no_wait()
