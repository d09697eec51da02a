"""Every fault of the wire, at every request that concerns jobs, uploads, events and replies: an error in plain words.

A row of the table is a fault, met at each request: the error it becomes, how often a question is asked, and what is
said. A change is sent once, whatever happens.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Awaitable, Callable

import pytest

from fault_server import KEY, Fault, FaultServer, error, reply
from fttui.domain.chat.conversation import SamplingSettings, Speaker, Turn
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
from fttui.services.openai_api import connection, replies
from fttui.services.openai_api.provider import OpenAiProvider

Request = Callable[[OpenAiProvider], Awaitable[object]]
TURNS = (Turn(Speaker.USER, "Hello"),)


async def _reply(provider: OpenAiProvider) -> object:
    return [delta async for delta in provider.reply("m", TURNS, SamplingSettings())]


def _rows() -> io.BytesIO:
    return io.BytesIO(b"{}\n")


QUESTIONS: dict[str, Request] = {
    "job": lambda provider: provider.retrieve_job("ftjob-1"),
    "jobs": lambda provider: provider.list_jobs(),
    "events": lambda provider: provider.events_since("ftjob-1", None),
    "checkpoints": lambda provider: provider.checkpoints("ftjob-1"),
    "file": lambda provider: provider.retrieve_file("file-1"),
    "files": lambda provider: provider.list_files(),
    "models": lambda provider: provider.list_models(),
}
CHANGES: dict[str, Request] = {
    "create": lambda provider: provider.create_job(JobSpec("base", "file-1")),
    "cancel": lambda provider: provider.cancel_job("ftjob-1"),
    "pause": lambda provider: provider.pause_job("ftjob-1"),
    "resume": lambda provider: provider.resume_job("ftjob-1"),
    "send": lambda provider: provider.upload(_rows(), size=3, stored_name="x.jsonl"),  # type: ignore[arg-type]  # reads
    "begin": lambda provider: provider.begin_upload(size=3, stored_name="x.jsonl"),
    "part": lambda provider: provider.send_part("upload_1", _rows(), seconds=30),  # type: ignore[arg-type]  # reads
    "complete": lambda provider: provider.complete_upload("upload_1", ["part_1"], md5="0" * 32, size=3),
    "chat": _reply,
}
BOMB = gzip.compress(b" " * 8 * 1024 * 1024)
PAGE = {"content-type": "text/html"}

ROWS = [
    pytest.param(error(401, "Wrong key", "invalid_api_key"), KeyRefusedError, 1, "Wrong key", id="401"),
    pytest.param(error(403, "Not allowed"), ForbiddenError, 1, "Not allowed", id="403"),
    pytest.param(error(403, "Closed", "training_not_available"), TrainingClosedError, 1, "Closed", id="403 locked out"),
    pytest.param(error(404, "No such thing"), NotFoundError, 1, "No such thing", id="404"),
    pytest.param(error(409, "Busy"), RefusedError, 1, "Busy", id="409"),
    pytest.param(error(413, "Too large"), RefusedError, 1, "Too large", id="413"),
    pytest.param(error(422, "Odd"), RefusedError, 1, "Odd", id="422"),
    pytest.param(
        error(429, "Slow", "rate_limit_exceeded", retry_after="1"), RateLimitedError, 3, "Slow", id="429 rate"
    ),
    pytest.param(error(429, "No funds", "insufficient_quota"), RateLimitedError, 1, "No funds", id="429 quota"),
    pytest.param(
        error(429, "No funds", kind="insufficient_quota"), RateLimitedError, 1, "No funds", id="quota by type"
    ),
    pytest.param(error(429, "Later", retry_after="300"), RateLimitedError, 1, "Later", id="429 for minutes"),
    pytest.param(error(408, "Slow"), UnreachableError, 3, "HTTP 408", id="408"),
    pytest.param(error(500, "Oops"), UnreachableError, 3, "HTTP 500", id="500 storm"),
    pytest.param(Fault(500, b"\x1b]52;c;x\x07 oops"), UnreachableError, 3, "oops", id="500 text"),
    pytest.param(error(503, "Overloaded"), UnreachableError, 3, "HTTP 503", id="503 storm"),
    pytest.param(Fault(502, b"<html>\x1b]52;c;eA==\x07</html>", PAGE), UnreachableError, 3, "web page", id="502 page"),
    pytest.param(Fault(200, b"<html>log in \x1b[2J</html>", PAGE), MalformedAnswerError, 1, "web page", id="200 page"),
    pytest.param(Fault(200, b"<!doctype html>"), MalformedAnswerError, 1, "web page", id="page without type"),
    pytest.param(
        Fault(302, headers={"location": "http://127.0.0.1:9/"}), MalformedAnswerError, 1, "127.0.0.1", id="302"
    ),
    pytest.param(Fault(307, headers={"location": "https://x/"}), MalformedAnswerError, 1, "https://x", id="307"),
    pytest.param(Fault(200, b'{"id": "ftjob-1", "obj'), MalformedAnswerError, 1, "cannot be read", id="truncated JSON"),
    pytest.param(Fault(200, b"\xff\xfe{}"), MalformedAnswerError, 1, "cannot be read", id="not UTF-8"),
    pytest.param(Fault(200, b"[" * 100_000), MalformedAnswerError, 1, "cannot be read", id="deep"),
    pytest.param(Fault(200, b""), MalformedAnswerError, 1, "cannot be read", id="empty"),
    pytest.param(reply([1, "two"]), MalformedAnswerError, 1, "", id="a list"),
    pytest.param(reply("text"), MalformedAnswerError, 1, "", id="a text"),
    pytest.param(reply(None), MalformedAnswerError, 1, "", id="null"),
    pytest.param(reply({"data": [{"id": 5}], "id": 5, "status": 3}), MalformedAnswerError, 1, "", id="wrong types"),
    pytest.param(reply({"data": "many", "object": "list"}), MalformedAnswerError, 1, "", id="a list that is none"),
    pytest.param(Fault(close=True), UnreachableError, 3, "in the middle", id="closed"),
    pytest.param(Fault(close=True, after_effect=True), UnreachableError, 3, "in the middle", id="lost reply"),
    pytest.param(Fault(200, b'{"id": "x", "data": []}', cut_after=9), UnreachableError, 3, "in the middle", id="cut"),
    pytest.param(Fault(raw=b"SSH-2.0-OpenSSH_9\r\n"), UnreachableError, 3, "in the middle", id="not http"),
    pytest.param(Fault(200, BOMB, {"content-encoding": "gzip"}), MalformedAnswerError, 1, "than 1 MB", id="huge body"),
    pytest.param(Fault(200, b'{"id": "x"}' * 60, drip=1, pause=0.05), UnreachableError, 3, "in time", id="slow drip"),
]
ANY = ".*"


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge answer is one of more than a megabyte, a slow one takes longer than a second."""
    monkeypatch.setattr(connection, "ANSWER_BYTES", 1024 * 1024)
    monkeypatch.setattr(replies, "REPLY_BYTES", 1024 * 1024)


@pytest.mark.parametrize(("fault", "kind", "tries", "words"), ROWS)
async def test_a_fault_ends_in_plain_words_wherever_it_is_met(
    server: FaultServer,
    provider: OpenAiProvider,
    fault: Fault,
    kind: type[ProviderError],
    tries: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if fault.drip:
        monkeypatch.setattr(connection, "READ_SECONDS", 0.2)
        monkeypatch.setitem(connection.Connection.ask.__kwdefaults__, "seconds", 0.2)  # type: ignore[arg-type]  # has them
    for method in ("GET", "POST"):
        server.fail(method, ANY, fault, forever=True)

    for name, ask in {**QUESTIONS, **CHANGES}.items():
        if fault.drip and name not in SHORT:
            continue
        before = len(server.requests)
        if name == "chat" and _is_silent(fault):
            continue
        with pytest.raises(ProviderError) as raised:
            await ask(provider)

        told = raised.value
        assert type(told) is kind, f"{name}: {told!r}"
        assert told.message.strip(), name
        assert words in told.message, f"{name}: {told.message}"
        assert "\x1b" not in told.message + told.hint, name
        assert "<html" not in told.message, name
        assert KEY not in repr(told) + told.message + told.hint, name
        expected = tries if name in QUESTIONS else 1
        assert len(server.requests) - before == expected, name


SHORT = frozenset({*QUESTIONS, "create", "cancel", "pause", "resume", "begin"})
"""Requests with a deadline that is the same whatever their size."""


def _is_silent(fault: Fault) -> bool:
    """Whether a stream of events made of this is one in which nothing is said: told by the tests of replies."""
    said = fault.raw is None and not fault.close and fault.cut_after is None
    return fault.status == 200 and said and fault.headers.get("content-type") != "text/html"


async def test_nothing_of_a_fault_stays_behind(server: FaultServer, provider: OpenAiProvider) -> None:
    faults = [row.values[0] for row in ROWS if not row.values[0].drip and not row.values[0].after_effect]  # type: ignore[union-attr]  # faults
    server.fail("GET", "/fine_tuning/jobs$", *faults)  # type: ignore[arg-type]  # as above
    job = server.memory.start_job({"model": "base", "training_file": "file-1"})

    failures, found = 0, None
    for _ in range(len(faults) * 3):
        try:
            found = await provider.list_jobs()
            break
        except ProviderError:
            failures += 1

    assert failures
    assert found is not None
    assert [one.id for one in found] == [job["id"]]
    assert json.dumps([request.path for request in server.requests]).count("jobs") == len(server.requests)
