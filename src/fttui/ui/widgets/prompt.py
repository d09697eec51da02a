"""Where a question is typed: several lines if need be, sent with one key."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widgets import TextArea


class Prompt(TextArea):
    """A box for the next question; enter sends it, ctrl+j starts a new line."""

    DEFAULT_CSS = """
    Prompt {
        height: auto;
        min-height: 3;
        max-height: 8;
    }
    """

    BINDINGS = [
        Binding("enter", "send", "Send", id="prompt.send"),
        Binding("ctrl+j", "new_line", "New line", show=False, id="prompt.new-line"),
    ]

    @dataclass
    class Sent(Message):
        """A question is to be asked."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", compact=False)
        self.placeholder = "Ask the model…"

    def hand_back(self, question: str) -> None:
        """Show a question to be edited, the cursor at its end."""
        self.text = question
        self.move_cursor(self.document.end)

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]  # Textual calls each class's own
        """Send in the order of typing: a priority binding would overtake letters that are still on their way."""
        if event.key in ("enter", "ctrl+j"):
            event.prevent_default()
            event.stop()
            if event.key == "enter":
                self.action_send()
            else:
                self.action_new_line()

    def action_send(self) -> None:
        """Post what was typed, unless it is nothing."""
        if self.text.strip():
            self.post_message(self.Sent(self.text.strip()))

    def action_new_line(self) -> None:
        """Start a new line in the question."""
        self.insert("\n")
