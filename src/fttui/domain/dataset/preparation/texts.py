"""Fixes of what is said: white space, empty messages, keys and personal data."""

from __future__ import annotations

from collections.abc import Sequence

from fttui.domain.dataset.preparation.fix import JsonObject, Setting
from fttui.domain.dataset.preparation.messages import change_dialogue, change_messages, change_texts, with_key
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.sensitive import PERSONAL, SECRETS, SensitiveKind, redacted


def trim_text(value: JsonObject, setting: Setting) -> JsonObject:
    """Take white space away from both ends of what is said; what tools answered and parts stay as they are."""

    def change(message: JsonObject) -> JsonObject:
        content = message.get("content")
        if not isinstance(content, str) or message.get("role") in ("tool", "function"):
            return message
        trimmed = content.strip()
        return message if trimmed == content else with_key(message, "content", trimmed)

    return change_messages(value, setting.format, change)


def drop_empty_messages(value: JsonObject, setting: Setting) -> JsonObject:
    """Leave out messages that say nothing, unless none would remain; calls, refusals and answers of tools stay."""

    def change(messages: Sequence[object]) -> Sequence[object]:
        kept = [message for message in messages if not _is_empty(message)]
        return kept if kept and len(kept) < len(messages) else messages

    return change_dialogue(value, setting.format, change)


def _is_empty(message: object) -> bool:
    if not isinstance(message, dict) or message.get("role") in ("tool", "function"):
        return False
    if any(message.get(key) for key in ("tool_calls", "function_call", "refusal")):
        return False
    content = message.get("content")
    return content is None or content == [] or (isinstance(content, str) and not content.strip())


def redact_secrets(value: JsonObject, setting: Setting) -> JsonObject:
    """Put a name in the place of every key that opens something."""
    return _redact(value, setting.format, SECRETS)


def redact_personal(value: JsonObject, setting: Setting) -> JsonObject:
    """Put a name in the place of everything that says who somebody is."""
    return _redact(value, setting.format, PERSONAL)


def _redact(value: JsonObject, data_format: DataFormat, kinds: frozenset[SensitiveKind]) -> JsonObject:
    if data_format is DataFormat.COMPLETION:
        for key in ("prompt", "completion"):
            text = value.get(key)
            if isinstance(text, str) and (clean := redacted(text, kinds)) != text:
                value = with_key(value, key, clean)
        return value

    def change(message: JsonObject) -> JsonObject:
        message = change_texts(message, lambda text: redacted(text, kinds))
        for key in ("refusal", "tool_calls", "function_call"):
            entry = message.get(key)
            if entry and (clean := _redact_inside(entry, kinds)) != entry:
                message = with_key(message, key, clean)
        return message

    return change_messages(value, data_format, change)


def _redact_inside(value: object, kinds: frozenset[SensitiveKind]) -> object:
    if isinstance(value, str):
        return redacted(value, kinds)
    if isinstance(value, list):
        return [_redact_inside(entry, kinds) for entry in value]
    if isinstance(value, dict):
        # The id of a call ties it to its answer and is no secret.
        return {key: entry if key == "id" else _redact_inside(entry, kinds) for key, entry in value.items()}
    return value
