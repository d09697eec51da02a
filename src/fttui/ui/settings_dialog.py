"""A question with a field for each setting, all of them checked together as they are typed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button

from fttui.ui.widgets.field import Field

Settings = TypeVar("Settings")


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One field: its name, its label, what stands in it at first, and what is shown while it is empty."""

    name: str
    label: str
    value: str
    hint: str


class SettingsDialog(ModalScreen[Settings | None]):
    """Asks for settings; what they mean is up to `read`.

    A class of its own for each question gives it the binding of `escape`, and its help.

    Args:
        title: what is asked.
        rows: the fields.
        first: the field that the cursor starts in; the first one if absent.
    """

    def __init__(self, title: str, rows: Sequence[SettingRow], first: str = "") -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._first = first or rows[0].name

    @abstractmethod
    def read(self, typed: Mapping[str, str]) -> tuple[Settings | None, Mapping[str, str]]:
        """The settings that were typed, or None and what is wrong by field."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -settings") as box:
            box.border_title = Content(self._title)
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for row in self._rows:
                    yield Field(row.label, row.value, hint=row.hint, id=row.name, classes="-row")
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.query_one(f"#{self._first}", Field).focus_input()

    def _read(self) -> Settings | None:
        settings, wrong = self.read({field.id or "": field.value for field in self.query(Field)})
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
