"""A reply that breaks off keeps its text and says that it was cut off; one that never began is an error."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from fault_server import Fault, FaultServer, error
from fttui.domain.chat.conversation import Delta, Ending, SamplingSettings, Speaker, Turn, Usage
from fttui.domain.errors import MalformedAnswerError, NotFoundError, ProviderError, UnreachableError
from fttui.domain.profiles.profile import OPENAI, Dialect
from fttui.services.openai_api import replies
from fttui.services.openai_api.provider import OpenAiProvider

CHAT = "/chat/completions"
STREAM = {"content-type": "text/event-stream"}
TURNS = (
    Turn(Speaker.SYSTEM, "Be brief."),
    Turn(Speaker.USER, "Hello"),
    Turn(Speaker.ASSISTANT, "Hi"),
    Turn(Speaker.USER, "?"),
)


def chunk(text: str | None = None, finish: str | None = None, **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}], **more}


def stream(*events: object, done: bool = True) -> bytes:
    lines = [event if isinstance(event, str) else f"data: {json.dumps(event)}" for event in events]
    return "".join(f"{line}\n\n" for line in (*lines, *(["data: [DONE]"] if done else []))).encode()


async def heard(provider: OpenAiProvider, sampling: SamplingSettings | None = None) -> Sequence[Delta]:
    return [delta async for delta in provider.reply("model", TURNS, sampling or SamplingSettings())]


def text_of(deltas: Sequence[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


async def test_a_whole_reply_comes_with_its_ending_and_usage(server: FaultServer, provider: OpenAiProvider) -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    server.memory.reply = stream(
        chunk(""), chunk("你"), chunk("好"), chunk(None, "stop"), {"choices": [], "usage": usage}
    )

    deltas = await heard(provider)

    assert text_of(deltas) == "你好"
    assert deltas[-2].usage == Usage(5, 2)
    assert deltas[-1] == Delta(ending=Ending.STOP)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("stop", Ending.STOP),
        ("length", Ending.LENGTH),
        ("content_filter", Ending.FILTERED),
        ("tool_calls", Ending.TOOL_CALLS),
        ("eos_token", Ending.STOP),
    ],
)
async def test_the_ending_is_the_providers_own(
    server: FaultServer, provider: OpenAiProvider, said: str, expected: Ending
) -> None:
    server.memory.reply = stream(chunk("a"), chunk(None, said))

    assert (await heard(provider))[-1].ending is expected


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(200, stream(chunk("half"), done=False), STREAM), id="ends without a word"),
        pytest.param(Fault(200, stream(chunk("half")), STREAM), id="done without a reason"),
        pytest.param(Fault(200, stream(chunk("half"), chunk("x" * 99)), STREAM, cut_after=90), id="cut"),
        pytest.param(Fault(200, stream(chunk("half"), "data: {broken"), STREAM), id="bad JSON"),
        pytest.param(Fault(200, stream(chunk("half")) + b"data: \xff\xfe\n\n", STREAM), id="bad UTF-8"),
    ],
)
async def test_what_breaks_off_keeps_its_text_and_is_marked(
    server: FaultServer, provider: OpenAiProvider, fault: Fault
) -> None:
    server.fail("POST", CHAT, fault)

    deltas = await heard(provider)

    assert text_of(deltas) == "half"
    assert deltas[-1].ending is Ending.CUT_OFF


async def test_odd_chunks_are_passed_over(server: FaultServer, provider: OpenAiProvider) -> None:
    server.memory.reply = stream(
        ": a comment",
        "event: ping",
        {"choices": None},
        5,
        None,
        [1],
        {"choices": [None]},
        {"choices": [{"delta": None, "finish_reason": 3}]},
        {"choices": [{"delta": {"content": 7}}]},
        {"choices": [], "usage": {"prompt_tokens": "many"}},
        chunk("fine", "stop"),
    )

    deltas = await heard(provider)

    assert text_of(deltas) == "fine"
    assert deltas[-1].ending is Ending.STOP


async def test_a_refusal_to_answer_is_text_too(server: FaultServer, provider: OpenAiProvider) -> None:
    server.memory.reply = stream({"choices": [{"delta": {"refusal": "I would rather not"}}]}, chunk(None, "stop"))

    assert text_of(await heard(provider)) == "I would rather not"


async def test_a_failure_told_midway_is_told_in_the_providers_words(
    server: FaultServer, provider: OpenAiProvider
) -> None:
    server.memory.reply = stream(chunk("half"), {"error": {"message": "The server overheated\x1b[2J"}})

    with pytest.raises(ProviderError, match="overheated␛"):
        await heard(provider)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(error(404, "No such model"), NotFoundError, id="404"),
        pytest.param(Fault(close=True), UnreachableError, id="closed"),
        pytest.param(Fault(200, b"<html>", {"content-type": "text/html"}), MalformedAnswerError, id="page"),
        pytest.param(Fault(200, stream("data: {"), STREAM), MalformedAnswerError, id="garbage first"),
    ],
)
async def test_a_reply_that_never_began_is_an_error(
    server: FaultServer, provider: OpenAiProvider, fault: Fault, kind: type[ProviderError]
) -> None:
    server.fail("POST", CHAT, fault)

    with pytest.raises(kind):
        await heard(provider)
    assert server.count("POST", CHAT) == 1


async def test_comments_alone_do_not_keep_a_reply_alive(server: FaultServer, provider: OpenAiProvider) -> None:
    alive = stream(chunk("half"), *([": still here"] * 400), done=False)
    server.fail("POST", CHAT, Fault(200, alive, STREAM, drip=100, pause=0.05))

    deltas = [
        delta
        async for delta in replies.stream_reply(
            provider._connection, OPENAI, "model", TURNS, SamplingSettings(), patience=1.5
        )
    ]

    assert text_of(deltas) == "half"
    assert deltas[-1].ending is Ending.CUT_OFF


async def test_a_reader_that_takes_its_time_is_not_cut_off(server: FaultServer, provider: OpenAiProvider) -> None:
    import asyncio

    server.memory.reply = stream(chunk("a"), chunk("b"), chunk("c", "stop"))
    deltas: list[Delta] = []
    async for delta in replies.stream_reply(
        provider._connection, OPENAI, "model", TURNS, SamplingSettings(), patience=1.0
    ):
        if not deltas:
            await asyncio.sleep(1.1)
        deltas.append(delta)

    assert text_of(deltas) == "abc"
    assert deltas[-1].ending is Ending.STOP


async def test_a_reply_without_measure_is_stopped(
    server: FaultServer, provider: OpenAiProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "REPLY_BYTES", 100_000)
    server.memory.reply = stream(chunk("start")) + b"data: " + b"x" * 1_000_000
    server.memory.reply = server.memory.reply.replace(b"data: [DONE]\n\n", b"")

    deltas = await heard(provider)

    assert text_of(deltas) == "start"
    assert deltas[-1].ending is Ending.CUT_OFF


async def test_only_what_was_chosen_is_sent(server: FaultServer, provider: OpenAiProvider) -> None:
    server.memory.reply = stream(chunk("a", "stop"))

    await heard(provider)
    await heard(provider, SamplingSettings(0.5, 0.9, 30, ("END",), 7))

    plain, full = (request.json for request in server.requests)
    assert plain.keys() == {"model", "messages", "stream", "stream_options"}
    assert plain["messages"] == [{"role": turn.speaker.value, "content": turn.text} for turn in TURNS]
    assert {name: full[name] for name in ("temperature", "top_p", "max_tokens", "stop", "seed")} == {
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 30,
        "stop": ["END"],
        "seed": 7,
    }


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (Dialect.OPENAI, "max_completion_tokens"),
        (Dialect.ENGINE, "max_completion_tokens"),
        (Dialect.COMPATIBLE, "max_tokens"),
    ],
)
async def test_the_limit_has_the_name_the_provider_knows(server: FaultServer, dialect: Dialect, name: str) -> None:
    server.memory.reply = stream(chunk("a", "stop"))
    provider = OpenAiProvider(server.endpoint(dialect))

    await heard(provider, SamplingSettings(max_tokens=9))
    await provider.close()

    assert {key for key in server.requests[0].json if "tokens" in key} == {name}
