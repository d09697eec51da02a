"""Asks how replies are to be drawn."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button

from fttui.domain.chat.conversation import SamplingSettings
from fttui.domain.chat.sampling import SAMPLING_FIELDS, read_sampling, typed
from fttui.ui.widgets.field import Field


class SamplingDialog(ModalScreen[SamplingSettings | None]):
    """A field for each sampling setting, checked as typed; an empty field leaves the choice to the provider."""

    HELP = "An empty field leaves the choice to the provider. Stop texts stand apart by blanks; `\\n` is a newline."

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="sampling.cancel")]

    def __init__(self, settings: SamplingSettings) -> None:
        super().__init__()
        self._texts = typed(settings)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -sampling") as box:
            box.border_title = "How replies are drawn"
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for field in SAMPLING_FIELDS:
                    yield Field(field.label, self._texts[field.name], hint=field.help, id=field.name, classes="-row")
                yield Field(
                    "Stop texts", self._texts["stop"], hint=r"up to four; \n is a newline", id="stop", classes="-row"
                )
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.query(Field).first().focus_input()

    def _read(self) -> SamplingSettings | None:
        settings, wrong = read_sampling({field.id or "": field.value for field in self.query(Field)})
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
