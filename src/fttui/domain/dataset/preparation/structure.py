"""Fixes of form: names of keys and roles, unknown keys, weights, arguments, half characters."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fttui.domain.dataset.preparation.fix import JsonObject, Setting
from fttui.domain.dataset.preparation.messages import change_messages, with_key, without_keys
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.rules.messages import KEYS_BY_ROLE, ROLES
from fttui.domain.dataset.rules.rows import TOP_LEVEL_KEYS
from fttui.domain.dataset.speakers import role_spelt

_PREFERENCE_NAMES = {"preferred_completion": "preferred_output", "non_preferred_completion": "non_preferred_output"}
_EVERY_KEY = frozenset[str]().union(*KEYS_BY_ROLE.values())
_INPUT_KEYS = frozenset({"messages", "tools", "parallel_tool_calls"})
_WEIGHTS: dict[object, int] = {"0": 0, "1": 1}


def rename_preference_keys(value: JsonObject, setting: Setting) -> JsonObject:
    """Put the two answers under today's names, where those are free."""
    del setting
    if not any(old in value and new not in value for old, new in _PREFERENCE_NAMES.items()):
        return value
    names = {old: new for old, new in _PREFERENCE_NAMES.items() if new not in value}
    return {names.get(key, key): entry for key, entry in value.items()}


def lower_case_columns(value: JsonObject, setting: Setting) -> JsonObject:
    """Write the keys prompt and completion in lower case, where that name is free."""
    del setting
    names: dict[str, str] = {}
    for key in value:
        plain = key.strip().lower()
        if plain != key and plain in ("prompt", "completion") and plain not in value and plain not in names.values():
            names[key] = plain
    return {names.get(key, key): entry for key, entry in value.items()} if names else value


def text_columns(value: JsonObject, setting: Setting) -> JsonObject:
    """Make prompt and completion texts: what is missing or null is empty, numbers are written out."""
    del setting
    for key in ("prompt", "completion"):
        entry = value.get(key)
        if entry is None:
            value = {**value, key: ""}
        elif isinstance(entry, bool | int | float):
            value = with_key(value, key, json.dumps(entry))
    return value


def normalise_roles(value: JsonObject, setting: Setting) -> JsonObject:
    """Name roles as the protocol does, whatever case, other name or slip of the pen they have."""

    def change(message: JsonObject) -> JsonObject:
        role = message.get("role")
        if not isinstance(role, str) or role in ROLES:
            return message
        meant = role_spelt(role)
        return with_key(message, "role", meant) if meant in ROLES else message

    return change_messages(value, setting.format, change)


def remove_unknown_keys(value: JsonObject, setting: Setting) -> JsonObject:
    """Leave out every key that the format does not know, and what only an assistant message may have elsewhere.

    A row or message without a single known key is of another shape, and stays: nothing would be left of it.
    """
    known = TOP_LEVEL_KEYS.get(setting.format)
    if known is not None and not known.isdisjoint(value):
        value = without_keys(value, lambda key: key not in known)
    holder = value.get("input")
    if setting.format is DataFormat.PREFERENCE and isinstance(holder, dict):
        value = with_key(value, "input", without_keys(holder, lambda key: key not in _INPUT_KEYS))

    def change(message: JsonObject) -> JsonObject:
        role = message.get("role")
        keys = KEYS_BY_ROLE.get(role, _EVERY_KEY) if isinstance(role, str) else _EVERY_KEY
        if setting.format is not DataFormat.CHAT:
            keys = keys - {"weight"}
        return message if keys.isdisjoint(message) else without_keys(message, lambda key: key not in keys)

    return change_messages(value, setting.format, change)


def normalise_weights(value: JsonObject, setting: Setting) -> JsonObject:
    """Write weights as the whole numbers 0 and 1; a weight of null goes."""

    def change(message: JsonObject) -> JsonObject:
        weight = message.get("weight", 1)
        if weight is None:
            return without_keys(message, lambda key: key == "weight")
        if isinstance(weight, str):
            weight = _WEIGHTS.get(weight.strip(), weight)
        elif isinstance(weight, bool | float) and weight in (0, 1):
            weight = int(weight)
        return message if "weight" not in message or _same(weight, message["weight"]) else {**message, "weight": weight}

    return change_messages(value, setting.format, change)


def _same(first: object, second: object) -> bool:
    return type(first) is type(second) and first == second


def arguments_as_text(value: JsonObject, setting: Setting) -> JsonObject:
    """Write the arguments of calls, where they are an object, as JSON inside a string."""

    def change(message: JsonObject) -> JsonObject:
        calls = message.get("tool_calls")
        if isinstance(calls, list):
            changed = [_change_call(call) for call in calls]
            if any(new is not old for new, old in zip(changed, calls, strict=True)):
                message = with_key(message, "tool_calls", changed)
        function = message.get("function_call")
        return with_key(message, "function_call", _change_function(function)) if isinstance(function, dict) else message

    return change_messages(value, setting.format, change)


def _change_call(call: object) -> object:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(call, dict) or not isinstance(function, dict):
        return call
    return with_key(call, "function", _change_function(function))


def _change_function(function: Mapping[str, object]) -> JsonObject:
    arguments = function.get("arguments")
    if not isinstance(arguments, dict):
        return function
    return with_key(function, "arguments", json.dumps(arguments, ensure_ascii=False))
