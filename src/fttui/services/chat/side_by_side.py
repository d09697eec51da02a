"""The same question to several models at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fttui.domain.chat.conversation import Conversation, SamplingSettings
from fttui.services.chat.talk import stream_reply
from fttui.services.ports import ChatApi, Clock

GREEDY = SamplingSettings(temperature=0.0, max_tokens=256)
"""The likeliest answer, the same each time."""


async def answers(
    provider: ChatApi,
    models: Sequence[str],
    question: str,
    *,
    system: str,
    clock: Clock,
    sampling: SamplingSettings = GREEDY,
) -> tuple[Conversation, ...]:
    """Ask every model the same question side by side.

    Returns:
        One finished conversation for each model, in the order given.
    """

    async def ask(model: str) -> Conversation:
        conversation = Conversation(model, system).ask(question)
        async for grown in stream_reply(provider, conversation, sampling, clock):
            conversation = grown
        return conversation

    return tuple(await asyncio.gather(*(ask(model) for model in models)))
