"""/chat/completions: a reply of a model, whole or in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fttui.engine.identifiers import new_id, unix_now
from fttui.engine.json_values import JsonObject
from fttui.engine.server.bodies import Body, read_object
from fttui.engine.server.chat_requests import ChatRequest, parse_chat_request
from fttui.engine.server.context import Context, context_of
from fttui.engine.server.inference import Answer
from fttui.engine.server.logprobs import chat_logprob
from fttui.engine.server.models import weights_of
from fttui.engine.server.streams import EventStream, event, unless_gone
from fttui.engine.server.tool_calls import CallReader, ToolCall

if TYPE_CHECKING:
    from fttui.engine.nano.generation import GeneratedToken

_WHOLE = "chat.completion"
_PIECE = "chat.completion.chunk"


def routes() -> list[Route]:
    """Return the endpoint."""
    return [Route("/v1/chat/completions", create_chat_completion, methods=["POST"])]


async def create_chat_completion(request: Request) -> Response:
    """POST /chat/completions."""
    context = context_of(request)
    asked = await run_in_threadpool(parse_chat_request, Body(await read_object(request)))
    prompt_tokens, start = await run_in_threadpool(_prepare, context, asked)
    reply = _Reply(asked, prompt_tokens)
    answer = Answer(start)
    if asked.streaming.wanted:
        return EventStream(_pieces(context, reply, answer))
    await unless_gone(request, _complete(context, reply, answer))
    return JSONResponse(reply.whole())


class _Reply:
    """A reply while it grows."""

    def __init__(self, asked: ChatRequest, prompt_tokens: int) -> None:
        self._asked = asked
        self._prompt_tokens = prompt_tokens
        self._completion_tokens = 0
        self._id = new_id("chatcmpl-")
        self._created = unix_now()
        self._text = ""
        self._reader = CallReader() if asked.tools else None
        self._logprobs: list[JsonObject] = []
        self._finish_reason = "length"

    @property
    def asked(self) -> ChatRequest:
        """The request this is the reply to."""
        return self._asked

    @property
    def calls(self) -> list[ToolCall]:
        """The functions the model has called so far."""
        return self._reader.calls if self._reader else []

    def take(self, token: GeneratedToken) -> tuple[str, list[JsonObject]]:
        """Add a token, and return the text and the log-probabilities that are ready with it."""
        text = token.text
        if self._reader is not None:
            text = self._reader.push(text)
            if token.finish_reason is not None:
                text += self._reader.close()
        logprobs = [chat_logprob(token)] if self._asked.logprobs and not token.ends_turn else []
        self._completion_tokens += 1
        self._text += text
        self._logprobs += logprobs
        self._finish_reason = token.finish_reason or self._finish_reason
        return text, logprobs

    def whole(self) -> JsonObject:
        """Return the reply in one."""
        choice: JsonObject = {
            "index": 0,
            "message": self._message(),
            "logprobs": {"content": self._logprobs, "refusal": None} if self._asked.logprobs else None,
            "finish_reason": self._reason(),
        }
        return {**self._head(_WHOLE), "choices": [choice], "usage": self._usage()}

    def piece(self, delta: JsonObject, logprobs: Sequence[JsonObject] = (), *, last: bool = False) -> JsonObject:
        """Return a piece of a streamed reply."""
        choice: JsonObject = {
            "index": 0,
            "delta": delta,
            "logprobs": {"content": logprobs, "refusal": None} if logprobs else None,
            "finish_reason": self._reason() if last else None,
        }
        usage: JsonObject = {"usage": None} if self._asked.streaming.include_usage else {}
        return {**self._head(_PIECE), "choices": [choice], **usage}

    def usage_piece(self) -> JsonObject:
        """Return the piece of a streamed reply that tells its cost."""
        return {**self._head(_PIECE), "choices": [], "usage": self._usage()}

    def _message(self) -> JsonObject:
        if not self.calls:
            return {"role": "assistant", "content": self._text, "refusal": None}
        calls = [call.as_json() for call in self.calls]
        return {"role": "assistant", "content": self._text or None, "refusal": None, "tool_calls": calls}

    def _reason(self) -> str:
        return "tool_calls" if self.calls and self._finish_reason == "stop" else self._finish_reason

    def _head(self, kind: str) -> JsonObject:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._asked.model,
            "service_tier": "default",
            "system_fingerprint": "fp_local_nano",
        }

    def _usage(self) -> JsonObject:
        return {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": self._completion_tokens,
            "total_tokens": self._prompt_tokens + self._completion_tokens,
        }


def _prepare(context: Context, asked: ChatRequest) -> tuple[int, Callable[[], Iterator[GeneratedToken]]]:
    """Return the length of the prompt in tokens, and what makes the reply."""
    weights = weights_of(context, asked.model)
    model = context.loaded.load(asked.model, weights)
    from fttui.engine.nano.generation import generate
    from fttui.engine.nano.rendering import render_prompt

    prompt = render_prompt(asked.messages, model.tokenizer, model.config.context, asked.tools)
    return len(prompt), lambda: generate(model, prompt, asked.settings)


def _pieces_with(reply: _Reply, token: GeneratedToken) -> Iterator[JsonObject]:
    """Yield what becomes ready with one token: text, then whole calls."""
    known = len(reply.calls)
    text, logprobs = reply.take(token)
    if text or logprobs:
        yield reply.piece({"content": text}, logprobs)
    for index, call in enumerate(reply.calls[known:], start=known):
        yield reply.piece({"tool_calls": [{"index": index, **call.as_json()}]})


async def _complete(context: Context, reply: _Reply, answer: Answer) -> None:
    async with context.loaded.turns, aclosing(answer.batches()) as batches:
        async for tokens in batches:
            for token in tokens:
                reply.take(token)


async def _pieces(context: Context, reply: _Reply, answer: Answer) -> AsyncIterator[bytes]:
    """Yield server-sent events: the role, the text token by token, the end, and the cost if asked for."""
    yield event(reply.piece({"role": "assistant", "content": "", "refusal": None}))
    async with context.loaded.turns, aclosing(answer.batches()) as batches:
        async for tokens in batches:
            yield b"".join(event(piece) for token in tokens for piece in _pieces_with(reply, token))
    yield event(reply.piece({}, last=True))
    if reply.asked.streaming.include_usage:
        yield event(reply.usage_piece())
