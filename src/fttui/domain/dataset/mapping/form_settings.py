"""The settings of a mapping as a form has them: labels, what matters when, and each one's text."""

from __future__ import annotations

from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target
from fttui.domain.dataset.mapping.settings import settings_of
from fttui.domain.dataset.mapping.template import one_line
from fttui.domain.errors import MappingError

LABELS = {
    "to": "Into",
    "system": "System",
    "developer": "Developer",
    "user": "User",
    "assistant": "Assistant",
    "tool_call": "Tool call",
    "tool": "Tool",
    "turns": "Turns in",
    "turns.speakers": "Who speaks",
    "turns.role": "Role key",
    "turns.text": "Text key",
    "roles": "Names mean",
    "tools": "Tools",
    "prompt": "Prompt",
    "completion": "Completion",
    "preferred": "Better",
    "non_preferred": "Worse",
    "where": "Only where",
    "sample": "Sample",
    "seed": "Seed",
    "defaults": "If empty",
}
TEMPLATES = frozenset(
    {
        "system",
        "developer",
        "user",
        "assistant",
        "tool_call",
        "tool",
        "prompt",
        "completion",
        "preferred",
        "non_preferred",
    }
)
"""Settings in which fields may stand."""

_ALWAYS = frozenset({"where", "sample", "seed", "defaults"})
_TALK = frozenset({"system", "turns"})
_LIST = frozenset({"turns.speakers", "turns.role", "turns.text", "roles"})


def shown_settings(target: Target, *, has_list: bool) -> frozenset[str]:
    """The settings that matter for a target, turns aside; those of a list only where one is chosen."""
    talk = _TALK | _LIST if has_list else _TALK
    match target:
        case Target.CHAT:
            return _ALWAYS | talk | {"tools"}
        case Target.PREFERENCE:
            return _ALWAYS | talk | {"preferred", "non_preferred", "tools"}
        case Target.COMPLETION:
            return _ALWAYS | talk | {"prompt", "completion"}


def value_of(mapping: RowMapping, key: str) -> str:
    """The text of a setting, in one line; empty where it is not set."""
    return one_line(next((value for name, value in settings_of(mapping) if name == key), ""))


def defaults_text(mapping: RowMapping) -> str:
    """The texts of empty fields: ``field=text; field=text``."""
    return "; ".join(f"{field}={one_line(text)}" for field, text in mapping.defaults)


def defaults_of(text: str) -> tuple[tuple[str, str], ...]:
    """The settings that such a text means.

    Raises:
        MappingError: a piece of it is no field and text.
    """
    settings = []
    for piece in text.replace("；", ";").split(";"):
        if not piece.strip():
            continue
        field, equals, value = piece.partition("=")
        if not equals or not field.strip():
            raise MappingError(f"{piece.strip()} is not a field and a text", hint="Write field=text; field=text.")
        settings.append((f"default.{field.strip()}", value.strip()))
    return tuple(settings)
