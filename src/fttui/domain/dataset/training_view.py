"""What becomes of every turn of an example in training: learnt, only read, masked by its weight, or cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fttui.domain.dataset.record import (
    CompletionRecord,
    Message,
    PreferenceRecord,
    Record,
    ReinforcementRecord,
    TextPart,
    turns,
)
from fttui.domain.dataset.tokens import TextCounter, message_tokens, tool_tokens


class Fate(StrEnum):
    """What training does with a turn."""

    TRAINED = "trained"
    AGAINST = "trained against"
    """The worse answer of a preference row."""
    CONTEXT = "read, not trained"
    MASKED = "masked, weight 0"
    CUT = "cut off"


@dataclass(frozen=True, slots=True)
class TurnFate:
    """The fate of one turn, in the order of `turns`.

    `tokens` counts all of it, `trained` those that are learnt, `masked` those that weight 0 keeps from it, `cut` those
    beyond the limit. `kept` is how many
    characters of `turn_text` stand before the cut; None where nothing is cut. `path` is where the turn stands in the
    row, such as ``messages[2]``.
    """

    path: str
    role: str
    fate: Fate
    tokens: int
    trained: int
    cut: int = 0
    kept: int | None = None
    masked: int = 0


@dataclass(frozen=True, slots=True)
class TrainingView:
    """All turns, and what they come to; `tools` are the tokens of tool definitions, which are only read."""

    turns: tuple[TurnFate, ...]
    tools: int
    limit: int | None

    @property
    def tokens(self) -> int:
        """All tokens, those that are cut off included."""
        return self.tools + sum(turn.tokens for turn in self.turns)

    @property
    def trained(self) -> int:
        """Tokens that are learnt."""
        return sum(turn.trained for turn in self.turns)

    @property
    def cut(self) -> int:
        """Tokens beyond the limit."""
        return sum(turn.cut for turn in self.turns)

    @property
    def masked(self) -> int:
        """Tokens of answers that weight 0 keeps from being learnt, as far as they are not cut off."""
        return sum(turn.masked for turn in self.turns)

    @property
    def words(self) -> str:
        """The totals in a line."""
        share = 100 * self.trained / self.tokens if self.tokens else 0.0
        words = f"{self.trained:,} of {self.tokens:,} tokens trained ({share:.0f} %)"
        if self.masked:
            words += f" · {self.masked:,} masked"
        if self.cut:
            words += f" · {self.cut:,} cut off at {self.limit:,}"
        return words


def turn_text(message: Message) -> str:
    """All that a message says, in the order in which it is counted: text, refusal, calls."""
    words = [part.text for part in message.parts if isinstance(part, TextPart)]
    if message.refusal:
        words.append(message.refusal)
    words += [f"{call.name} {call.arguments}" for call in message.tool_calls]
    return "\n".join(words)


def training_view(
    record: Record, counter: TextCounter, model: str | None = None, limit: int | None = None
) -> TrainingView:
    """Follow an example through training.

    Args:
        record: the example.
        counter: counts tokens.
        model: sets what an image costs.
        limit: tokens that training takes of an example; what comes after is cut off.
    """
    messages = turns(record)
    fates = list(_fates(record, messages))
    tools = 0 if isinstance(record, CompletionRecord) else tool_tokens(record.tools, counter)
    common = len(record.messages) if isinstance(record, PreferenceRecord) else len(messages)
    worse = common + len(record.preferred) if isinstance(record, PreferenceRecord) else len(messages)
    entries: list[TurnFate] = []
    position = before_answers = tools
    paths = turn_paths(record)
    for place, (message, fate) in enumerate(zip(messages, fates, strict=True)):
        if place == common:
            before_answers = position
        if place == worse:
            # Each of the two answers follows the conversation by itself.
            position = before_answers
        entry = _turn(paths[place], record, message, fate, counter, model, None if limit is None else limit - position)
        entries.append(entry)
        position += entry.tokens
    return TrainingView(tuple(entries), tools, limit)


def turn_paths(record: Record) -> tuple[str, ...]:
    """Where each of the `turns` of a record stands in its row."""
    if isinstance(record, CompletionRecord):
        return ("prompt", "completion")
    if isinstance(record, PreferenceRecord):
        lists = {
            "input.messages": record.messages,
            "preferred_output": record.preferred,
            "non_preferred_output": record.non_preferred,
        }
        return tuple(f"{name}[{place}]" for name, messages in lists.items() for place in range(len(messages)))
    return tuple(f"messages[{place}]" for place in range(len(record.messages)))


def _fates(record: Record, messages: Sequence[Message]) -> Iterator[Fate]:
    if isinstance(record, CompletionRecord):
        yield from (Fate.CONTEXT, Fate.TRAINED)
    elif isinstance(record, PreferenceRecord):
        yield from [Fate.CONTEXT] * len(record.messages)
        yield from [Fate.TRAINED] * len(record.preferred)
        yield from [Fate.AGAINST] * len(record.non_preferred)
    elif isinstance(record, ReinforcementRecord):
        yield from [Fate.CONTEXT] * len(messages)
    else:
        for message in messages:
            if message.role != "assistant":
                yield Fate.CONTEXT
            else:
                yield Fate.TRAINED if message.is_trained else Fate.MASKED


def _turn(
    path: str, record: Record, message: Message, fate: Fate, counter: TextCounter, model: str | None, room: int | None
) -> TurnFate:
    text = turn_text(message)
    framed = not isinstance(record, CompletionRecord)
    tokens = message_tokens(message, counter, model) if framed else counter.count(message.text)
    said = _said(message, counter) if framed else tokens
    if room is not None and room <= 0:
        return TurnFate(path, message.role, Fate.CUT, tokens, 0, tokens, 0)
    whole = room is None or tokens <= room
    inside = said if room is None or whole else max(room - (tokens - said), 0)
    reached = min(said, inside)
    return TurnFate(
        path,
        message.role,
        fate,
        tokens,
        trained=reached if fate in (Fate.TRAINED, Fate.AGAINST) else 0,
        cut=0 if room is None or whole else tokens - room,
        kept=None if whole else _fitting(text, inside, counter),
        masked=reached if fate is Fate.MASKED else 0,
    )


def _said(message: Message, counter: TextCounter) -> int:
    """Tokens of what is said, without the frame, the name and pictures: what is learnt of a turn that is learnt."""
    bare = Message(message.role)
    spoken = Message(message.role, parts=_texts(message), refusal=message.refusal, tool_calls=message.tool_calls)
    return message_tokens(spoken, counter) - message_tokens(bare, counter)


def _texts(message: Message) -> tuple[TextPart, ...]:
    return tuple(part for part in message.parts if isinstance(part, TextPart))


def _fitting(text: str, tokens: int, counter: TextCounter) -> int:
    """How many characters of a text have at most so many tokens."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if counter.count(text[:middle]) <= tokens:
            low = middle
        else:
            high = middle - 1
    return low
