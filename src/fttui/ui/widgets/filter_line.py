"""A line to narrow a list down with; it comes with `/` and goes with escape."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input


class FilterLine(Input):
    """Tells at every key what is looked for; enter keeps it and goes to the list, escape gives it up."""

    DEFAULT_CSS = """
    FilterLine { display: none; height: 1; padding: 0 1; }
    FilterLine.-shown { display: block; }
    """
    BINDINGS = [
        Binding("escape", "give_up", "Show all", id="filter.clear"),
        Binding("down", "leave", "To the list", show=False, id="filter.leave"),
    ]

    @dataclass
    class Narrowed(Message):
        """Something else is looked for; empty means everything."""

        text: str

    @dataclass
    class Left(Message):
        """The cursor is to go to the list."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(placeholder="part of a name, a model, a status", compact=True, id=id)
        # A screen that is new gives the focus to the first that takes it, before styles hide anything.
        self.can_focus = False

    def open(self) -> None:
        """Come up and take the cursor."""
        self.can_focus = True
        self.add_class("-shown")
        self.focus()

    def _hide(self) -> None:
        self.remove_class("-shown")
        self.can_focus = False

    @on(Input.Changed)
    def _tell(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Narrowed(event.value.strip()))

    @on(Input.Submitted)
    def action_leave(self) -> None:
        """Go to the list with the filter on; an empty filter goes away."""
        if not self.value.strip():
            self._hide()
        self.post_message(self.Left())

    def action_give_up(self) -> None:
        """Show everything again."""
        self.value = ""
        self._hide()
        self.post_message(self.Left())
