"""Rules for rows as a whole, by format: what keys they have, who speaks, who speaks last."""

from __future__ import annotations

from collections.abc import Iterable

from fttui.domain.dataset.record import INSTRUCTING, DataFormat
from fttui.domain.dataset.row import Problem, Row, kind_of
from fttui.domain.dataset.strict_json import quoted

_OLD_PREFERENCE_KEYS = {
    "preferred_completion": "preferred_output",
    "non_preferred_completion": "non_preferred_output",
}
_TOOL_KEYS = frozenset({"tools", "parallel_tool_calls"})
TOP_LEVEL_KEYS: dict[DataFormat, frozenset[str]] = {
    DataFormat.CHAT: _TOOL_KEYS | {"messages", "functions"},
    DataFormat.PREFERENCE: frozenset({"input", "preferred_output", "non_preferred_output", *_OLD_PREFERENCE_KEYS}),
    DataFormat.COMPLETION: frozenset({"prompt", "completion"}),
}
_PAIR = ("prompt", "completion")
_INPUT_KEYS = _TOOL_KEYS | {"messages"}

NO_SYSTEM_MESSAGE = "No system message; train with the one that will be used later, if any"


def missing_messages(row: Row) -> Iterable[Problem]:
    """A row has a list of at least one message."""
    if row.format is DataFormat.PREFERENCE and not isinstance(row.value.get("input"), dict):
        return
    path = f"{row.holder_path}messages"
    messages = row.holder.get("messages")
    if "messages" not in row.holder:
        yield Problem(path, "The key messages is missing; a row needs a list of messages")
    elif not isinstance(messages, list):
        yield Problem(path, f"messages is {kind_of(messages)}; make it a list of messages")
    elif not messages:
        yield Problem(path, "messages is empty; a row needs at least one message")


def unknown_key(row: Row) -> Iterable[Problem]:
    """Only keys that the format knows; any other is refused by the service."""
    known = TOP_LEVEL_KEYS[row.format]
    for key in row.value:
        if key not in known and not _is_miscased(row, key):
            alike = [name for name in _PAIR if row.format is DataFormat.COMPLETION and name in key.lower()]
            hint = f" though it looks like {alike[0]}" if alike else ""
            yield Problem(key, f"Unknown key {quoted(key)}; {row.format.value} rows must not have it{hint}")
    if row.format is DataFormat.PREFERENCE:
        for key in row.holder:
            if key not in _INPUT_KEYS:
                yield Problem(f"input.{key}", f"Unknown key {quoted(key)} in input; remove it")


def no_assistant_message(row: Row) -> Iterable[Problem]:
    """A chat example holds something to learn: a turn of the assistant."""
    if row.dialogue and not any(turn.role == "assistant" for turn in row.dialogue):
        yield Problem(
            f"{row.holder_path}messages", "No assistant message, so there is nothing to learn; add the answer"
        )


def nothing_trained(row: Row) -> Iterable[Problem]:
    """Not every assistant message has weight 0."""
    answers = [turn for turn in row.dialogue if turn.role == "assistant"]
    if answers and all(turn.value.get("weight") == 0 for turn in answers):
        yield Problem("messages", "Every assistant message has weight 0, so nothing is learnt; give one weight 1")


def last_message_not_assistant(row: Row) -> Iterable[Problem]:
    """A chat example normally ends with the assistant; what comes after its last turn teaches nothing."""
    speaks = any(turn.role == "assistant" for turn in row.dialogue)
    if speaks and row.dialogue[-1].role != "assistant":
        yield Problem(
            row.dialogue[-1].path, "The last message is not the assistant's; what follows its last turn is not learnt"
        )


def last_message_not_user(row: Row) -> Iterable[Problem]:
    """A reinforcement example ends with the user, whom the model then answers."""
    if row.dialogue and row.dialogue[-1].role != "user":
        yield Problem(row.dialogue[-1].path, "The last message must be the user's; the model answers it in training")


def no_system_message(row: Row) -> Iterable[Problem]:
    """Many examples are better with the instructions that will be used later."""
    if row.dialogue and not any(turn.role in INSTRUCTING for turn in row.dialogue):
        yield Problem(f"{row.holder_path}messages", NO_SYSTEM_MESSAGE)


def no_user_message(row: Row) -> Iterable[Problem]:
    """Somebody asks."""
    if row.dialogue and not any(turn.role == "user" for turn in row.dialogue):
        yield Problem(f"{row.holder_path}messages", "No user message")


def no_grader_fields(row: Row) -> Iterable[Problem]:
    """A reinforcement row carries what its grader compares with."""
    if not row.value.keys() - {"messages", *_TOOL_KEYS}:
        yield Problem("", "No fields beside the messages; a grader can only look at the answer itself")


def missing_input(row: Row) -> Iterable[Problem]:
    """A preference row has an input object."""
    if "input" not in row.value:
        yield Problem("input", "The key input is missing; it holds the messages that both answers follow")
    elif not isinstance(row.value["input"], dict):
        yield Problem("input", f"input is {kind_of(row.value['input'])}; make it an object with messages")


def old_preference_key(row: Row) -> Iterable[Problem]:
    """The two answers stand under today's names."""
    for old, new in _OLD_PREFERENCE_KEYS.items():
        if old in row.value:
            yield Problem(old, f"{old} is an old name that the service refuses; rename it to {new}")


def invalid_preference_output(row: Row) -> Iterable[Problem]:
    """Each of the two answers is a list of exactly one assistant message."""
    for key in ("preferred_output", "non_preferred_output"):
        answer = row.value.get(key)
        if key not in row.value:
            yield Problem(key, f"The key {key} is missing")
        elif not isinstance(answer, list):
            yield Problem(key, f"{key} is {kind_of(answer)}; make it a list of one assistant message")
        elif len(answer) != 1:
            yield Problem(key, f"{key} has {len(answer)} messages; exactly one assistant message is compared")
    for turn in row.answers:
        if turn.role != "assistant":
            yield Problem(f"{turn.path}.role", "The compared messages must be the assistant's")


def equal_preferences(row: Row) -> Iterable[Problem]:
    """The two answers differ, or there is nothing to prefer."""
    preferred = row.value.get("preferred_output")
    if isinstance(preferred, list) and preferred and preferred == row.value.get("non_preferred_output"):
        yield Problem("non_preferred_output", "Both answers are the same, so nothing can be learnt from them")


def _is_miscased(row: Row, key: str) -> bool:
    return row.format is DataFormat.COMPLETION and key not in _PAIR and key.lower() in _PAIR


def miscased_key(row: Row) -> Iterable[Problem]:
    """The keys prompt and completion are written in lower case."""
    for key in row.value:
        if _is_miscased(row, key):
            yield Problem(key, f"The key {quoted(key)} must be written {key.lower()}; rename it")


def invalid_prompt(row: Row) -> Iterable[Problem]:
    """Prompt and completion are both there, as strings."""
    written = {key.lower() for key in row.value}
    for key in _PAIR:
        if key not in row.value and key in written:
            continue
        if key not in row.value:
            yield Problem(key, f"The key {key} is missing")
        elif not isinstance(row.value[key], str):
            yield Problem(key, f"{key} is {kind_of(row.value[key])}; make it a string")


def empty_completion(row: Row) -> Iterable[Problem]:
    """A completion says something."""
    if row.value.get("completion") == "":
        yield Problem("completion", "The completion is empty; fill it or drop the row")
