"""The text the base model is trained on, made from the project's own templates, tables and word lists."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fttui.engine.nano.corpus import exercises, extraction, facts, prose
from fttui.engine.nano.corpus.draw import Draw
from fttui.engine.nano.rendering import Message, message_text

Exchange = tuple[str, str]

# What can be listed, and how many copies of the list.
_LISTED: tuple[tuple[Callable[[], Iterator[Exchange]], int], ...] = (
    (facts.every_fact, 2),
    (facts.general_questions, 6),
    (facts.every_talk, 7),
)
# What is drawn, and how many exchanges of it.
_DRAWN: tuple[tuple[Callable[[Draw], Exchange], int], ...] = (
    (facts.unknown, 1600),
    (facts.translation, 900),
    (facts.language_question, 200),
    (exercises.sums, 800),
    (exercises.copying, 3600),
    (exercises.spelling, 500),
    (exercises.ordering, 700),
    (exercises.looking_up, 1100),
    (exercises.labelling, 500),
    (extraction.pairs_to_json, 1400),
    (prose.summary, 600),
    (prose.sentence_question, 900),
)
_REQUESTS = 2600
_PARAGRAPHS = 900
_PASSAGE_COPIES = 4

_INSTRUCTIONS = (
    "You are a helpful assistant.",
    "You are a friendly assistant. Answer briefly.",
    "Answer in one sentence.",
    "You are a customer support agent.",
    "You are a careful assistant for short questions.",
    "Be brief and plain.",
    "你是一个乐于助人的助手。",
    "请简短回答。",
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Conversations and plain text."""

    chats: list[list[Message]]
    prose: list[str]

    @property
    def description(self) -> str:
        """What the corpus is, in one sentence."""
        return (
            f"{len(self.chats)} conversations and {len(self.prose)} plain texts in English and Chinese, made by script "
            "from the project's own templates, tables and word lists: everyday facts, small talk, support and contract "
            "questions, translations, sums, copying, lists, look-ups, labels, summaries and JSON requests."
        )

    @property
    def sha256(self) -> str:
        """A hash of every word of it, in order."""
        return hashlib.sha256(json.dumps([self.chats, self.prose]).encode()).hexdigest()

    def vocabulary_texts(self) -> Iterator[str]:
        """Every distinct text once, and the word lists, for learning the vocabulary."""
        yield from dict.fromkeys(message_text(message) for chat in self.chats for message in chat)
        yield from dict.fromkeys(self.prose)
        yield from prose.word_lists()


def generate(seed: int) -> Corpus:
    """The whole corpus; the same seed gives the same text."""
    draw = Draw(seed)
    exchanges = [
        (facts.loosely(draw, said), answered)
        for every, copies in _LISTED
        for _ in range(copies)
        for said, answered in every()
    ]
    exchanges += [make(draw) for make, count in _DRAWN for _ in range(count)]
    chats = list(_conversations(draw, draw.some(exchanges, len(exchanges))))
    for _ in range(_REQUESTS):
        system, said, answered = extraction.request(draw)
        chats.append([_message("system", system), _message("user", said), _message("assistant", answered)])
    texts = list(prose.passages()) * _PASSAGE_COPIES
    texts += [prose.paragraph(draw) for _ in range(_PARAGRAPHS)]
    return Corpus(chats, texts)


def _conversations(draw: Draw, exchanges: list[Exchange]) -> Iterator[list[Message]]:
    """One to three exchanges in a row, some of them under an instruction."""
    waiting = list(exchanges)
    while waiting:
        count = draw.one((1, 1, 1, 1, 2, 3))
        chat = [_message("system", draw.one(_INSTRUCTIONS))] if draw.chance(0.35) else []
        for said, answered in waiting[:count]:
            chat += [_message("user", said), _message("assistant", answered)]
        del waiting[:count]
        yield chat


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
