"""Asks how a file is to be split, and what single fixes need to know."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button

from fttui.ui.prepare_settings import SETTING_FIELDS, PrepareSettings, read_settings
from fttui.ui.widgets.field import Field


class PrepareDialog(ModalScreen[PrepareSettings | None]):
    """A field for each setting, checked as typed.

    Args:
        settings: what stands in the fields at first.
        first: the field the cursor starts in.
    """

    HELP = """\
**Split by prompt** keeps rows with the same question together, so that nothing of the validation file is known from
training; **by label** gives every label the same share in both files; **random** draws rows.

The same seed draws the same rows. The token limit is for cutting or dropping long examples.
"""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="prepare_settings.cancel")]

    def __init__(self, settings: PrepareSettings, first: str = "amount") -> None:
        super().__init__()
        self._settings = settings
        self._first = first

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Split and settings"
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for field in SETTING_FIELDS:
                    value = str(getattr(self._settings, field.name))
                    yield Field(field.label, value, hint=field.help, id=field.name, classes="-row")
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.query_one(f"#{self._first}", Field).focus_input()

    def _read(self) -> PrepareSettings | None:
        settings, wrong = read_settings({field.id or "": field.value for field in self.query(Field)})
        for field in self.query(Field):
            field.problem = wrong.get(field.id or "", "")
        return settings

    @on(Field.Changed)
    def _check(self) -> None:
        self._read()

    @on(Field.Submitted)
    @on(Button.Pressed, "#ok")
    def accept(self) -> None:
        """Hand the settings over, if all are good."""
        settings = self._read()
        if settings is not None:
            self.dismiss(settings)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leave the settings as they are."""
        self.dismiss(None)
