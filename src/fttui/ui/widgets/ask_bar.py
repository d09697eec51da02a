"""One line at the bottom of a screen that takes a word to filter by, to search for, or a row to go to."""

from __future__ import annotations

from dataclasses import dataclass

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static


class AskBar(Horizontal):
    """Hidden until asked; enter accepts what was typed, escape drops it."""

    DEFAULT_CSS = """
    AskBar {
        height: 1;
        display: none;
        & > Static { width: auto; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
        &.-asking { display: block; }
    }
    """
    BINDINGS = [Binding("escape", "drop", "Cancel", id="ask.cancel")]

    label = getters.query_one("Static", Static)
    text_input = getters.query_one("Input", Input)

    @dataclass
    class Typed(Message):
        """The text changed."""

        purpose: str
        text: str

    @dataclass
    class Accepted(Message):
        """Enter was pressed."""

        purpose: str
        text: str

    @dataclass
    class Dropped(Message):
        """Escape was pressed."""

        purpose: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.purpose = ""

    def compose(self) -> ComposeResult:
        yield Static(Content(""))
        yield Input(compact=True, select_on_focus=True)

    def ask(self, purpose: str, label: str, text: str = "") -> None:
        """Show the line and take the focus; `purpose` comes back with every answer."""
        self.purpose = purpose
        self.label.update(Content(f"{label} "))
        with self.prevent(Input.Changed):
            self.text_input.value = text
        self.add_class("-asking")
        self.text_input.focus()

    def close(self) -> None:
        """Hide the line."""
        self.remove_class("-asking")

    @on(Input.Changed)
    def _pass_on(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.purpose, event.value))

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        event.stop()
        self.close()
        self.post_message(self.Accepted(self.purpose, event.value))

    def action_drop(self) -> None:
        """Give up."""
        self.close()
        self.post_message(self.Dropped(self.purpose))
