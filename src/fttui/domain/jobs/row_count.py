"""What one training row takes in tokens, split into what a request would send and what it would get."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fttui.domain.dataset.record import (
    INSTRUCTING,
    ChatRecord,
    CompletionRecord,
    ImagePart,
    Message,
    PreferenceRecord,
    Record,
    ReinforcementRecord,
    turns,
)
from fttui.domain.dataset.tokens import (
    MESSAGE_TOKENS,
    REPLY_TOKENS,
    TextCounter,
    example_tokens,
    message_tokens,
)

"""Roles whose first message holds the instructions."""


@dataclass(frozen=True, slots=True)
class RowCount:
    """Tokens of a row without its pictures.

    `text` is all of it, as it is trained on; `prompt` what a request with it would send, `answer` what the model would
    say, None where the row holds no answer; `estimated` is the part of `text` that no published formula covers.
    """

    text: int
    prompt: int
    answer: int | None
    estimated: int = 0


def count_row(record: Record, counter: TextCounter) -> RowCount:
    """Count a row in one encoding."""
    if isinstance(record, CompletionRecord):
        prompt, answer = counter.count(record.prompt), counter.count(record.completion)
        return RowCount(prompt + answer, prompt, answer)
    plain = without_images(record)
    whole = example_tokens(plain, counter)
    answers, shown = _answers(plain)
    rest = whole.total - sum(message_tokens(message, counter) for message in answers)
    said = sum(message_tokens(message, counter) - MESSAGE_TOKENS for message in shown) if shown else None
    return RowCount(whole.total, rest + REPLY_TOKENS, said, whole.estimated)


def _answers(record: Record) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """What of a row no request would send, and what of that a model would say."""
    match record:
        case PreferenceRecord():
            return (*record.preferred, *record.non_preferred), record.preferred[-1:]
        case ChatRecord():
            last = tuple(message for message in record.messages[-1:] if message.role == "assistant")
            return last, last
        case _:
            return (), ()


def count_plain_row(roles: Sequence[str], counts: list[int]) -> RowCount:
    """Count a conversation of plain texts that ends with an answer.

    Args:
        roles: of its messages.
        counts: tokens of the text of each.
    """
    text = MESSAGE_TOKENS * len(roles) + sum(counts)
    return RowCount(text, text - MESSAGE_TOKENS - counts[-1] + REPLY_TOKENS, counts[-1])


def without_images(record: Record) -> Record:
    """The record with its texts alone."""
    if not any(message.images for message in turns(record)):
        return record
    match record:
        case PreferenceRecord():
            return replace(
                record,
                messages=tuple(map(_text_of, record.messages)),
                preferred=tuple(map(_text_of, record.preferred)),
                non_preferred=tuple(map(_text_of, record.non_preferred)),
            )
        case ChatRecord() | ReinforcementRecord():
            return replace(record, messages=tuple(map(_text_of, record.messages)))
        case CompletionRecord():
            return record


def _text_of(message: Message) -> Message:
    return replace(message, parts=tuple(part for part in message.parts if not isinstance(part, ImagePart)))


def images_of(record: Record) -> Iterator[ImagePart]:
    """The pictures of a row."""
    for message in turns(record):
        yield from message.images


@dataclass(frozen=True, slots=True)
class Instruction:
    """Something that many rows may begin with: a system prompt, or definitions of tools. `id` tells it from others."""

    id: str
    words: str
    """What a person knows it by."""


NO_INSTRUCTION = Instruction("", "")


def system_of(record: Record) -> tuple[Instruction, Message | None]:
    """The system prompt that a row begins with, and its message."""
    if isinstance(record, CompletionRecord) or not record.messages or record.messages[0].role not in INSTRUCTING:
        return NO_INSTRUCTION, None
    message = record.messages[0]
    return system_instruction(message.role, message.text), message


def system_instruction(role: str, text: str) -> Instruction:
    """The instruction that a system prompt is."""
    return Instruction(_id_of(f"{role}\0{text}"), text[:_WORDS])


def tools_of(record: Record) -> Instruction:
    """The definitions of tools in a row."""
    if isinstance(record, CompletionRecord) or not record.tools:
        return NO_INSTRUCTION
    functions = [tool.get("function") for tool in record.tools]
    names = [str(function.get("name")) for function in functions if isinstance(function, dict)]
    text = json.dumps(list(record.tools), sort_keys=True, default=str)
    return Instruction(_id_of(text), ", ".join(names)[:_WORDS])


_WORDS = 200


def _id_of(text: str) -> str:
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:16]
