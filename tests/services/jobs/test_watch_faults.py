"""Whatever a provider does while a job runs, its events are kept once each, its end is seen, and nothing is lost."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from fakes import FakeClock
from fault_server import Fault, FaultServer, error, reply
from fttui.domain.errors import ForbiddenError, FttuiError, KeyRefusedError, NotFoundError
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.watch import WatchState, watch
from fttui.services.openai_api.provider import OpenAiProvider
from job_timeline import collect
from protocol_memory import Answer, Json, ProtocolMemory, Request

STEPS = 60
EVENTS, JOBS = "/events$", "/fine_tuning/jobs/[^/]+$"
Meddle = Callable[[list[Json], random.Random], list[Json]]


def repeated(page: list[Json], chance: random.Random) -> list[Json]:
    """Some entries twice or three times."""
    return [entry for entry in page for _ in range(chance.randint(1, 3))]


def reversed_(page: list[Json], _chance: random.Random) -> list[Json]:
    """Oldest first."""
    return page[::-1]


def shuffled(page: list[Json], chance: random.Random) -> list[Json]:
    """In no order."""
    return chance.sample(page, len(page))


def odd(page: list[Json], _chance: random.Random) -> list[Json]:
    """With members that the protocol does not know, and others missing."""
    return [{**entry, "extra": {"deep": [1]}, "data": entry["data"] or []} for entry in page]


@dataclass
class Running(ProtocolMemory):
    """A job that does two more steps whenever its events are asked for, and then ends; pages may be meddled with."""

    meddle: Meddle | None = None
    hides: int = 0
    """How many answers about events leave entries out, as a server does that catches up."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    status: str = "running"

    def begin(self) -> str:
        job = self.start_job({"model": "base", "training_file": "file-1"})
        job["status"] = self.status
        return str(job["id"])

    def answer(self, request: Request) -> Answer:
        if not request.path.endswith("/events"):
            return super().answer(request)
        job_id = request.path.split("/")[-2]
        if "after" not in request.query:
            self._go_on(job_id)
        answer = super().answer(request)
        listed = json.loads(answer.body)
        page: list[Json] = listed["data"]
        if self.hides:
            self.hides -= 1
            page = [entry for entry in page if self.chance.random() > 0.3]
        if self.meddle is not None:
            page = self.meddle(page, self.chance)
        return Answer(200, json.dumps({**listed, "data": page}).encode())

    def _go_on(self, job_id: str) -> None:
        done = sum(event["type"] == "metrics" for event in self.events[job_id])
        for number in range(done + 1, min(done + 2, STEPS) + 1):
            self.now += 1
            self.step(job_id, number, STEPS, 1 / number)
        if done >= STEPS and self.jobs[job_id]["status"] != "succeeded":
            self.tell(job_id, "The job has successfully completed")
            self.jobs[job_id] |= {"status": "succeeded", "fine_tuned_model": "ft:base", "finished_at": self.now}


@pytest.fixture
def memory(server: FaultServer) -> Running:
    """The job, at the server."""
    server.memory = Running()
    return server.memory


async def seen(server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, job_id: str) -> None:
    """Watch the job to its end, and hold what the journal has against what the server has."""
    told, _ = await collect(watch(provider, journal, "p", job_id, clock))
    kept = journal.feed("p", job_id)
    everything = [event["id"] for event in server.memory.events[job_id]]

    assert sorted(event.id for event in kept.events) == sorted(map(str, everything))
    assert len({event.id for event in told.events}) == len(told.events) == len(everything)
    assert [event.step for event in kept.events if event.step] == list(range(1, STEPS + 1))
    assert kept.job is not None
    assert (kept.job.status, kept.job.fine_tuned_model) == ("succeeded", "ft:base")


@pytest.mark.parametrize("meddle", [repeated, reversed_, odd], ids=["repeated", "reversed", "odd"])
async def test_events_in_any_form_are_kept_once_each(
    server: FaultServer, memory: Running, provider: OpenAiProvider, journal: Journal, clock: FakeClock, meddle: Meddle
) -> None:
    memory.meddle = meddle

    await seen(server, provider, journal, clock, memory.begin())


async def test_events_in_no_order_are_kept_by_their_time(
    server: FaultServer, memory: Running, provider: OpenAiProvider, journal: Journal, clock: FakeClock
) -> None:
    memory.meddle = shuffled

    await seen(server, provider, journal, clock, memory.begin())


async def test_events_that_are_missing_at_first_are_kept_when_they_show_up(
    server: FaultServer, memory: Running, provider: OpenAiProvider, journal: Journal, clock: FakeClock
) -> None:
    memory.hides = 12

    await seen(server, provider, journal, clock, memory.begin())


TROUBLE = [
    pytest.param(error(429, "Slow down", "rate_limit_exceeded"), id="429"),
    pytest.param(error(429, "Later", retry_after="300"), id="429 for minutes"),
    pytest.param(error(429, "No money", "insufficient_quota"), id="429 quota"),
    pytest.param(error(500, "Oops"), id="500 storm"),
    pytest.param(Fault(502, b"<html>"), id="502 page"),
    pytest.param(Fault(200, b"<html>", {"content-type": "text/html"}), id="200 page"),
    pytest.param(Fault(200, b'{"data": [{"id"'), id="truncated JSON"),
    pytest.param(reply({"data": 5, "id": 5}), id="wrong shape"),
    pytest.param(Fault(close=True), id="closed"),
    pytest.param(Fault(200, b'{"id": "x"}', cut_after=4), id="cut"),
    pytest.param(Fault(302, headers={"location": "https://x/"}), id="redirect"),
    pytest.param(error(408, "Slow"), id="408"),
]


@pytest.mark.parametrize("where", [EVENTS, JOBS], ids=["events", "job"])
@pytest.mark.parametrize("fault", TROUBLE)
async def test_trouble_on_the_way_is_waited_out(
    server: FaultServer,
    memory: Running,
    provider: OpenAiProvider,
    journal: Journal,
    clock: FakeClock,
    fault: Fault,
    where: str,
) -> None:
    job_id = memory.begin()
    server.fail("GET", where, *[fault] * 8)

    await seen(server, provider, journal, clock, job_id)
    assert server.count("GET", where) > 8


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(error(401, "Incorrect API key", "invalid_api_key"), KeyRefusedError, id="401"),
        pytest.param(error(403, "Not yours"), ForbiddenError, id="403"),
        pytest.param(error(404, "No such job"), NotFoundError, id="404"),
    ],
)
async def test_a_no_in_the_middle_is_told_once_and_what_was_seen_stays(
    server: FaultServer,
    memory: Running,
    provider: OpenAiProvider,
    journal: Journal,
    clock: FakeClock,
    fault: Fault,
    kind: type[FttuiError],
) -> None:
    job_id = memory.begin()
    states: list[WatchState] = []

    async def watch_until_refused() -> None:
        async for news in watch(provider, journal, "p", job_id, clock):
            if isinstance(news, WatchState):
                states.append(news)
            elif len(journal.feed("p", job_id).events) > 10:
                server.fail("GET", ".*", fault, forever=True)

    with pytest.raises(kind):
        await watch_until_refused()

    assert states == []
    assert len(journal.feed("p", job_id).events) > 10
    server.heal()
    await seen(server, provider, journal, clock, job_id)


@pytest.mark.parametrize("status", ["awaiting_review", "paused", "preprocessing_v2"])
async def test_a_status_nobody_knows_and_a_pause_are_waited_through(
    server: FaultServer, memory: Running, provider: OpenAiProvider, journal: Journal, clock: FakeClock, status: str
) -> None:
    memory.status = status

    await seen(server, provider, journal, clock, memory.begin())
