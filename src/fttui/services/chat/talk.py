"""A reply as it streams in, folded into the conversation piece by piece."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, Literal, cast

from fttui.domain.chat.conversation import Conversation, Delta, Ending, SamplingSettings
from fttui.domain.errors import ProviderError
from fttui.services.ports import ChatApi, Clock

_log = logging.getLogger(__name__)


async def stream_reply(
    provider: ChatApi,
    conversation: Conversation,
    sampling: SamplingSettings,
    clock: Clock,
    *,
    stop: asyncio.Event | None = None,
) -> AsyncIterator[Conversation]:
    """Yield the conversation as it grows; the last one has an ending and times.

    A stream that breaks after some text ends as cut off, and the text is kept.

    Args:
        provider: who answers.
        conversation: ends with the empty reply that is to be filled (`Conversation.ask`).
        sampling: how the reply is drawn.
        clock: tells the times.
        stop: when set, the reply ends as stopped and what came is kept.

    Raises:
        ProviderError: the provider gave no reply at all.
    """
    began = clock.now()
    first: float | None = None
    ending = Ending.CUT_OFF
    pieces = provider.reply(conversation.model, conversation.to_send, sampling)
    try:
        async with aclosing(_until(stop, pieces)) as arriving:
            async for delta in arriving:
                if delta.text and first is None:
                    first = clock.now() - began
                conversation = conversation.receive(delta)
                yield conversation
        if stop is not None and stop.is_set():
            ending = Ending.STOPPED
    except ProviderError as error:
        if first is None:
            raise
        _log.warning("a reply broke off: %s", error.message)
    yield conversation.finish(ending, clock.now() - began, first)


async def _until(stop: asyncio.Event | None, pieces: AsyncIterator[Delta]) -> AsyncGenerator[Delta]:
    """Pass pieces on until they end or `stop` is set, and let go of the stream in either case."""
    waiting = asyncio.create_task(stop.wait()) if stop is not None else None
    try:
        while (delta := await _next(pieces, waiting)) is not None:
            yield delta
    finally:
        if waiting is not None:
            waiting.cancel()
        # Replies are asynchronous generators at heart; one that is not has nothing to close.
        if hasattr(pieces, "aclose"):
            await cast("AsyncGenerator[Delta]", pieces).aclose()


async def _next(pieces: AsyncIterator[Delta], stopped: asyncio.Task[Literal[True]] | None) -> Delta | None:
    if stopped is None:
        return await anext(pieces, None)
    arriving = asyncio.ensure_future(anext(pieces, None))
    either: set[asyncio.Future[Any]] = {arriving, stopped}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return await arriving if arriving.done() and not stopped.done() else None
    finally:
        if not arriving.done():
            arriving.cancel()
            with suppress(asyncio.CancelledError):
                await arriving
