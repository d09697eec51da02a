"""Asks what an estimate is wanted for: epochs, batch size, traffic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from fttui.domain.jobs.inference import Traffic
from fttui.services.jobs.estimating import Wanted
from fttui.ui.settings_dialog import SettingRow, SettingsDialog

_MOST = {"epochs": 50, "batch": 256}
_MOST_TYPED = 1e15


class EstimateDialog(SettingsDialog[Wanted]):
    """A field for each thing; an empty one leaves the choice to the provider, or to the means of the file."""

    HELP = """\
An empty field leaves the choice to the provider, or to the means of the file. Without a number of requests, costs are
told for 1,000 of them.
"""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="estimate_settings.cancel")]

    def __init__(self, wanted: Wanted) -> None:
        traffic = wanted.traffic
        self._wanted = wanted
        rows = [
            SettingRow("epochs", "Epochs", _shown(wanted.epochs), "auto"),
            SettingRow("batch", "Batch size", _shown(wanted.batch_size), "auto"),
            SettingRow("requests", "Requests a month", _shown(traffic.requests), "none: costs of 1,000 requests"),
            SettingRow("prompt", "Prompt tokens", _shown(traffic.prompt), "the mean of the file"),
            SettingRow("answer", "Answer tokens", _shown(traffic.answer), "the mean of the file"),
        ]
        super().__init__("Estimate for", rows)

    def read(self, typed: Mapping[str, str]) -> tuple[Wanted | None, Mapping[str, str]]:
        """What was typed, as what is wanted."""
        texts = {name: text.strip().replace(",", "") for name, text in typed.items()}
        wrong = {name: problem for name, text in texts.items() if (problem := _problem(name, text))}
        if wrong:
            return None, wrong
        counts = {name: int(texts[name]) if texts[name] else None for name in _MOST}
        amounts = {name: float(text) if text else None for name, text in texts.items() if name not in _MOST}
        # No request at all is no traffic to tell of.
        traffic = Traffic(amounts["requests"] or None, amounts["prompt"], amounts["answer"])
        return replace(self._wanted, epochs=counts["epochs"], batch_size=counts["batch"], traffic=traffic), {}


def _problem(name: str, text: str) -> str:
    """What is wrong with a number that may be left out, in a sentence; empty where it is good."""
    if not text:
        return ""
    most = _MOST.get(name)
    if most is not None:
        good = text.isdecimal() and 1 <= int(text) <= most
        return "" if good else f"A whole number from 1 to {most}; empty for the provider's own choice"
    try:
        good = 0 <= float(text) < _MOST_TYPED
    except ValueError:
        good = False
    return "" if good else "A number; empty for what the file tells"


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:g}"
