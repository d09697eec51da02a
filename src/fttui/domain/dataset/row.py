"""A row as it stands in the file, before anyone knows whether it is right: what the rules look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.dataset.record import DataFormat

IN_PARTS = "content[]"
"""The mark of a row with content in parts."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Where in a row something is wrong, and what to do about it; the rule that found it gives the code."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class RawTurn:
    """One message that is an object; its values may be anything."""

    path: str
    value: Mapping[str, object]

    @property
    def role(self) -> object:
        """The role, of whatever type."""
        return self.value.get("role")


@dataclass(frozen=True, slots=True)
class Row:
    """One decoded object of the file with the places where its format keeps messages."""

    value: Mapping[str, object]
    format: DataFormat
    dialogue: tuple[RawTurn, ...]
    """The conversation itself."""
    answers: tuple[RawTurn, ...] = ()
    """The compared answers of a preference row."""

    @property
    def turns(self) -> tuple[RawTurn, ...]:
        """Every message of the row in reading order."""
        return self.dialogue + self.answers if self.answers else self.dialogue

    @property
    def holder(self) -> Mapping[str, object]:
        """The object that carries messages and tools: the row, or the input of a preference row."""
        if self.format is not DataFormat.PREFERENCE:
            return self.value
        inner = self.value.get("input")
        return inner if isinstance(inner, dict) else {}

    @property
    def holder_path(self) -> str:
        """What to put before the path of a key of the holder."""
        return "input." if self.format is DataFormat.PREFERENCE else ""

    @property
    def marks(self) -> set[str]:
        """What occurs in it, for leaving out rules: keys of the row and of its messages, roles, and `IN_PARTS`.

        A role may have the name of a key: then a rule is asked that has nothing to say, never the other way round.
        """
        marks = {*self.value, *self.holder}
        for turn in self.turns:
            marks.update(turn.value)
            role = turn.role
            if isinstance(role, str):
                marks.add(role)
            if isinstance(turn.value.get("content"), list):
                marks.add(IN_PARTS)
        return marks


def row_of(value: Mapping[str, object], data_format: DataFormat) -> Row:
    """Find the messages of a row in the place its format has them."""
    match data_format:
        case DataFormat.COMPLETION:
            return Row(value, data_format, ())
        case DataFormat.PREFERENCE:
            inner = value.get("input")
            dialogue = inner.get("messages") if isinstance(inner, dict) else None
            answers = (
                *_turns(value.get("preferred_output"), "preferred_output"),
                *_turns(value.get("non_preferred_output"), "non_preferred_output"),
            )
            return Row(value, data_format, tuple(_turns(dialogue, "input.messages")), answers)
        case DataFormat.CHAT | DataFormat.REINFORCEMENT:
            return Row(value, data_format, tuple(_turns(value.get("messages"), "messages")))


def _turns(messages: object, path: str) -> Iterator[RawTurn]:
    for place, message in enumerate(as_list(messages)):
        if isinstance(message, dict):
            yield RawTurn(f"{path}[{place}]", message)


def as_list(value: object) -> Sequence[object]:
    """The value if it is a list, else nothing."""
    return value if isinstance(value, list) else ()


def guess_format(value: Mapping[str, object]) -> DataFormat | None:
    """Which format a row means to be, judged by its keys; None if it has none of the keys of any.

    A row with messages and other fields is a reinforcement row when its last message is the user's.
    """
    if "messages" in value:
        messages = as_list(value["messages"])
        last = messages[-1] if messages else None
        asks = isinstance(last, dict) and last.get("role") == "user"
        extra = value.keys() - {"messages", "tools", "parallel_tool_calls", "functions"}
        return DataFormat.REINFORCEMENT if asks and extra else DataFormat.CHAT
    if value.keys() & {
        "input",
        "preferred_output",
        "non_preferred_output",
        "preferred_completion",
        "non_preferred_completion",
    }:
        return DataFormat.PREFERENCE
    if {key.lower() for key in value} & {"prompt", "completion"}:
        return DataFormat.COMPLETION
    return None


def kind_of(value: object) -> str:
    """The JSON type of a value in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"
