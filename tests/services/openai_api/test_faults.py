"""What comes of a fault besides its words, which the table of faults tells: another try, a wait, a way on."""

from __future__ import annotations

import pytest

from fault_server import Fault, FaultServer, error, reply
from fttui.domain.errors import (
    ForbiddenError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitedError,
    TrainingClosedError,
)
from fttui.domain.jobs.spec import JobSpec
from fttui.services.openai_api.provider import OpenAiProvider

JOB = "/fine_tuning/jobs/"
SPEC = JobSpec("base", "file-1")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param([1, 2], "job", id="a list"),
        pytest.param("text", "job", id="a text"),
        pytest.param({"object": "job"}, "id", id="nothing in it"),
        pytest.param({"id": "a\x1b[2J", "model": "m"}, "id", id="unsafe id"),
    ],
)
async def test_of_an_answer_that_is_no_job_it_is_told_what_is_wrong(
    server: FaultServer, provider: OpenAiProvider, answer: object, words: str
) -> None:
    server.fail("GET", JOB, reply(answer))

    with pytest.raises(MalformedAnswerError, match=words) as raised:
        await provider.retrieve_job("ftjob-1")

    assert "\x1b" not in raised.value.message
    assert server.count("GET", JOB) == 1


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


async def test_a_model_that_is_gone_leads_to_those_there_are(server: FaultServer, provider: OpenAiProvider) -> None:
    server.fail("POST", "/fine_tuning/jobs", error(404, "The model does not exist", "model_not_found"))

    with pytest.raises(NotFoundError) as raised:
        await provider.create_job(SPEC)

    assert "fttui models list" in raised.value.hint
