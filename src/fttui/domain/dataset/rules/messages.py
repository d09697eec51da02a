"""Rules for single messages: role, content, name, weight, unknown keys."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import Problem, RawTurn, Row, as_list, kind_of
from fttui.domain.dataset.strict_json import quoted

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
ABOUT_NAMES = frozenset({"name", "function"})
ABOUT_WEIGHTS = frozenset({"weight"})
ABOUT_REFUSALS = frozenset({"refusal"})
"""What rules about these are about, as `Rule.about` has it; a function has a name too."""
ANSWER_ROLES = ("tool", "function")
"""A tuple: a role may be anything here, also what cannot be looked for in a set."""

_COMMON = frozenset({"role", "content", "name"})
KEYS_BY_ROLE: dict[str, frozenset[str]] = {
    "system": _COMMON,
    "developer": _COMMON,
    "user": _COMMON,
    "assistant": _COMMON | {"refusal", "tool_calls", "function_call", "weight", "audio"},
    "tool": _COMMON | {"tool_call_id"},
    "function": _COMMON,
}
_EVERY_KEY = frozenset().union(*KEYS_BY_ROLE.values())

_NAME = re.compile(r"[^\s<|\\/>]{1,64}")


def message_not_object(row: Row) -> Iterable[Problem]:
    """Every entry of a list of messages is an object."""
    holder = row.holder_path
    lists = [(f"{holder}messages", row.holder.get("messages"))]
    if row.format is DataFormat.PREFERENCE:
        lists += [(key, row.value.get(key)) for key in ("preferred_output", "non_preferred_output")]
    for path, messages in lists:
        for place, message in enumerate(as_list(messages)):
            if not isinstance(message, dict):
                yield Problem(
                    f"{path}[{place}]", f"A message is an object with role and content, not {kind_of(message)}"
                )


def missing_role(row: Row) -> Iterable[Problem]:
    """Every message says who speaks."""
    for turn in row.turns:
        if "role" not in turn.value:
            yield Problem(turn.path, "The message has no role; add one of " + ", ".join(ROLES))


def unknown_role(row: Row) -> Iterable[Problem]:
    """Only roles that the protocol knows."""
    for turn in row.turns:
        role = turn.role
        if "role" in turn.value and (not isinstance(role, str) or role not in ROLES):
            shown = quoted(role) if isinstance(role, str) else kind_of(role)
            yield Problem(f"{turn.path}.role", f"The role is {shown}; use one of {', '.join(ROLES)}")


def unknown_message_key(row: Row) -> Iterable[Problem]:
    """Only keys that the protocol knows for the role."""
    for turn in row.turns:
        role = turn.role
        known = KEYS_BY_ROLE.get(role, _EVERY_KEY) if isinstance(role, str) else _EVERY_KEY
        for key in turn.value:
            if key in known or key in _RULED_ELSEWHERE:
                continue
            hint = f"; a {role} message has no such key" if key in _EVERY_KEY else ""
            yield Problem(f"{turn.path}.{key}", f"Unknown key {quoted(key)}{hint}; remove it")


# On the wrong role these have a rule of their own.
_RULED_ELSEWHERE = frozenset({"weight", "tool_calls", "function_call"})


def missing_content(row: Row) -> Iterable[Problem]:
    """Content is there, except beside tool calls, a function call or a refusal of the assistant."""
    for turn in row.turns:
        if turn.value.get("content") is None and not may_lack_content(turn):
            state = "null" if "content" in turn.value else "absent"
            yield Problem(
                f"{turn.path}.content",
                f"The content is {state}; only an assistant message that calls tools may lack it",
            )


def may_lack_content(turn: RawTurn) -> bool:
    """Whether a message may have null content, or none: the assistant's with calls or a refusal."""
    return turn.role == "assistant" and bool(
        turn.value.get("tool_calls") or turn.value.get("function_call") or turn.value.get("refusal")
    )


def content_wrong_type(row: Row) -> Iterable[Problem]:
    """Content is a string or a list of parts."""
    for turn in row.turns:
        content = turn.value.get("content")
        if content is not None and not isinstance(content, (str, list)):
            yield Problem(f"{turn.path}.content", f"The content is {kind_of(content)}; make it a string")


def empty_content(row: Row) -> Iterable[Problem]:
    """Content says something; only what a tool returned may be empty."""
    for turn in row.turns:
        content = turn.value.get("content")
        if content in ("", []) and turn.role not in ANSWER_ROLES and not may_lack_content(turn):
            yield Problem(f"{turn.path}.content", "The content is empty; fill it or drop the message")


def blank_content(row: Row) -> Iterable[Problem]:
    """Content is more than white space."""
    for turn in row.turns:
        content = turn.value.get("content")
        if isinstance(content, str) and content and content.isspace():
            yield Problem(f"{turn.path}.content", "The content is white space only")


def invalid_name(row: Row) -> Iterable[Problem]:
    """A name has 1 to 64 characters and no white space or any of ``< | \\ / >``."""
    for turn in row.turns:
        name = turn.value.get("name")
        if name is None:
            if turn.role == "function":
                yield Problem(f"{turn.path}.name", "A function message needs the name of the function")
        elif not isinstance(name, str):
            yield Problem(f"{turn.path}.name", f"The name is {kind_of(name)}; make it a string")
        elif not _NAME.fullmatch(name):
            yield Problem(
                f"{turn.path}.name", f"The name {quoted(name)} needs 1 to 64 characters, no spaces or < | \\ / >"
            )


def invalid_weight(row: Row) -> Iterable[Problem]:
    """A weight is the whole number 0 or 1."""
    for turn in row.turns:
        weight = turn.value.get("weight", 1)
        if weight is None or isinstance(weight, bool) or not isinstance(weight, int) or weight not in (0, 1):
            yield Problem(f"{turn.path}.weight", "The weight must be 0 (not trained on) or 1")


def misplaced_weight(row: Row) -> Iterable[Problem]:
    """Only assistant messages are trained on, so only they have a weight, and only in supervised data."""
    for turn in row.turns:
        if "weight" not in turn.value:
            continue
        if turn.role != "assistant":
            yield Problem(f"{turn.path}.weight", "Only assistant messages have a weight; remove it")
        elif row.format is not DataFormat.CHAT:
            yield Problem(f"{turn.path}.weight", "Weights only count in supervised chat data; remove it")


def invalid_refusal(row: Row) -> Iterable[Problem]:
    """A refusal is a string or null."""
    for turn in row.turns:
        refusal = turn.value.get("refusal")
        if refusal is not None and turn.role == "assistant" and not isinstance(refusal, str):
            yield Problem(f"{turn.path}.refusal", f"The refusal is {kind_of(refusal)}; make it a string or null")
