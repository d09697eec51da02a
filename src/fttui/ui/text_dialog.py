"""Asks for a text of several lines."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, TextArea

from fttui.domain.text import safe, safe_line


class TextDialog(ModalScreen[str | None]):
    """Asks for a text of several lines; None when it is to stay as it is.

    Args:
        title: what the text is for.
        text: what stands there at first.
    """

    HELP = "`enter` starts a new line, `tab` leads to the buttons, `escape` leaves the text as it was."

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="text.cancel")]

    area = getters.query_one(TextArea)

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -text") as box:
            box.border_title = Content(safe_line(self._title))
            yield TextArea(safe(self._text), soft_wrap=True, tab_behavior="focus")
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.area.focus()
        self.area.move_cursor(self.area.document.end)

    @on(Button.Pressed, "#ok")
    def accept(self) -> None:
        """Hand the text over."""
        self.dismiss(self.area.text)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leave the text as it is."""
        self.dismiss(None)
