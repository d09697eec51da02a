"""A conversation with one model, and the pieces a reply arrives in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Speaker(StrEnum):
    """Who says a turn of a playground conversation."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Ending(StrEnum):
    """How a reply came to its end."""

    STOP = "stop"
    LENGTH = "length"
    FILTERED = "content_filter"
    TOOL_CALLS = "tool_calls"
    STOPPED = "stopped"
    """The person stopped it."""
    CUT_OFF = "cut_off"
    """The stream broke before the reply was complete."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens a reply took, as the provider counted them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class SamplingSettings:
    """How a reply is drawn; None leaves the choice to the provider."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a streaming reply: more text, and at the end how it ended and what it took."""

    text: str = ""
    ending: Ending | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn; `ending` is None while a reply still streams and for turns that are not replies."""

    speaker: Speaker
    text: str
    ending: Ending | None = None
    usage: Usage | None = None
    seconds: float | None = None
    """From sending to the last piece."""
    first_token_seconds: float | None = None

    @property
    def tokens_per_second(self) -> float | None:
        """Speed of the reply after its first piece, where usage and times are known."""
        if self.usage is None or self.seconds is None or self.first_token_seconds is None:
            return None
        span = self.seconds - self.first_token_seconds
        return self.usage.completion_tokens / span if span > 0 else None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of a chat with one model, without the system prompt, which stands apart and can be edited."""

    model: str
    system: str = ""
    turns: tuple[Turn, ...] = ()

    def ask(self, text: str) -> Conversation:
        """Add a user turn and an empty reply that is about to stream."""
        return replace(self, turns=(*self.turns, Turn(Speaker.USER, text), Turn(Speaker.ASSISTANT, "")))

    def receive(self, delta: Delta) -> Conversation:
        """Add a piece to the reply that streams."""
        last = self.turns[-1]
        updated = replace(
            last,
            text=last.text + delta.text,
            ending=delta.ending or last.ending,
            usage=delta.usage or last.usage,
        )
        return replace(self, turns=(*self.turns[:-1], updated))

    def finish(self, ending: Ending, seconds: float, first_token_seconds: float | None) -> Conversation:
        """Close the reply; an ending the provider already gave is kept."""
        last = self.turns[-1]
        closed = replace(last, ending=last.ending or ending, seconds=seconds, first_token_seconds=first_token_seconds)
        return replace(self, turns=(*self.turns[:-1], closed))

    def take_back(self) -> tuple[Conversation, str]:
        """Remove the last question and its reply; return the question, to be edited and asked again."""
        for place in range(len(self.turns) - 1, -1, -1):
            if self.turns[place].speaker is Speaker.USER:
                return replace(self, turns=self.turns[:place]), self.turns[place].text
        return self, ""

    @property
    def to_send(self) -> tuple[Turn, ...]:
        """What the provider must be sent: the system prompt if there is one, and all turns that have text."""
        system = (Turn(Speaker.SYSTEM, self.system),) if self.system else ()
        return (*system, *(turn for turn in self.turns if turn.text))
