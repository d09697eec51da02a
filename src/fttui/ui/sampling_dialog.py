"""Asks how replies are to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType

from fttui.domain.chat.conversation import SamplingSettings
from fttui.domain.chat.sampling import SAMPLING_FIELDS, read_sampling, typed
from fttui.ui.settings_dialog import SettingRow, SettingsDialog


class SamplingDialog(SettingsDialog[SamplingSettings]):
    """A field for each sampling setting; an empty field leaves the choice to the provider."""

    HELP = "An empty field leaves the choice to the provider. Stop texts stand apart by blanks; `\\n` is a newline."

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="sampling.cancel")]

    def __init__(self, settings: SamplingSettings) -> None:
        texts = typed(settings)
        rows = [SettingRow(it.name, it.label, texts[it.name], it.help) for it in SAMPLING_FIELDS]
        rows.append(SettingRow("stop", "Stop texts", texts["stop"], r"up to four; \n is a newline"))
        super().__init__("How replies are drawn", rows)

    def read(self, typed: Mapping[str, str]) -> tuple[SamplingSettings | None, Mapping[str, str]]:
        """What was typed, as settings."""
        return read_sampling(typed)
