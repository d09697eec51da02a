"""Takes an API key: hidden as it is typed, gone from the screen as soon as it was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fttui.domain.profiles.checks import read_key, sends_key_in_the_clear
from fttui.domain.profiles.profile import Profile
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import KeyStoreState
from fttui.domain.text import safe, safe_line
from fttui.ui.widgets.field import Field


@dataclass(frozen=True, slots=True)
class GivenKey:
    """A key and whether it is to be kept."""

    key: Secret
    keep: bool


class KeyDialog(ModalScreen[GivenKey | None]):
    """Asks for the key of a profile, and whether to keep it.

    Args:
        profile: whose key.
        store: how the key store is; where it cannot be used, keys are for this session only.
    """

    HELP = """
Type or paste the key and press `enter`. It is hidden, cannot be copied from here, and goes to this profile's address
alone. A key that is kept goes to the key store of the system, never to a file of this program.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="key.cancel")]

    def __init__(self, profile: Profile, store: KeyStoreState) -> None:
        super().__init__()
        self._profile = profile
        self._store = store

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(f"Key for {safe_line(self._profile.name)}")
            yield Static(Content(safe(self._about())), classes="dialog-body")
            yield Field("API key", check=_problem, secret=True)
            with Horizontal(classes="dialog-buttons"):
                if self._store.usable:
                    yield Button("Keep", variant="primary", id="keep")
                yield Button("This session only", id="session")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.query_one(Field).focus_input()

    def _about(self) -> str:
        lines = [f"It will be sent to {self._profile.host} and nowhere else."]
        if sends_key_in_the_clear(self._profile):
            lines.append("Careful: this address has no TLS, so the key crosses the network in the clear.")
        if self._store.usable:
            lines.append(f"Keep puts it into {self._store.backend}.")
        else:
            lines.append(f"It cannot be kept here: {self._store.reason or 'there is no key store'}.")
        return "\n".join(lines)

    @on(Field.Submitted)
    def _take_the_usual(self) -> None:
        self._give(keep=self._store.usable)

    @on(Button.Pressed, "#keep")
    def _take_to_keep(self) -> None:
        self._give(keep=True)

    @on(Button.Pressed, "#session")
    def _take_for_now(self) -> None:
        self._give(keep=False)

    def _give(self, *, keep: bool) -> None:
        field = self.query_one(Field)
        if not field.validate_now() or not field.value:
            field.problem = field.problem or "The key is empty"
            return
        self.dismiss(GivenKey(read_key(field.take()), keep))

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Take nothing."""
        self.query_one(Field).take()
        self.dismiss(None)


def _problem(typed: str) -> str | None:
    if not typed:
        return None
    try:
        read_key(typed)
    except ValueError as error:
        return str(error)
    return None
