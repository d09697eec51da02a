"""Changing messages of a row wherever its format keeps them, without touching the row that is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fttui.domain.dataset.preparation.fix import JsonObject
from fttui.domain.dataset.record import DataFormat

ChangeMessage = Callable[[JsonObject], JsonObject]
ChangeList = Callable[[Sequence[object]], Sequence[object]]

ANSWERS = ("preferred_output", "non_preferred_output")


def change_messages(value: JsonObject, data_format: DataFormat, change: ChangeMessage) -> JsonObject:
    """Apply a change to every message that is an object, compared answers included."""

    def each(messages: Sequence[object]) -> Sequence[object]:
        changed = [change(entry) if isinstance(entry, dict) else entry for entry in messages]
        return messages if all(map(_is, changed, messages)) else changed

    value = change_dialogue(value, data_format, each)
    if data_format is DataFormat.PREFERENCE:
        for key in ANSWERS:
            value = change_list(value, key, each)
    return value


def change_dialogue(value: JsonObject, data_format: DataFormat, change: ChangeList) -> JsonObject:
    """Apply a change to the conversation of a row as a list."""
    match data_format:
        case DataFormat.COMPLETION:
            return value
        case DataFormat.PREFERENCE:
            holder = value.get("input")
            if not isinstance(holder, dict):
                return value
            return with_key(value, "input", change_list(holder, "messages", change))
        case DataFormat.CHAT | DataFormat.REINFORCEMENT:
            return change_list(value, "messages", change)


def change_list(value: JsonObject, key: str, change: ChangeList) -> JsonObject:
    """Apply a change to what stands under a key, if it is a list."""
    entries = value.get(key)
    return with_key(value, key, change(entries)) if isinstance(entries, list) else value


def with_key(value: JsonObject, key: str, entry: object) -> JsonObject:
    """An object with another value under a key, in the same place; the same object if it has that value already."""
    return value if key in value and value[key] is entry else {**value, key: entry}


def without_keys(value: JsonObject, unwanted: Callable[[str], bool]) -> JsonObject:
    """An object without some of its keys; the same object if it has none of them."""
    if not any(map(unwanted, value)):
        return value
    return {key: entry for key, entry in value.items() if not unwanted(key)}


def change_texts(message: JsonObject, change: Callable[[str], str]) -> JsonObject:
    """Apply a change to the content of a message, be it a string or parts of text."""
    content = message.get("content")
    if isinstance(content, str):
        changed = change(content)
        return message if changed == content else with_key(message, "content", changed)
    if not isinstance(content, list):
        return message
    parts = [_change_part(part, change) for part in content]
    return message if all(map(_is, parts, content)) else with_key(message, "content", parts)


def _change_part(part: object, change: Callable[[str], str]) -> object:
    text = part.get("text") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(text, str):
        return part
    changed = change(text)
    return part if changed == text else with_key(part, "text", changed)


def _is(first: object, second: object) -> bool:
    return first is second


def role_of(message: object) -> object:
    """The role of a message, of whatever type; None for what is no message."""
    return message.get("role") if isinstance(message, Mapping) else None
