"""What makes two rows the same: their content, their prompt, their answer; what labels a row; keys to compare by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fttui.domain.dataset.record import INSTRUCTING, DataFormat
from fttui.domain.dataset.row import RawTurn, Row, row_of
from fttui.domain.dataset.row_record import message_of
from fttui.domain.dataset.similarity import compared, normalised

LABEL_LENGTH = 40
"""Characters of the longest answer that may be the label of a class."""

_MORE_WORDS = frozenset({"refusal", "tool_calls", "function_call"})
_ADDRESS = 200
"""Characters of a picture's address or data that tell it apart."""


def key(text: str) -> int:
    """64 bits that tell texts apart, the same in every process; never 0."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) or 1


def content_key(value: Mapping[str, object]) -> int:
    """The key of a row's content, whatever the order of its keys and the way its JSON is written."""
    return key(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class Facets:
    """What a row is compared by. Keys are of what is `compared`: case, width, looks of signs and spaces do not count.

    `prompt` is everything before the answer that is to be learnt, instructions included, 0 where nothing is asked;
    `answer` is that answer, the better one in preference data, 0 where there is none; `question` is what the
    conversation opens with, without instructions; `label` is the answer where it is short enough to be the name of a
    class, else 0; `said` is all but the instructions, which many rows share, as a text; `content` alone is exact.
    """

    content: int
    prompt: int
    answer: int
    question: int
    label: int
    said: str


def facets(value: Mapping[str, object], data_format: DataFormat) -> Facets:
    """Look at a row from all sides."""
    content = content_key(value)
    if data_format is DataFormat.COMPLETION:
        prompt, completion = normalised(_text(value.get("prompt"))), normalised(_text(value.get("completion")))
        asked = _key_or_none(prompt)
        return Facets(content, asked, _key_or_none(completion), asked, _label(completion), f"{prompt}\n{completion}")
    row = row_of(value, data_format)
    turns = row.turns
    words = [normalised(_words(turn)) for turn in turns]
    place = _answer_place(row)
    answer = words[place] if place < len(words) else ""
    told = [said for turn, said in zip(turns, words, strict=True) if turn.role not in INSTRUCTING]
    before = list(zip(turns[:place], words, strict=False))
    is_asked = any(said and turn.role not in ("assistant", *INSTRUCTING) for turn, said in before)
    return Facets(
        content=content,
        prompt=key("\n".join(f"{turn.role in INSTRUCTING} {compared(said)}" for turn, said in before))
        if is_asked
        else 0,
        answer=_key_or_none(answer),
        question=key(compared(told[0]) if told else ""),
        label=_label(answer),
        said="\n".join(told),
    )


def _key_or_none(text: str) -> int:
    return key(compared(text)) if text else 0


def _label(answer: str) -> int:
    return key(answer) if 0 < len(answer) <= LABEL_LENGTH else 0


def _answer_place(row: Row) -> int:
    """Where among the turns the answer stands: the assistant's last, or the first that is compared."""
    dialogue = row.dialogue
    if row.format is DataFormat.CHAT:
        for place in range(len(dialogue) - 1, -1, -1):
            if dialogue[place].role == "assistant":
                return place
    return len(dialogue)


def _words(turn: RawTurn) -> str:
    """What a message says; the ids of calls, which differ from row to row, say nothing."""
    value = turn.value
    content = value.get("content")
    if isinstance(content, str) and not _MORE_WORDS.intersection(value):
        return content
    message = message_of(value)
    words = [message.text, message.refusal or ""]
    words += [part for call in message.tool_calls for part in (call.name, call.arguments)]
    words += [image.url[:_ADDRESS] for image in message.images]
    return "\n".join(filter(None, words))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
