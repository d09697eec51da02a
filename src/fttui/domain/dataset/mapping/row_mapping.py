"""What a person says about how rows become training rows, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What the rows become."""

    CHAT = "chat"
    PREFERENCE = "preference"
    COMPLETION = "completion"


@dataclass(frozen=True, slots=True)
class TurnList:
    """A list of turns inside a row.

    Each entry is an object that names its speaker under `role` and has the text under `content`; or, where `speakers`
    is given, an object (or a list) in which each of these keys (or places) holds what one role says.
    """

    field: str
    role: str = "role"
    content: str = "content"
    speakers: tuple[tuple[str, str], ...] = ()
    """Pairs of a key and the role it speaks for, in the order of speaking."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: who speaks, and the template of what is said. An empty text leaves the message out."""

    role: str
    template: str


@dataclass(frozen=True, slots=True)
class RowMapping:
    """How a row becomes a training row.

    A conversation is: the system turns, then the list of turns, then the other turns. Its system turns take the
    place of those in the list. A preference row has a conversation and two answers. A prompt/completion row has two
    templates; without them the conversation's last answer is the completion, and what comes before it the prompt.
    """

    target: Target = Target.CHAT
    turns: tuple[Turn, ...] = ()
    turn_list: TurnList | None = None
    roles: tuple[tuple[str, str], ...] = ()
    """Pairs of a speaker's name in the data and the role it means, on top of the names that are known anyway."""
    prompt: str = ""
    completion: str = ""
    preferred: str = ""
    non_preferred: str = ""
    tools: str = ""
    """Path of the functions that may be called, as a list or as JSON text."""
    defaults: tuple[tuple[str, str], ...] = ()
    """Pairs of a field and the text it has where it is empty."""
    where: str = ""
    """Which rows to take; empty for all."""
    sample: int | None = None
    """How many rows to draw, or None for all."""
    seed: int = 0

    def said_by(self, role: str) -> str:
        """The template of the first turn of a role; empty where there is none."""
        return next((turn.template for turn in self.turns if turn.role == role), "")
