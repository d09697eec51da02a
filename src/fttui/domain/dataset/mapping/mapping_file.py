"""A mapping as the JSON object of a file, and back; the version says how to read it."""

from __future__ import annotations

from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.dataset.mapping.settings import changed, checked, settings_of
from fttui.domain.errors import MappingError

VERSION = 1


def to_object(mapping: RowMapping) -> dict[str, object]:
    """The object that stands for a mapping: its settings in order, as pairs."""
    return {"fttui_mapping": VERSION, "settings": [{"key": key, "value": value} for key, value in settings_of(mapping)]}


def from_object(value: object) -> RowMapping:
    """The mapping that an object stands for; settings may also be one object of keys and values, as people write it.

    Raises:
        MappingError: it is no mapping, of a later version, or not understood.
    """
    if not isinstance(value, dict) or "fttui_mapping" not in value:
        raise MappingError("This is no saved mapping", hint='A mapping is an object with "fttui_mapping": 1 in it.')
    if value["fttui_mapping"] != VERSION:
        raise MappingError(
            f"The mapping is of version {value['fttui_mapping']}, this program reads version {VERSION}",
            hint="A newer fttui reads it.",
        )
    settings = value.get("settings")
    pairs = list(settings.items()) if isinstance(settings, dict) else _entries(settings)
    if not all(isinstance(key, str) and isinstance(text, str) for key, text in pairs):
        raise MappingError("The settings of the mapping are not pairs of texts")
    return checked(changed(RowMapping(), pairs))


def _entries(settings: object) -> list[tuple[str, str]]:
    if not isinstance(settings, list) or not all(isinstance(entry, dict) for entry in settings):
        raise MappingError("The mapping has no settings")
    return [(entry.get("key"), entry.get("value")) for entry in settings]
