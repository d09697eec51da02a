"""A saved conversation: what it is, and its form as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fttui.domain.chat.conversation import Conversation, Ending, Speaker, Turn, Usage

VERSION = 1
_TITLE_LENGTH = 60


class NotATranscriptError(ValueError):
    """Something that was read is not a transcript; the message names the place."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation on disk. Times are unix seconds."""

    id: str
    profile: str
    conversation: Conversation
    created_at: float
    updated_at: float

    @property
    def title(self) -> str:
        """The first question, cut to one short line of foreign text."""
        return title_of(self.conversation)


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """A saved conversation in a list; `title` and `model` are foreign text."""

    id: str
    title: str
    model: str
    profile: str
    turns: int
    updated_at: float


def title_of(conversation: Conversation) -> str:
    """The first question in one line, cut to a title's length."""
    asked = next((turn.text for turn in conversation.turns if turn.speaker is Speaker.USER), "")
    line = " ".join(asked.split())
    return line if len(line) <= _TITLE_LENGTH else line[: _TITLE_LENGTH - 1] + "…"


def encode(transcript: Transcript) -> dict[str, object]:
    """Turn a transcript into plain JSON values."""
    return {
        "version": VERSION,
        "id": transcript.id,
        "profile": transcript.profile,
        "created_at": transcript.created_at,
        "updated_at": transcript.updated_at,
        "model": transcript.conversation.model,
        "system": transcript.conversation.system,
        "turns": [_encode_turn(turn) for turn in transcript.conversation.turns],
    }


def decode(value: object) -> Transcript:
    """Read a transcript from plain JSON values.

    Raises:
        NotATranscriptError: they are not a transcript of this version; the message says where.
    """
    table = _table(value, "the file")
    if table.get("version") != VERSION:
        raise NotATranscriptError(f"version is {table.get('version')!r:.20}, not {VERSION}")
    turns = table.get("turns")
    if not isinstance(turns, list):
        raise NotATranscriptError("turns is not a list")
    conversation = Conversation(
        _text(table, "model"),
        _text(table, "system"),
        tuple(_decode_turn(turn, f"turns[{place}]") for place, turn in enumerate(turns)),
    )
    return Transcript(
        _text(table, "id"),
        _text(table, "profile"),
        conversation,
        _number(table, "created_at") or 0.0,
        _number(table, "updated_at") or 0.0,
    )


def _encode_turn(turn: Turn) -> dict[str, object]:
    encoded: dict[str, object] = {"speaker": turn.speaker.value, "text": turn.text}
    if turn.ending is not None:
        encoded["ending"] = turn.ending.value
    if turn.usage is not None:
        encoded["usage"] = {
            "prompt_tokens": turn.usage.prompt_tokens,
            "completion_tokens": turn.usage.completion_tokens,
        }
    if turn.seconds is not None:
        encoded["seconds"] = turn.seconds
    if turn.first_token_seconds is not None:
        encoded["first_token_seconds"] = turn.first_token_seconds
    return encoded


def _decode_turn(value: object, place: str) -> Turn:
    table = _table(value, place)
    ending = table.get("ending")
    try:
        return Turn(
            Speaker(_text(table, "speaker")),
            _text(table, "text"),
            ending=None if ending is None else Ending(_text(table, "ending")),
            usage=_decode_usage(table.get("usage")),
            seconds=_number(table, "seconds"),
            first_token_seconds=_number(table, "first_token_seconds"),
        )
    except ValueError as error:
        raise NotATranscriptError(f"{place}: {error}") from None


def _decode_usage(value: object) -> Usage | None:
    if value is None:
        return None
    table = _table(value, "usage")
    prompt, completion = table.get("prompt_tokens"), table.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int):
        raise NotATranscriptError("usage holds no whole numbers")
    return Usage(prompt, completion)


def _table(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise NotATranscriptError(f"{place} is not an object")
    return value


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str):
        raise NotATranscriptError(f"{key} is not text")
    return value


def _number(table: Mapping[str, object], key: str) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotATranscriptError(f"{key} is not a number")
    return float(value)
