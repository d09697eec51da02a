"""The seven places of the program, and the screen each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget

from fttui.ui.commands import Command
from fttui.ui.widgets.key_line import KeyLine
from fttui.ui.widgets.place_bar import PlaceBar
from fttui.ui.widgets.status_line import Status, StatusLine
from fttui.ui.widgets.too_small import TooSmall, fits

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


class Place(Enum):
    """A place, its label, and where its screen is defined; the order is that of the number keys."""

    DATA = ("data", "Data", "DataScreen")
    REPORT = ("report", "Report", "ReportScreen")
    LAUNCH = ("launch", "Launch", "LaunchScreen")
    JOBS = ("jobs", "Jobs", "JobsScreen")
    PLAYGROUND = ("playground", "Playground", "PlaygroundScreen")
    FILES = ("files", "Files", "FilesScreen")
    PROFILES = ("profiles", "Profiles", "ProfilesScreen")

    def __init__(self, key: str, label: str, screen_name: str) -> None:
        self.key = key
        self.label = label
        self.screen_name = screen_name

    @property
    def number(self) -> int:
        """The key that leads here, 1 to 7."""
        return list(Place).index(self) + 1

    def build(self) -> PlaceScreen:
        """Make the screen, importing its module when it is first wanted."""
        module = import_module(f"fttui.ui.screens.{self.key}")
        screen: PlaceScreen = getattr(module, self.screen_name)()
        return screen


class PlaceScreen(Screen[None]):
    """One place: the place bar, a body, what the program is doing, and the keys that matter.

    Subclasses set `PLACE` and `HELP`, yield their widgets from `compose_body`, declare keys as
    ``Binding(key, action, description, id="<screen>.<verb>")`` and may add palette entries in `commands`.
    """

    PLACE: ClassVar[Place]
    HELP: ClassVar[str] = ""
    """Markdown, shown by the help key above the live bindings."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (140, "-wide")]

    BINDINGS = [Binding("escape", "home", "Back", show=False, id="place.home")]

    if TYPE_CHECKING:
        # Textual's `getters.app` wants the class at import time, and the app imports this module.
        app = getters.app(FttuiApp)

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield PlaceBar([(place.number, place.label) for place in Place], self.PLACE.number)
        with Container(id="body"):
            yield from self.compose_body()
        yield StatusLine()
        yield KeyLine()

    _focused_before: Widget | None = None
    """What had the focus before the terminal became too small: what is hidden loses it."""

    def on_resize(self, event: events.Resize) -> None:
        if not fits(event.size):
            self._focused_before = self._focused_before or self.focused
            self.add_class("-too-small")
            return
        self.remove_class("-too-small")
        if self._focused_before is not None:
            self.call_after_refresh(self._focused_before.focus)
            self._focused_before = None

    def on_mount(self) -> None:
        self.watch(self.app, "status", self._show_status)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was on top."""
        if self.is_whole:
            self._show_status(self.app.status)

    def _show_status(self, status: Status) -> None:
        # A change on a screen below makes Textual paint the one on top all over again.
        if self.is_active:
            self.query_one(StatusLine).status = status

    def compose_body(self) -> ComposeResult:
        """What stands between the place bar and the status line."""
        yield from ()

    @property
    def is_whole(self) -> bool:
        """Whether all its widgets are there: not before it is mounted, and no longer once it begins to close."""
        return self.is_mounted and self.display

    def commands(self) -> Iterator[Command]:
        """Palette entries besides the screen's bindings, titled ``Noun: Verb object``."""
        yield from ()

    def action_home(self) -> None:
        """One step home: out of a screen on top of a place, else to the Data place."""
        self.app.step_home()


class OpensFiles(Protocol):
    """The Data place."""

    def open_file(self, path: Path, line: int | None, place: str) -> None:
        """Show a data set, at a row and a place in it."""
        ...


class ShowsReports(Protocol):
    """The Report place."""

    def offer_file(self, path: Path) -> None:
        """Validate a data set, unless one was validated here before."""
        ...

    def show_file(self, path: Path, valid: Path | None) -> None:
        """Validate a data set and show what was found."""
        ...


class FillsForms(Protocol):
    """The Launch place."""

    def fill(self, training: Path | str | None, validation: Path | str | None) -> None:
        """Take files, local or by id at the provider, into the form."""
        ...


class ChoosesModels(Protocol):
    """The Playground place."""

    def choose(self, model: str, profile: str | None) -> None:
        """Talk to a model from now on."""
        ...
