"""Fixes of what is trained on: instructions, weights, what comes after the last answer, length."""

from __future__ import annotations

from collections.abc import Sequence

from fttui.domain.dataset.preparation.fix import JsonObject, Setting
from fttui.domain.dataset.preparation.messages import change_dialogue, role_of, with_key, without_keys
from fttui.domain.dataset.record import INSTRUCTING, DataFormat


def strip_system_prompt(value: JsonObject, setting: Setting) -> JsonObject:
    """Leave out instructions, unless nothing would remain; those that are to be added anyway stay."""
    recipe = setting.recipe
    wanted = {"role": "system", "content": recipe.system_prompt} if "add-system-prompt" in recipe.accepted else None

    def change(messages: Sequence[object]) -> Sequence[object]:
        kept = [message for message in messages if role_of(message) not in INSTRUCTING or message == wanted]
        return kept if kept and len(kept) < len(messages) else messages

    return change_dialogue(value, setting.format, change)


def add_system_prompt(value: JsonObject, setting: Setting) -> JsonObject:
    """Put instructions before conversations that have none."""
    words = setting.recipe.system_prompt

    def change(messages: Sequence[object]) -> Sequence[object]:
        if not words or not messages or any(role_of(message) in INSTRUCTING for message in messages):
            return messages
        return [{"role": "system", "content": words}, *messages]

    return change_dialogue(value, setting.format, change)


def cut_after_last_answer(value: JsonObject, setting: Setting) -> JsonObject:
    """Leave out what comes after the assistant's last turn, for it is not learnt."""

    def change(messages: Sequence[object]) -> Sequence[object]:
        end = len(messages)
        while end and role_of(messages[end - 1]) != "assistant":
            end -= 1
        return messages[:end] if 0 < end < len(messages) else messages

    return change_dialogue(value, setting.format, change)


def train_last_answer_only(value: JsonObject, setting: Setting) -> JsonObject:
    """Give every answer but the last weight 0, and take any weight from the last."""

    def change(messages: Sequence[object]) -> Sequence[object]:
        places = [place for place, message in enumerate(messages) if role_of(message) == "assistant"]
        changed = list(messages)
        for place in places:
            message = messages[place]
            assert isinstance(message, dict)  # noqa: S101 - it has a role
            if place == places[-1]:
                changed[place] = without_keys(message, lambda key: key == "weight")
            elif message.get("weight") != 0:
                changed[place] = {**message, "weight": 0}
        same = all(new is old for new, old in zip(changed, messages, strict=True))
        return messages if same else changed

    return change_dialogue(value, setting.format, change)


def truncate_long(value: JsonObject, setting: Setting) -> JsonObject:
    """Cut whole turns from the end until an example fits the limit and ends with an answer that is trained on.

    Where no such cut is left, the example stays as it is.
    """
    limit = setting.recipe.token_limit
    messages = value.get("messages")
    if limit is None or setting.format is not DataFormat.CHAT or not isinstance(messages, list):
        return value
    if setting.tokens(value) <= limit:
        return value
    for end in range(len(messages) - 1, 0, -1):
        if not _may_end(messages[:end]):
            continue
        shorter = with_key(value, "messages", messages[:end])
        if setting.tokens(shorter) <= limit:
            return shorter
    return value


def _may_end(messages: Sequence[object]) -> bool:
    last = messages[-1]
    if not isinstance(last, dict) or last.get("role") != "assistant" or last.get("tool_calls"):
        return False
    asked = any(role_of(message) == "user" for message in messages)
    learnt = any(isinstance(m, dict) and m.get("role") == "assistant" and m.get("weight", 1) != 0 for m in messages)
    return asked and learnt


def cut_turns(before: JsonObject, after: JsonObject) -> str:
    """What a cut took away, in words; empty if nothing was cut."""
    old, new = before.get("messages"), after.get("messages")
    if not isinstance(old, list) or not isinstance(new, list) or len(new) >= len(old):
        return ""
    return f"cut messages[{len(new)}] to messages[{len(old) - 1}]"
