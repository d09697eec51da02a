"""One training example as frozen values, in each of the four formats the protocol knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class DataFormat(StrEnum):
    """What the rows of a file are; the training method follows from it."""

    CHAT = "chat"
    PREFERENCE = "preference"
    REINFORCEMENT = "reinforcement"
    COMPLETION = "completion"


INSTRUCTING = ("system", "developer")
"""Roles of those who say how to behave and are not part of the talk. A tuple: a role in a file may be anything, also
what cannot be looked for in a set."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of text in a message."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture in a message, by address or as data."""

    url: str
    detail: str = "auto"

    @property
    def is_data(self) -> bool:
        """Whether the picture itself stands in the row."""
        return self.url.startswith("data:")


Part = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a function that the assistant asks for; `arguments` is JSON as text, as the protocol has it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: str
    parts: tuple[Part, ...] = ()
    name: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    weight: float | None = None
    refusal: str | None = None
    content_is_null: bool = False

    @property
    def text(self) -> str:
        """The text of the message without its pictures."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def images(self) -> tuple[ImagePart, ...]:
        """The pictures of the message."""
        return tuple(part for part in self.parts if isinstance(part, ImagePart))

    @property
    def is_trained(self) -> bool:
        """Whether a supervised job learns this turn: the assistant's, unless its weight is 0."""
        return self.role == "assistant" and self.weight != 0


@dataclass(frozen=True, slots=True)
class ChatRecord:
    """A conversation to learn from, with the tools it may use as plain JSON values."""

    messages: tuple[Message, ...]
    tools: tuple[Mapping[str, object], ...] = ()
    parallel_tool_calls: bool | None = None


@dataclass(frozen=True, slots=True)
class PreferenceRecord:
    """A conversation with a better and a worse answer."""

    messages: tuple[Message, ...]
    preferred: tuple[Message, ...]
    non_preferred: tuple[Message, ...]
    tools: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class ReinforcementRecord:
    """A conversation to answer, with the fields a grader may look at."""

    messages: tuple[Message, ...]
    fields: Mapping[str, object] = field(default_factory=dict)
    tools: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """A prompt and its completion, the format of the base models of old."""

    prompt: str
    completion: str


Record = ChatRecord | PreferenceRecord | ReinforcementRecord | CompletionRecord


def turns(record: Record) -> Sequence[Message]:
    """All messages of a record in reading order; the two answers of a preference record come last."""
    match record:
        case ChatRecord() | ReinforcementRecord():
            return record.messages
        case PreferenceRecord():
            return (*record.messages, *record.preferred, *record.non_preferred)
        case CompletionRecord():
            return (
                Message("user", (TextPart(record.prompt),)),
                Message("assistant", (TextPart(record.completion),)),
            )
