"""Asks how a file is to be split, and what single fixes need to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType

from fttui.ui.prepare_settings import SETTING_FIELDS, PrepareSettings, read_settings
from fttui.ui.settings_dialog import SettingRow, SettingsDialog


class PrepareDialog(SettingsDialog[PrepareSettings]):
    """A field for each setting.

    Args:
        settings: what stands in the fields at first.
        first: the field the cursor starts in.
    """

    HELP = """\
**Split by prompt** keeps rows with the same question, and rows that are nearly the same, together: nothing of the
validation file is known from training. **By label** gives every label the same share in both files: what stands in
the field named under Labels in, else the answer where it is short. **Random** draws rows.

The same seed draws the same rows. The token limit is for cutting or dropping long examples.
"""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="prepare_settings.cancel")]

    def __init__(self, settings: PrepareSettings, first: str = "amount") -> None:
        rows = [SettingRow(it.name, it.label, str(getattr(settings, it.name)), it.help) for it in SETTING_FIELDS]
        self._settings = settings
        super().__init__("Split and settings", rows, first)

    def read(self, typed: Mapping[str, str]) -> tuple[PrepareSettings | None, Mapping[str, str]]:
        """What was typed, as settings."""
        return read_settings(typed, self._settings)
