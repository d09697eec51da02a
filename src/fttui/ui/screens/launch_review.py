"""The sheet that says what is about to happen, before anything does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import var
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fttui.domain.jobs.equivalents import Equivalent
from fttui.domain.text import safe
from fttui.ui.launch_facts import Fact
from fttui.ui.widgets.estimate_panel import EstimatePanel

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp

NAME_CELLS = 15


class ReviewSheet(ModalScreen[bool]):
    """Names the file, the model, the settings, the cost and where the data goes, and asks.

    Args:
        facts: what is about to happen.
        spends: it may cost money, so that the cursor starts on the answer that does nothing.
        texts: the same launch as a line of this program, and for other ones.
    """

    HELP = """
Read what will happen. The buttons answer; `escape` goes back to the form and nothing is sent. `e` shows the same launch
as a line for scripts, as Python and as curl, without a key in it; `y` copies what is shown.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Back to the form", id="review.back"),
        Binding("e", "next_view", "Show as", id="review.view"),
        Binding("y", "copy", "Copy", id="review.copy"),
        Binding("left,h", "app.focus_previous", "Other button", show=False, id="review.previous"),
        Binding("right,l", "app.focus_next", "Other button", show=False, id="review.next"),
        Binding("down,j", "scroll_body(1)", "Down", show=False, id="review.down"),
        Binding("up,k", "scroll_body(-1)", "Up", show=False, id="review.up"),
    ]

    view: var[int] = var(0)
    """0 for the facts, then the texts in their order."""

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    def __init__(self, facts: Sequence[Fact], *, spends: bool, texts: Sequence[Equivalent] = ()) -> None:
        super().__init__()
        self._facts = facts
        self._spends = spends
        self._texts = texts

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Launch this job?"
            box.border_subtitle = Content("e: as a line, Python, curl") if self._texts else Content("")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield EstimatePanel(name_cells=NAME_CELLS)
                yield Static(Content(""), id="text")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Launch", variant="primary", id="launch")
                yield Button("Not yet", id="back")

    def on_mount(self) -> None:
        self.query_one(EstimatePanel).show(self._facts)
        self.query_one("#text").display = False
        self.query_one("#back" if self._spends else "#launch", Button).focus()

    def watch_view(self, view: int) -> None:
        """Show the facts, or the launch in other words."""
        if not self.is_mounted:
            return
        box, shown = self.query_one(".dialog", Vertical), self.query_one("#text", Static)
        self.query_one(EstimatePanel).display = view == 0
        shown.display = view > 0
        box.border_title = Content(f"The same launch: {self._texts[view - 1].title}" if view else "Launch this job?")
        box.border_subtitle = Content("e: the next way · y copies" if view else "e: as a line, Python, curl")
        shown.update(Content(safe(self._texts[view - 1].text)) if view else Content(""))
        self.query_one(".dialog-body", VerticalScroll).scroll_home(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Other views only where there are any."""
        return bool(self._texts) if action in ("next_view", "copy") else True

    def action_next_view(self) -> None:
        """Show the launch in the next way."""
        self.view = (self.view + 1) % (len(self._texts) + 1)

    def action_copy(self) -> None:
        """Copy the text in view, or the line of this program."""
        text = self._texts[max(self.view - 1, 0)]
        self.app.copy_text(text.text, f"the launch as {text.title}")

    def action_scroll_body(self, lines: int) -> None:
        """Scroll what does not fit."""
        self.query_one(".dialog-body", VerticalScroll).scroll_relative(y=lines, animate=False)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "launch")

    def action_refuse(self) -> None:
        """Back to the form."""
        self.dismiss(False)
