"""Whatever goes wrong on the way to a provider ends in plain words, and nothing that costs is sent twice."""

from __future__ import annotations

import gzip
import json

import pytest

from fault_server import KEY, Fault, FaultServer, error, reply
from fttui.domain.errors import (
    ForbiddenError,
    KeyRefusedError,
    MalformedAnswerError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RefusedError,
    TrainingClosedError,
    UnreachableError,
)
from fttui.domain.jobs.spec import JobSpec
from fttui.services.openai_api import connection
from fttui.services.openai_api.provider import OpenAiProvider

JOB = "/fine_tuning/jobs/"
SPEC = JobSpec("base", "file-1")


@pytest.mark.parametrize(
    ("fault", "kind", "words", "requests"),
    [
        pytest.param(error(401, "No such key", "invalid_api_key"), KeyRefusedError, "No such key", 1, id="401"),
        pytest.param(error(403, "Closed", "training_not_available"), TrainingClosedError, "Closed", 1, id="403"),
        pytest.param(error(404, "No such job"), NotFoundError, "No such job", 1, id="404"),
        pytest.param(error(409, "Busy"), RefusedError, "Busy", 1, id="409"),
        pytest.param(error(422, "Odd"), RefusedError, "Odd", 1, id="422"),
        pytest.param(error(429, "Slow down", "rate_limit_exceeded"), RateLimitedError, "Slow", 3, id="429"),
        pytest.param(error(429, "No money", "insufficient_quota"), RateLimitedError, "No money", 1, id="429 quota"),
        pytest.param(
            error(429, "No money", kind="insufficient_quota"), RateLimitedError, "No money", 1, id="429 quota as type"
        ),
        pytest.param(error(429, "Later", retry_after="300"), RateLimitedError, "Later", 1, id="429 for minutes"),
        pytest.param(error(408, "Slow"), UnreachableError, "HTTP 408", 3, id="408"),
        pytest.param(error(503, "Overloaded"), UnreachableError, "HTTP 503", 3, id="503"),
        pytest.param(Fault(502, b"<html>\x1b]52;c;x\x07</html>"), UnreachableError, "web page", 3, id="502 page"),
        pytest.param(Fault(500, b"\x1b]52;c;x\x07 oops"), UnreachableError, "oops", 3, id="500 text"),
        pytest.param(
            Fault(302, headers={"location": "https://elsewhere/"}), MalformedAnswerError, "elsewhere", 1, id="302"
        ),
        pytest.param(
            Fault(200, b"<html>log in", {"content-type": "text/html"}), MalformedAnswerError, "web page", 1, id="page"
        ),
        pytest.param(Fault(200, b"<!doctype html>"), MalformedAnswerError, "web page", 1, id="page without type"),
        pytest.param(Fault(200, b'{"id": "ftjo'), MalformedAnswerError, "cannot be read", 1, id="truncated"),
        pytest.param(Fault(200, b""), MalformedAnswerError, "cannot be read", 1, id="empty"),
        pytest.param(Fault(200, b"\xff\xfe{}"), MalformedAnswerError, "cannot be read", 1, id="not UTF-8"),
        pytest.param(Fault(200, b"[" * 100_000), MalformedAnswerError, "cannot be read", 1, id="deep"),
        pytest.param(reply([1, 2]), MalformedAnswerError, "job", 1, id="a list"),
        pytest.param(reply("text"), MalformedAnswerError, "job", 1, id="a text"),
        pytest.param(reply({"object": "job"}), MalformedAnswerError, "id", 1, id="nothing in it"),
        pytest.param(reply({"id": "a\x1b[2J", "model": "m"}), MalformedAnswerError, "id", 1, id="unsafe id"),
        pytest.param(Fault(close=True), UnreachableError, "closed in the middle", 3, id="closed"),
        pytest.param(Fault(200, b'{"id": "x"}', cut_after=4), UnreachableError, "closed in the middle", 3, id="cut"),
        pytest.param(Fault(raw=b"SSH-2.0-OpenSSH_9\r\n"), UnreachableError, "closed in the middle", 3, id="not http"),
    ],
)
async def test_a_fault_is_told_in_words_and_questions_are_repeated_where_it_helps(
    server: FaultServer,
    provider: OpenAiProvider,
    fault: Fault,
    kind: type[ProviderError],
    words: str,
    requests: int,
) -> None:
    server.fail("GET", JOB, fault, forever=True)

    with pytest.raises(kind) as raised:
        await provider.retrieve_job("ftjob-1")

    assert type(raised.value) is kind
    assert words in raised.value.message
    assert "\x1b" not in raised.value.message
    assert server.count("GET", JOB) == requests


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(close=True), id="closed"),
        pytest.param(error(500, "x"), id="500"),
        pytest.param(error(429, "x"), id="429"),
        pytest.param(error(409, "x"), id="409"),
        pytest.param(error(408, "x"), id="408"),
        pytest.param(Fault(200, b"<html>"), id="page"),
        pytest.param(Fault(200, b"{", cut_after=1), id="cut"),
    ],
)
async def test_a_job_is_asked_for_once_whatever_happens(
    server: FaultServer, provider: OpenAiProvider, fault: Fault
) -> None:
    server.fail("POST", "/fine_tuning/jobs$", fault, forever=True)

    with pytest.raises(ProviderError):
        await provider.create_job(SPEC)

    assert server.count("POST", "/fine_tuning/jobs$") == 1


async def test_a_question_that_fails_once_is_answered(server: FaultServer, provider: OpenAiProvider) -> None:
    job = server.memory.start_job({"model": "base", "training_file": "file-1"})
    server.fail("GET", JOB, error(500, "x"), Fault(close=True))

    assert (await provider.retrieve_job(str(job["id"]))).id == job["id"]


async def test_a_short_wait_the_provider_asks_for_is_waited_out(server: FaultServer) -> None:
    from fakes import FakeClock

    clock = FakeClock()
    started = clock.now()
    job = server.memory.start_job({"model": "base", "training_file": "file-1"})
    server.fail("GET", JOB, error(429, "x", retry_after="7"))
    provider = OpenAiProvider(server.endpoint(), clock)

    await provider.retrieve_job(str(job["id"]))
    await provider.close()

    assert clock.now() - started >= 7


async def test_how_long_to_wait_and_what_to_quote_are_kept(server: FaultServer, provider: OpenAiProvider) -> None:
    server.fail("GET", JOB, error(429, "Later", "rate_limit_exceeded", retry_after="300"))

    with pytest.raises(RateLimitedError) as raised:
        await provider.retrieve_job("ftjob-1")

    assert raised.value.retry_after == 300
    assert (raised.value.status, raised.value.code, raised.value.request_id) == (429, "rate_limit_exceeded", "req_1")


async def test_closed_training_comes_with_a_way_on(server: FaultServer, provider: OpenAiProvider) -> None:
    server.fail("POST", "/fine_tuning/jobs$", error(403, "Not available", "training_not_available"))

    with pytest.raises(TrainingClosedError) as raised:
        await provider.create_job(SPEC)

    assert isinstance(raised.value, ForbiddenError)
    assert raised.value.code == "training_not_available"
    assert "another profile" in raised.value.hint


async def test_an_unknown_status_is_kept_as_it_came(server: FaultServer, provider: OpenAiProvider) -> None:
    job = server.memory.start_job({"model": "base", "training_file": "file-1"}) | {"status": "awaiting_review"}
    server.fail("GET", JOB, reply(job))

    assert (await provider.retrieve_job(str(job["id"]))).status == "awaiting_review"


async def test_an_answer_without_end_is_not_swallowed(
    server: FaultServer, provider: OpenAiProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ANSWER_BYTES", 1024 * 1024)
    bomb = gzip.compress(b" " * 40 * 1024 * 1024)
    server.fail("GET", JOB, Fault(200, bomb, {"content-encoding": "gzip"}))

    with pytest.raises(MalformedAnswerError, match="more than 1 MB"):
        await provider.retrieve_job("ftjob-1")


async def test_an_answer_that_drips_meets_a_deadline(
    server: FaultServer, provider: OpenAiProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "READ_SECONDS", 0.2)
    server.fail("GET", JOB, Fault(200, json.dumps({"id": "x" * 500}).encode(), drip=1, pause=0.05), forever=True)

    with pytest.raises(UnreachableError, match="in time"):
        await provider.retrieve_job("ftjob-1")


async def test_no_error_tells_the_key(server: FaultServer, provider: OpenAiProvider) -> None:
    server.fail("GET", JOB, error(401, "Incorrect"), error(500, "x"), Fault(close=True), forever=True)

    for _ in range(3):
        with pytest.raises(ProviderError) as raised:
            await provider.retrieve_job("ftjob-1")
        assert KEY not in repr(raised.value) + raised.value.message + raised.value.hint
