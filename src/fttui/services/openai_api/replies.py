"""Streams a model's reply, and notices when it breaks off."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Literal

from fttui.domain.chat.conversation import Delta, Ending, SamplingSettings, Turn, Usage
from fttui.domain.errors import MalformedAnswerError, ProviderError, UnreachableError
from fttui.domain.profiles.profile import Profile
from fttui.domain.text import safe_line
from fttui.services.openai_api.connection import Connection, web_page
from fttui.services.openai_api.dialects import limits_by_older_name, talked_to_as, tells_usage
from fttui.services.openai_api.failures import in_plain_words
from fttui.services.openai_api.sse import EventDecoder

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam

SECONDS_WITHOUT_TOKEN = 60.0
REPLY_BYTES = 4 * 1024 * 1024
_DONE = b"[DONE]"
_ENDINGS = {
    "stop": Ending.STOP,
    "length": Ending.LENGTH,
    "content_filter": Ending.FILTERED,
    "tool_calls": Ending.TOOL_CALLS,
    "function_call": Ending.TOOL_CALLS,
}


async def stream_reply(
    connection: Connection,
    profile: Profile,
    model: str,
    turns: Sequence[Turn],
    sampling: SamplingSettings,
    *,
    patience: float = SECONDS_WITHOUT_TOKEN,
) -> AsyncGenerator[Delta, None]:
    """Ask for a reply and yield it piece by piece; the last piece carries the ending.

    What breaks after the first piece ends in a piece with CUT_OFF, so that the text so far is kept.

    Args:
        connection: where to ask.
        profile: whose deployments and names for limits hold.
        model: who is to answer.
        turns: what was said so far.
        sampling: how to draw the reply.
        patience: seconds to wait for the next token.

    Raises:
        ProviderError: any of its kinds, before the first piece; or the provider's own words for a failure midway.
    """
    ending: Ending | None = None
    text_seen = False
    try:
        async with aclosing(_events(connection, profile, model, turns, sampling, patience)) as events:
            async for data in events:
                delta = _delta(data)
                ending = delta.ending or ending
                if delta.text or delta.usage:
                    text_seen = True
                    yield Delta(delta.text, None, delta.usage)
    except (UnreachableError, MalformedAnswerError):
        if not text_seen:
            raise
        ending = Ending.CUT_OFF
    yield Delta(ending=ending or Ending.CUT_OFF)


async def _events(
    connection: Connection,
    profile: Profile,
    model: str,
    turns: Sequence[Turn],
    sampling: SamplingSettings,
    patience: float,
) -> AsyncGenerator[bytes, None]:
    sdk = await connection.client()
    from openai import omit

    limit = omit if sampling.max_tokens is None else sampling.max_tokens
    older = limits_by_older_name(profile)
    stream: Literal[True] = True
    decoder = EventDecoder(REPLY_BYTES)
    request = sdk.chat.completions.with_streaming_response.create(
        model=talked_to_as(model, profile),
        messages=_messages(turns),
        stream=stream,
        stream_options={"include_usage": True} if tells_usage(profile) else omit,
        temperature=omit if sampling.temperature is None else sampling.temperature,
        top_p=omit if sampling.top_p is None else sampling.top_p,
        seed=omit if sampling.seed is None else sampling.seed,
        stop=list(sampling.stop) or omit,
        max_tokens=limit if older else omit,
        max_completion_tokens=omit if older else limit,
        timeout=patience,
    )
    with in_plain_words(connection.host):
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(patience):
                answer = await stack.enter_async_context(request)
            if "html" in answer.headers.get("content-type", ""):
                raise web_page(connection.host)
            pieces = answer.iter_bytes()
            give_up_at = time.monotonic() + patience
            while piece := await _next_before(pieces, give_up_at):
                for data in decoder.feed(piece):
                    if data == _DONE:
                        return
                    yield data
                    # Only a whole event is a sign of life; a comment is not.
                    give_up_at = time.monotonic() + patience
            for data in decoder.flush():
                yield data


async def _next_before(pieces: AsyncIterator[bytes], give_up_at: float) -> bytes:
    """The next piece, empty at the end. No timer runs while the reader of the reply is busy with it."""
    async with asyncio.timeout(max(give_up_at - time.monotonic(), 0)):
        return await anext(pieces, b"")


def _messages(turns: Sequence[Turn]) -> list[ChatCompletionMessageParam]:
    messages: list[ChatCompletionMessageParam] = []
    for turn in turns:
        match turn.speaker.value:
            case "system":
                messages.append({"role": "system", "content": turn.text})
            case "user":
                messages.append({"role": "user", "content": turn.text})
            case _:
                messages.append({"role": "assistant", "content": turn.text})
    return messages


def _delta(data: bytes) -> Delta:
    """Read one event; whatever is not as promised counts as nothing said."""
    chunk = _json(data)
    if not isinstance(chunk, dict):
        return Delta()
    failure = chunk.get("error")
    if failure:
        said = failure.get("message") if isinstance(failure, dict) else failure
        raise ProviderError(safe_line(said, 400) if isinstance(said, str) else "The reply failed midway")
    choices = chunk.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    usage = _usage(chunk.get("usage"))
    if not isinstance(choice, dict):
        return Delta(usage=usage)
    reason = choice.get("finish_reason")
    ending = _ENDINGS.get(reason, Ending.STOP) if isinstance(reason, str) and reason else None
    piece = choice.get("delta")
    said = (piece.get("content") or piece.get("refusal")) if isinstance(piece, dict) else None
    return Delta(said if isinstance(said, str) else "", ending, usage)


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswerError("A piece of the reply cannot be read") from error


def _usage(raw: object) -> Usage | None:
    if not isinstance(raw, dict):
        return None
    prompt, completion = raw.get("prompt_tokens"), raw.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return None
    return Usage(prompt, completion)
