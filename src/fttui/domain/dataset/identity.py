"""What makes two rows the same: their content, their prompt, their answer; what labels a row; keys to compare by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import RawTurn, Row, as_list, row_of
from fttui.domain.dataset.similarity import normalised

LABEL_LENGTH = 80
"""Characters of the longest answer that may be the label of a class."""

_INSTRUCTIONS = ("system", "developer")


def key(text: str) -> int:
    """64 bits that tell texts apart, the same in every process; never 0."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) or 1


def content_key(value: Mapping[str, object]) -> int:
    """The key of a row's content, whatever the order of its keys and the way its JSON is written."""
    return key(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class Facets:
    """What a row is compared by. Keys are of normalised texts: case, width of characters and spaces do not count.

    `prompt` is everything before the answer that is to be learnt, instructions included; `answer` is that answer, the
    better one in preference data; `question` is what the conversation opens with, without instructions; `label` is the
    answer where it is short enough to be the name of a class, else 0; `said` is all but the instructions, which many
    rows share, as a text; `content` alone is exact.
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
        asked = key(prompt)
        return Facets(content, asked, key(completion), asked, _label(completion), f"{prompt}\n{completion}")
    row = row_of(value, data_format)
    turns = row.turns
    words = [normalised(_words(turn)) for turn in turns]
    place = _answer_place(row)
    spoken = [f"{turn.role}: {said}" for turn, said in zip(turns[:place], words, strict=False)]
    answer = words[place] if place < len(words) else ""
    heard = [said for turn, said in zip(turns, words, strict=True) if turn.role not in _INSTRUCTIONS]
    return Facets(
        content=content,
        prompt=key("\n".join(spoken)),
        answer=key(answer),
        question=key(heard[0] if heard else ""),
        label=_label(answer),
        said="\n".join(heard),
    )


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
    value = turn.value
    content = value.get("content")
    if isinstance(content, str) and "tool_calls" not in value and "function_call" not in value:
        return content
    words = [content] if isinstance(content, str) else [_part(part) for part in as_list(content)]
    words += [json.dumps(value[name], sort_keys=True) for name in ("tool_calls", "function_call") if value.get(name)]
    return "\n".join(words)


def _part(part: object) -> str:
    if not isinstance(part, dict):
        return ""
    return part["text"] if isinstance(part.get("text"), str) else json.dumps(part, sort_keys=True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
