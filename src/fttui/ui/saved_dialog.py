"""Asks which saved conversation to open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fttui.domain.chat.transcript import TranscriptEntry
from fttui.domain.text import safe_line
from fttui.ui import present


class SavedDialog(ModalScreen[str | None]):
    """The saved conversations, the one used last first.

    Args:
        entries: what there is.
    """

    HELP = "Choose with the arrow keys or `j` and `k`; `enter` opens the conversation."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="saved.cancel"),
        Binding("j", "move(1)", "Next", show=False, id="saved.next"),
        Binding("k", "move(-1)", "Previous", show=False, id="saved.previous"),
    ]

    options = getters.query_one(OptionList)

    def __init__(self, entries: Sequence[TranscriptEntry]) -> None:
        super().__init__()
        self._entries = entries

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -saved") as box:
            box.border_title = "Saved conversations"
            yield OptionList(*(_option(entry) for entry in self._entries), markup=False)

    def on_mount(self) -> None:
        self.options.focus()

    def action_move(self, rows: int) -> None:
        """Move through the list."""
        if rows > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """Open none."""
        self.dismiss(None)


def _option(entry: TranscriptEntry) -> Option:
    facts = f"{safe_line(entry.model)} · {present.counted(entry.turns, 'turn')} · {present.moment(entry.updated_at)}"
    return Option(Content.assemble(safe_line(entry.title, 60), "\n", (facts, "$text-muted")), id=entry.id)
