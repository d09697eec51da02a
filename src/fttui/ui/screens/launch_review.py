"""The sheet that says what is about to happen, before anything does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button

from fttui.ui.launch_facts import Fact
from fttui.ui.widgets.estimate_panel import EstimatePanel

NAME_CELLS = 15


class ReviewSheet(ModalScreen[bool]):
    """Names the file, the model, the settings, the cost and where the data goes, and asks.

    Args:
        facts: what is about to happen.
        spends: it may cost money, so that the cursor starts on the answer that does nothing.
    """

    HELP = "Read what will happen. The buttons answer; `escape` goes back to the form and nothing is sent."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Back to the form", id="review.back"),
        Binding("left,h", "app.focus_previous", "Other button", show=False, id="review.previous"),
        Binding("right,l", "app.focus_next", "Other button", show=False, id="review.next"),
    ]

    def __init__(self, facts: Sequence[Fact], *, spends: bool) -> None:
        super().__init__()
        self._facts = facts
        self._spends = spends

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Launch this job?"
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield EstimatePanel(name_cells=NAME_CELLS)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Launch", variant="primary", id="launch")
                yield Button("Not yet", id="back")

    def on_mount(self) -> None:
        self.query_one(EstimatePanel).show(self._facts)
        self.query_one("#back" if self._spends else "#launch", Button).focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "launch")

    def action_refuse(self) -> None:
        """Back to the form."""
        self.dismiss(False)
