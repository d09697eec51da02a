"""Asks what an estimate is wanted for: epochs, batch size, traffic."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button

from fttui.domain.jobs.inference import Traffic
from fttui.services.jobs.estimating import Wanted
from fttui.ui.widgets.field import Field

_EPOCHS, _BATCH = 50, 256


def whole(text: str, most: int) -> str | None:
    """What is wrong with a whole number from 1 on, which may be left empty."""
    typed = text.strip()
    if not typed or (typed.isdecimal() and 1 <= int(typed) <= most):
        return None
    return f"A whole number from 1 to {most}; empty for the provider's own choice"


def amount(text: str) -> str | None:
    """What is wrong with a number of requests or tokens, which may be left empty."""
    typed = text.strip().replace(",", "")
    try:
        good = not typed or 0 <= float(typed) < 1e15
    except ValueError:
        good = False
    return None if good else "A number; empty for what the file tells"


class EstimateDialog(ModalScreen[Wanted | None]):
    """A field for each thing, checked as typed."""

    HELP = """\
An empty field leaves the choice to the provider, or to the means of the file. Without a number of requests, costs are
told for 1,000 of them.
"""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="estimate_settings.cancel")]

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self._wanted = wanted

    def compose(self) -> ComposeResult:
        wanted, traffic = self._wanted, self._wanted.traffic
        with Vertical(classes="dialog") as box:
            box.border_title = "Estimate for"
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield _field("Epochs", wanted.epochs, "auto", "epochs")
                yield _field("Batch size", wanted.batch_size, "auto", "batch")
                yield _field("Requests a month", traffic.requests, "none: costs of 1,000 requests", "requests")
                yield _field("Prompt tokens", traffic.prompt, "the mean of the file", "prompt")
                yield _field("Answer tokens", traffic.answer, "the mean of the file", "answer")
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.query(Field).first().focus_input()

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Field).value.strip().replace(",", "")

    def _number(self, name: str) -> float | None:
        typed = self._value(name)
        return float(typed) if typed else None

    def _count(self, name: str) -> int | None:
        typed = self._value(name)
        return int(typed) if typed else None

    @on(Field.Submitted)
    @on(Button.Pressed, "#ok")
    def accept(self) -> None:
        """Hand everything over, if all is good."""
        # Every field says what is wrong with it.
        good = [field.validate_now() for field in self.query(Field)]
        if not all(good):
            return
        # No request at all is no traffic to tell of.
        traffic = Traffic(self._number("requests") or None, self._number("prompt"), self._number("answer"))
        self.dismiss(
            replace(self._wanted, epochs=self._count("epochs"), batch_size=self._count("batch"), traffic=traffic)
        )

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)


def _field(label: str, value: float | None, hint: str, name: str) -> Field:
    limits = {"epochs": _EPOCHS, "batch": _BATCH}
    check = (lambda text: whole(text, limits[name])) if name in limits else amount
    shown = "" if value is None else f"{value:g}" if value < 1e6 else f"{value:.0f}"
    return Field(label, shown, hint=hint, check=check, id=name, classes="-row")
