"""Sending an answer: all at once, or piece by piece as server-sent events; both stop when the client is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import StreamingResponse

from fttui.engine.json_values import JsonValue, encode

Result = TypeVar("Result")

_END = b"data: [DONE]\n\n"


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


def event(value: JsonValue) -> bytes:
    """Return one server-sent event."""
    return b"data: " + encode(value).encode() + b"\n\n"


class EventStream(StreamingResponse):
    """Server-sent events, ended by the protocol's last word."""

    def __init__(self, events: AsyncIterator[bytes]) -> None:
        super().__init__(_closed(events), media_type="text/event-stream", headers={"cache-control": "no-cache"})


async def _closed(events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in events:
        yield piece
    yield _END


async def unless_gone(request: Request, work: Awaitable[Result]) -> Result:
    """Do something for as long as the client waits for it.

    Raises:
        ClientGoneError: it has gone; the work was cancelled.
    """
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGoneError
        return working.result()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
