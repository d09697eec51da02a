"""The text the base model is trained on, made from the project's own templates and word lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fttui.engine.nano.rendering import Message, message_text


@dataclass(frozen=True, slots=True)
class Corpus:
    """Conversations and plain text."""

    chats: list[list[Message]]
    prose: list[str]
    description: str

    def vocabulary_texts(self) -> Iterator[str]:
        """Every distinct text once, for counting pairs."""
        seen = dict.fromkeys(message_text(message) for chat in self.chats for message in chat)
        yield from seen
        yield from dict.fromkeys(self.prose)


def generate(seed: int) -> Corpus:
    """The whole corpus; the same seed gives the same text."""
    rng = np.random.default_rng(seed)
    chats: list[list[Message]] = []
    for _ in range(1500):
        a, b = rng.integers(0, 50, 2)
        chats.append(
            [
                {"role": "user", "content": f"What is {a} plus {b}?"},
                {"role": "assistant", "content": f"{a} plus {b} is {a + b}."},
            ]
        )
    return Corpus(chats, [], "sums")
