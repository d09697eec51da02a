"""How many tokens an example takes in training.

Text is counted by a counter that is given; what is added around it follows the sources below.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fttui.domain.dataset.images import image_tokens
from fttui.domain.dataset.record import (
    ChatRecord,
    CompletionRecord,
    Message,
    PreferenceRecord,
    Record,
    TextPart,
    turns,
)

MESSAGE_TOKENS = 4
"""Three markers and the role, which is one token; OpenAI cookbook, counting tokens with tiktoken, 2026-11-20."""
NAME_TOKENS = 1
"""Beside the tokens of the name itself; same source."""
REPLY_TOKENS = 3
"""What the cookbook adds once per example for a reply to come. A training example holds its reply already, so this is
left out here and only widens the upper end of a cost."""
CALL_TOKENS = 3
"""Around each call of a tool. No formula is published: an estimate."""

# OpenAI cookbook, counting tokens with tiktoken, section on tools, 2026-11-20 (gpt-4o family); checked there for
# flat schemas only, so everything with tools is an estimate.
_TOOLS_END, _FUNCTION, _PROPERTIES, _PROPERTY, _ENUM, _ENUM_ITEM = 12, 7, 3, 3, -3, 3


class TextCounter(Protocol):
    """Counts the tokens of a text."""

    def count(self, text: str) -> int:
        """Tokens in a text, whatever the text."""
        ...


@dataclass(frozen=True, slots=True)
class ExampleTokens:
    """The tokens of one example.

    `trained` are those that are learnt; `estimated` is the part of the total that no published formula covers.
    """

    total: int
    trained: int
    estimated: int = 0


@dataclass(frozen=True, slots=True)
class KnownCounts:
    """Counts that were made before, for many texts in one go, and a counter for the others."""

    known: Mapping[str, int]
    counter: TextCounter

    def count(self, text: str) -> int:
        """Tokens in a text, whatever the text."""
        known = self.known.get(text)
        return self.counter.count(text) if known is None else known


@dataclass(frozen=True, slots=True)
class _MessageTokens:
    said: int
    calls: int
    images: int
    named: int

    @property
    def total(self) -> int:
        return MESSAGE_TOKENS + self.said + self.calls + self.images + self.named


def message_tokens(message: Message, counter: TextCounter, model: str | None = None) -> int:
    """Tokens of one message, with what is added around it; `model` sets what an image costs."""
    return _count(message, counter, model).total


def record_tokens(record: Record, counter: TextCounter, model: str | None = None) -> int:
    """Tokens of one example; `model` sets what an image costs."""
    return example_tokens(record, counter, model).total


def texts_of(record: Record) -> list[str]:
    """What is said in an example: most of the texts that have to be counted for it."""
    return [text for message in turns(record) for text in _said(message)]


def example_tokens(record: Record, counter: TextCounter, model: str | None = None) -> ExampleTokens:
    """Tokens of one example, and how many of them are learnt and estimated."""
    if isinstance(record, CompletionRecord):
        completion = counter.count(record.completion)
        return ExampleTokens(counter.count(record.prompt) + completion, completion)
    tools = tool_tokens(record.tools, counter)
    dialogue = [_count(message, counter, model) for message in record.messages]
    learnt: list[_MessageTokens] = []
    if isinstance(record, ChatRecord):
        pairs = zip(record.messages, dialogue, strict=True)
        learnt = [tokens for message, tokens in pairs if message.is_trained]
    elif isinstance(record, PreferenceRecord):
        learnt = [_count(message, counter, model) for message in (*record.preferred, *record.non_preferred)]
        dialogue += learnt
    return ExampleTokens(
        total=tools + sum(tokens.total for tokens in dialogue),
        trained=sum(tokens.said + tokens.calls for tokens in learnt),
        estimated=tools + sum(tokens.calls + tokens.images for tokens in dialogue),
    )


def _count(message: Message, counter: TextCounter, model: str | None) -> _MessageTokens:
    return _MessageTokens(
        said=sum(map(counter.count, _said(message))),
        calls=sum(
            CALL_TOKENS + counter.count(call.name) + counter.count(call.arguments) for call in message.tool_calls
        ),
        images=sum(image_tokens(image, model) for image in message.images),
        named=0 if message.name is None else NAME_TOKENS + counter.count(message.name),
    )


def _said(message: Message) -> list[str]:
    texts = [part.text for part in message.parts if isinstance(part, TextPart)]
    if message.refusal:
        texts.append(message.refusal)
    return texts


def tool_tokens(tools: Sequence[Mapping[str, object]], counter: TextCounter) -> int:
    """Tokens of the definitions of tools: an estimate that goes into nested schemas as into flat ones."""
    if not tools:
        return 0
    functions = [tool.get("function") for tool in tools]
    return _TOOLS_END + sum(_function_tokens(entry, counter) for entry in functions if isinstance(entry, dict))


def _function_tokens(function: Mapping[str, object], counter: TextCounter) -> int:
    line = f"{function.get('name')}:{_description(function)}"
    return _FUNCTION + counter.count(line) + _schema_tokens(function.get("parameters"), counter)


def _schema_tokens(schema: object, counter: TextCounter) -> int:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or not properties:
        return 0
    return _PROPERTIES + sum(_property_tokens(name, inner, counter) for name, inner in properties.items())


def _property_tokens(name: str, schema: object, counter: TextCounter) -> int:
    if not isinstance(schema, dict):
        return _PROPERTY + counter.count(name)
    tokens = _PROPERTY + counter.count(f"{name}:{_word(schema.get('type'))}:{_description(schema)}")
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        tokens += _ENUM + sum(_ENUM_ITEM + counter.count(_word(choice)) for choice in choices)
    items: Iterable[object] = (schema, schema.get("items"))
    return tokens + sum(_schema_tokens(entry, counter) for entry in items)


def _description(schema: Mapping[str, object]) -> str:
    return _word(schema.get("description")).removesuffix(".")


def _word(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
