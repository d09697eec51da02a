"""One connection to a provider: bounded answers, total deadlines, and the only place where a request is repeated."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

from fttui.domain.backoff import full_jitter
from fttui.domain.errors import MalformedAnswerError, ProviderError, RateLimitedError
from fttui.domain.profiles.profile import Endpoint
from fttui.services.clock import SystemClock
from fttui.services.openai_api import client as clients
from fttui.services.openai_api.failures import in_plain_words, is_worth_retrying
from fttui.services.ports import Clock

if TYPE_CHECKING:
    from openai import AsyncOpenAI

READ_SECONDS = 45.0
"""In all, for an answer to a question that changes nothing."""
CHANGE_SECONDS = 60.0
"""In all, for an answer to a request that changes something."""
ANSWER_BYTES = 32 * 1024 * 1024
TRIES = 3
PATIENCE_SECONDS = 20.0
"""The longest wait a provider may ask for that is waited out here; a longer one is the caller's to show."""

Result = TypeVar("Result")


class Answer(Protocol):
    """The part of the SDK's streamed answer that is used."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's headers."""
        ...

    def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The decoded body, piece by piece."""
        ...


Send = Callable[["AsyncOpenAI"], AbstractAsyncContextManager[Answer]]


class Connection:
    """Sends requests to one endpoint and reads the answers."""

    def __init__(self, endpoint: Endpoint, clock: Clock | None = None) -> None:
        self.host = clients.host_of(endpoint)
        self._endpoint = endpoint
        self._clock = clock or SystemClock()
        self._client: AsyncOpenAI | None = None
        self._building = asyncio.Lock()

    async def client(self) -> AsyncOpenAI:
        """The SDK's client, built on first use.

        Raises:
            SettingsError, KeyRefusedError, ProviderError: it cannot be built.
        """
        async with self._building:
            if self._client is None:
                self._client = await asyncio.to_thread(clients.build_client, self._endpoint)
            return self._client

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def ask(self, send: Send, *, seconds: float = CHANGE_SECONDS) -> object:
        """Send a request once; return the decoded JSON of the answer.

        Args:
            send: makes the request with the SDK's client, as a streamed response.
            seconds: the deadline for everything together.

        Raises:
            ProviderError: any of its kinds.
        """
        body = await self.download(send, seconds=seconds, limit=ANSWER_BYTES, refuse_pages=True)
        with in_plain_words(self.host):
            return json.loads(body)

    async def fetch(self, send: Send) -> object:
        """Ask for something that changes nothing; repeat when that may help.

        Raises:
            ProviderError: any of its kinds, after the last try.
        """
        return await self.repeat(lambda: self.ask(send, seconds=READ_SECONDS))

    async def repeat(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        """Try up to three times, with growing random waits; only for requests that may be sent again."""
        for failures in range(1, TRIES + 1):
            try:
                return await attempt()
            except ProviderError as error:
                asked = error.retry_after if isinstance(error, RateLimitedError) else None
                if failures == TRIES or not is_worth_retrying(error) or (asked or 0) > PATIENCE_SECONDS:
                    raise
                wait = full_jitter(failures, random.random())  # noqa: S311 - spreads load, guards nothing
                await self._clock.sleep(max(wait, asked or 0))
        raise AssertionError("the last try returns or raises")

    async def download(self, send: Send, *, seconds: float, limit: int, refuse_pages: bool = False) -> bytes:
        """Send a request once; return the body of the answer.

        Args:
            send: as for `ask`.
            seconds: the deadline for everything together.
            limit: most bytes to take.
            refuse_pages: whether a web page is an error.
        """
        sdk = await self.client()
        body = bytearray()
        with in_plain_words(self.host):
            async with asyncio.timeout(seconds), send(sdk) as answer:
                if refuse_pages and "html" in answer.headers.get("content-type", ""):
                    raise web_page(self.host)
                async for chunk in answer.iter_bytes(64 * 1024):
                    body += chunk
                    if len(body) > limit:
                        raise MalformedAnswerError(f"{self.host} sent more than {limit // 2**20} MB; reading stopped")
        if refuse_pages and body[:64].lstrip().startswith(b"<"):
            raise web_page(self.host)
        return bytes(body)


def web_page(host: str) -> MalformedAnswerError:
    """The error for an answer that is a page for people, such as the log-in page of a hotel's network."""
    return MalformedAnswerError(
        f"{host} answered with a web page",
        hint="Look at the address of the profile, and whether this network wants you to log in.",
    )
