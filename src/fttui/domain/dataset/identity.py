"""What makes two rows the same: their content, their prompt, their answer; what labels a row; keys to compare by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import RawTurn, Row, as_list, row_of
from fttui.domain.dataset.similarity import normalised

LABEL_LENGTH = 80
"""Characters of the longest answer that may be the label of a class."""


def key(text: str) -> int:
    """64 bits that tell texts apart, the same in every process; never 0."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) or 1


def content_key(value: Mapping[str, object]) -> int:
    """The key of a row's content, whatever the order of its keys and the way its JSON is written."""
    return key(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def normalised_key(text: str) -> int:
    """The key of a text apart from case, width of characters and white space."""
    return key(normalised(text))


def prompt_of(value: Mapping[str, object], data_format: DataFormat) -> str:
    """Everything said before the answer that is to be learnt, instructions included."""
    if data_format is DataFormat.COMPLETION:
        return _text(value.get("prompt"))
    row = row_of(value, data_format)
    return _spoken(row.dialogue[: _answer_place(row)])


def question_of(value: Mapping[str, object], data_format: DataFormat) -> str:
    """What the conversation opens with, without instructions: rows that share it belong to one group."""
    if data_format is DataFormat.COMPLETION:
        return _text(value.get("prompt"))
    asked = [turn for turn in row_of(value, data_format).dialogue if turn.role not in ("system", "developer")]
    return _spoken(asked[:1])


def answer_of(value: Mapping[str, object], data_format: DataFormat) -> str:
    """What is to be learnt: the last answer, or the better one."""
    if data_format is DataFormat.COMPLETION:
        return _text(value.get("completion"))
    row = row_of(value, data_format)
    place = _answer_place(row)
    turns = row.answers[:1] if data_format is DataFormat.PREFERENCE else row.dialogue[place : place + 1]
    return "\n".join(_words(turn) for turn in turns)


def dialogue_of(value: Mapping[str, object], data_format: DataFormat) -> str:
    """All that is said in a row but instructions, which many rows share: what near duplicates are judged by."""
    if data_format is DataFormat.COMPLETION:
        return f"{_text(value.get('prompt'))}\n{_text(value.get('completion'))}"
    turns = row_of(value, data_format).turns
    return "\n".join(_words(turn) for turn in turns if turn.role not in ("system", "developer"))


def label_of(value: Mapping[str, object], data_format: DataFormat) -> str | None:
    """The class that a row of classification data belongs to: its answer, if that is short."""
    answer = answer_of(value, data_format).strip()
    return answer if 0 < len(answer) <= LABEL_LENGTH else None


def _answer_place(row: Row) -> int:
    """Where in the dialogue the last answer of the assistant stands; the end where there is none."""
    if row.format is not DataFormat.CHAT:
        return len(row.dialogue)
    for place in range(len(row.dialogue) - 1, -1, -1):
        if row.dialogue[place].role == "assistant":
            return place
    return len(row.dialogue)


def _spoken(turns: Iterable[RawTurn]) -> str:
    return "\n".join(f"{turn.role}: {_words(turn)}" for turn in turns)


def _words(turn: RawTurn) -> str:
    content = turn.value.get("content")
    words = [content] if isinstance(content, str) else []
    words += [_part(part) for part in as_list(content)]
    words += [json.dumps(turn.value[name]) for name in ("tool_calls", "function_call") if turn.value.get(name)]
    return "\n".join(words)


def _part(part: object) -> str:
    if not isinstance(part, dict):
        return ""
    return part["text"] if isinstance(part.get("text"), str) else json.dumps(part, sort_keys=True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
