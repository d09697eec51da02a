"""Replies of real models, whole and in pieces."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from openai import APITimeoutError, AsyncOpenAI, BadRequestError, DefaultAsyncHttpxClient, NotFoundError, OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from engine_jobs import Trained
from engine_server import EngineAddress

QUESTION: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Which colour has box 4?"}]
STORY: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Tell me something long about many things."}]


def text_of(completion: ChatCompletion) -> str:
    """Return what a reply says."""
    content = completion.choices[0].message.content
    assert content is not None
    return content


def test_a_reply_says_who_made_it_and_what_it_cost(client: OpenAI, trained: Trained) -> None:
    reply = client.chat.completions.create(model=trained.model, messages=QUESTION, temperature=0)
    assert (reply.object, reply.model) == ("chat.completion", trained.model)
    assert (reply.choices[0].index, reply.choices[0].message.role) == (0, "assistant")
    assert reply.choices[0].logprobs is None
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    assert reply.usage.prompt_tokens > 5
    assert reply.usage.completion_tokens > 0


def test_training_changes_the_reply(client: OpenAI, trained: Trained) -> None:
    replies = {
        model: text_of(client.chat.completions.create(model=model, messages=QUESTION, temperature=0, max_tokens=30))
        for model in ("local-nano", "local-nano-scratch", trained.model, f"{trained.model}:ckpt-step-12")
    }
    assert len(set(replies.values())) >= 3, replies


def test_the_pieces_of_a_stream_make_the_whole_reply(client: OpenAI, trained: Trained) -> None:
    whole = client.chat.completions.create(model=trained.model, messages=QUESTION, temperature=0)
    pieces = list(
        client.chat.completions.create(
            model=trained.model,
            messages=QUESTION,
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    first, *middle, end, usage = pieces
    assert (first.choices[0].delta.role, first.choices[0].delta.content) == ("assistant", "")
    assert "".join(piece.choices[0].delta.content or "" for piece in middle) == text_of(whole)
    assert all(piece.choices[0].finish_reason is None and piece.usage is None for piece in [first, *middle])
    assert (end.choices[0].finish_reason, end.choices[0].delta.content) == (whole.choices[0].finish_reason, None)
    assert (usage.choices, usage.usage) == ([], whole.usage)
    assert {piece.id for piece in pieces} == {first.id}


def test_a_stream_ends_with_the_last_word_of_the_protocol(client: OpenAI) -> None:
    with client.chat.completions.with_streaming_response.create(
        model="local-nano", messages=QUESTION, stream=True, max_tokens=2
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    assert "usage" not in lines[0]


def test_log_probabilities_come_with_bytes_and_alternatives(client: OpenAI, trained: Trained) -> None:
    reply = client.chat.completions.create(
        model=trained.model, messages=QUESTION, temperature=0, logprobs=True, top_logprobs=3
    )
    logprobs = reply.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content
    for token in logprobs.content:
        assert token.logprob <= 0
        assert token.top_logprobs[0].logprob == token.logprob, "the most likely token was taken"
        assert len(token.top_logprobs) == 3
    spelled = b"".join(bytes(token.bytes or []) for token in logprobs.content)
    assert spelled.decode() == text_of(reply)
    streamed = client.chat.completions.create(
        model=trained.model, messages=QUESTION, temperature=0, logprobs=True, top_logprobs=3, stream=True
    )
    pieces = [piece.choices[0].logprobs for piece in streamed]
    assert [token for piece in pieces if piece for token in piece.content or []] == logprobs.content


def test_a_seed_repeats_a_reply(client: OpenAI) -> None:
    def reply(seed: int) -> str:
        return text_of(
            client.chat.completions.create(
                model="local-nano-scratch", messages=QUESTION, seed=seed, temperature=1.5, max_tokens=20
            )
        )

    assert reply(-3) == reply(-3)
    assert len({reply(seed) for seed in range(4)}) > 1


def test_a_reply_ends_before_a_stop_string_and_at_its_limit(client: OpenAI) -> None:
    def create(**settings: object) -> ChatCompletion:
        return client.chat.completions.create(
            model="local-nano-scratch", messages=QUESTION, temperature=0, seed=1, extra_body=settings
        )

    limited = create(max_completion_tokens=6)
    assert limited.choices[0].finish_reason == "length"
    assert limited.usage is not None
    assert limited.usage.completion_tokens == 6
    whole = text_of(limited)
    stopped = create(max_tokens=6, stop=[whole[2:4]])
    assert (text_of(stopped), stopped.choices[0].finish_reason) == (whole[: whole.index(whole[2:4])], "stop")


REFUSED: dict[str, tuple[Mapping[str, object], str, str]] = {
    "no messages": ({"messages": None}, "messages", "Missing required parameter: 'messages'."),
    "empty messages": ({"messages": []}, "messages", "empty array"),
    "no role": ({"messages": [{"content": "x"}]}, "messages[0].role", "Missing required parameter"),
    "unknown role": ({"messages": [{"role": "boss", "content": "x"}]}, "messages[0].role", "Invalid value: 'boss'"),
    "picture": (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
        "messages[0].content",
        "Only text",
    ),
    "hot": ({"temperature": 2.1}, "temperature", "above maximum value"),
    "text as temperature": ({"temperature": "1"}, "temperature", "expected a finite number"),
    "top_p": ({"top_p": -0.1}, "top_p", "below minimum value"),
    "no tokens": ({"max_tokens": 0}, "max_tokens", "below minimum value"),
    "both limits": ({"max_tokens": 1, "max_completion_tokens": 1}, "max_tokens", "at the same time"),
    "many stops": ({"stop": list("abcde")}, "stop", "maximum length 4"),
    "alternatives alone": ({"top_logprobs": 2}, "top_logprobs", "'logprobs' is enabled"),
    "many alternatives": ({"logprobs": True, "top_logprobs": 21}, "top_logprobs", "above maximum value"),
    "two replies": ({"n": 2}, "n", "not available on this engine"),
    "schema": ({"response_format": {"type": "json_object"}}, "response_format", "not available on this engine"),
    "usage without stream": ({"stream_options": {"include_usage": True}}, "stream_options", "'stream' is enabled"),
    "unknown parameter": ({"mood": "good"}, "mood", "Unknown parameter: 'mood'."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_chat_request_out_of_bounds_is_refused_by_name(client: OpenAI, case: str) -> None:
    change, param, words = REFUSED[case]
    body = {"model": "local-nano", "messages": QUESTION, **change}
    with pytest.raises(BadRequestError) as caught:
        client.post("/chat/completions", body=body, cast_to=object)
    assert caught.value.param == param
    assert words in caught.value.message


@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_model_is_refused_before_anything_is_sent(client: OpenAI, stream: bool) -> None:
    with pytest.raises(NotFoundError, match="The model `gpt-4o` does not exist") as caught:
        client.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=stream)
    assert caught.value.code == "model_not_found"


async def test_two_models_answer_side_by_side(engine: EngineAddress, trained: Trained) -> None:
    """Neither reply waits for the end of the other."""
    arrivals: list[str] = []

    async def listen(client: AsyncOpenAI, model: str) -> None:
        stream = await client.chat.completions.create(
            model=model, messages=STORY, stream=True, temperature=1.9, seed=3, max_tokens=300
        )
        async for _ in stream:
            arrivals.append(model)  # noqa: PERF401 (the order of arrival is the point)

    async with AsyncOpenAI(
        base_url=engine.base_url, api_key=engine.api_key, http_client=DefaultAsyncHttpxClient(trust_env=False)
    ) as client:
        models = ("local-nano-scratch", trained.model)
        await asyncio.gather(*(listen(client, model) for model in models))
    changes = sum(before != after for before, after in pairwise(arrivals))
    assert set(arrivals) == set(models)
    assert changes >= 3, "the pieces of both come in turns"


@pytest.mark.skipif(sys.platform != "linux", reason="the test reads /proc")
@pytest.mark.parametrize("stream", [False, True])
def test_work_stops_when_the_client_goes_away(engine: EngineAddress, client: OpenAI, stream: bool) -> None:
    """Many replies abandoned at once cost the engine less than half of what making them would."""
    long = {"model": "local-nano-scratch", "messages": STORY, "temperature": 1.9, "seed": 3}
    started = cpu_ticks(engine.pid)
    whole = client.chat.completions.create(**long)  # type: ignore[call-overload]
    cost = cpu_ticks(engine.pid) - started
    assert whole.usage.completion_tokens > 300, "the reply is long enough to tell"

    started = cpu_ticks(engine.pid)
    for _ in range(10):
        if stream:
            with client.chat.completions.create(**long, stream=True) as abandoned:  # type: ignore[call-overload]
                next(iter(abandoned))
        else:
            with pytest.raises(APITimeoutError):
                client.with_options(timeout=0.01).chat.completions.create(**long)  # type: ignore[call-overload]
    client.chat.completions.create(**long)  # type: ignore[call-overload]
    assert cpu_ticks(engine.pid) - started < cost * 6


def cpu_ticks(pid: int) -> int:
    """Return the time a process has computed, in ticks of the clock."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
