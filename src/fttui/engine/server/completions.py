"""/completions: the continuation of plain texts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fttui.engine.identifiers import new_id, unix_now
from fttui.engine.json_values import JsonObject
from fttui.engine.server.bodies import Body, read_object
from fttui.engine.server.completion_requests import CompletionRequest, parse_completion_request
from fttui.engine.server.context import Context, context_of
from fttui.engine.server.inference import Answer
from fttui.engine.server.models import weights_of
from fttui.engine.server.streams import EventStream, event, unless_gone

if TYPE_CHECKING:
    from fttui.engine.server.completion_choices import Choice


def routes() -> list[Route]:
    """Return the endpoint."""
    return [Route("/v1/completions", create_completion, methods=["POST"])]


async def create_completion(request: Request) -> Response:
    """POST /completions."""
    context = context_of(request)
    asked = await run_in_threadpool(parse_completion_request, Body(await read_object(request)))
    completion = _Completion(asked, await run_in_threadpool(_choices, context, asked))
    if asked.streaming.wanted:
        return EventStream(_pieces(context, completion))
    await unless_gone(request, _complete(context, completion))
    return JSONResponse(completion.whole())


class _Completion:
    """The answer to one request."""

    def __init__(self, asked: CompletionRequest, choices: Sequence[Choice]) -> None:
        self.asked = asked
        self.choices = choices
        self._id = new_id("cmpl-")
        self._created = unix_now()

    def whole(self) -> JsonObject:
        """Return the answer in one."""
        return {**self._head(), "choices": [choice.whole() for choice in self.choices], "usage": self._usage()}

    def piece(self, choice: JsonObject) -> JsonObject:
        """Return a piece of a streamed answer."""
        return {**self._head(), "choices": [choice]}

    def usage_piece(self) -> JsonObject:
        """Return the piece of a streamed answer that tells its cost."""
        return {**self._head(), "choices": [], "usage": self._usage()}

    def _head(self) -> JsonObject:
        return {
            "id": self._id,
            "object": "text_completion",
            "created": self._created,
            "model": self.asked.model,
            "system_fingerprint": "fp_local_nano",
        }

    def _usage(self) -> JsonObject:
        prompt = sum(choice.prompt_tokens for choice in self.choices)
        completion = sum(choice.completion_tokens for choice in self.choices)
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _choices(context: Context, asked: CompletionRequest) -> list[Choice]:
    model = context.loaded.load(asked.model, weights_of(context, asked.model))
    from fttui.engine.server.completion_choices import Choice

    return [Choice(asked, model, index) for index in range(len(asked.prompts))]


async def _complete(context: Context, completion: _Completion) -> None:
    for choice in completion.choices:
        async with context.loaded.turns, aclosing(Answer(choice.make).batches()) as batches:
            async for tokens in batches:
                choice.take(tokens)


async def _pieces(context: Context, completion: _Completion) -> AsyncIterator[bytes]:
    """Yield server-sent events, one prompt after another."""
    for choice in completion.choices:
        async with context.loaded.turns, aclosing(Answer(choice.make).batches()) as batches:
            if completion.asked.echo:
                yield event(completion.piece(choice.echoed()))
            async for tokens in batches:
                for token in tokens:
                    yield event(completion.piece(choice.piece(choice.take([token]))))
        yield event(completion.piece(choice.piece("", last=True)))
    if completion.asked.streaming.include_usage:
        yield event(completion.usage_piece())
