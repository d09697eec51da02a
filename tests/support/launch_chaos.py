"""Launches that are killed at random moments and whose replies are lost, and what is known afterwards."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from fakes import FakeClock
from fault_server import Fault, FaultServer
from fttui.domain.jobs.operation import TAG
from fttui.services.jobs.create_once import resend
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.reconcile import refresh
from fttui.services.openai_api.provider import OpenAiProvider
from killable import Killable, killable

CREATE = "/fine_tuning/jobs$"
LOST = Fault(close=True, after_effect=True)
NEVER_ARRIVED = Fault(close=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of many launches."""

    launches: int
    killed: int
    replies_lost: int
    written_down: int
    jobs: int
    known: int
    doubled: int
    """Launches with more than one job."""
    creates: int
    """Requests for a job."""


async def launch_many(server: FaultServer, journal: Journal, folder: Path, rounds: int, seed: int) -> Outcome:
    """Launch again and again, three quarters killed and a quarter of the replies lost; then look at what is known.

    Args:
        server: receives the launches.
        journal: where they are written down.
        folder: where files for them may lie.
        rounds: how many launches.
        seed: same seed, same moments.
    """
    chosen = random.Random(seed)
    server.memory.now = int(time.time())
    killed = lost = 0
    with killable(server.base_url, journal.path) as program:
        for number in range(rounds):
            rows = folder / f"rows-{number}.jsonl"
            rows.write_text(json.dumps({"messages": [], "number": number}) + "\n")
            server.heal()
            fault = chosen.choice((LOST, NEVER_ARRIVED)) if chosen.random() < 0.25 else None
            if fault is not None:
                lost += 1
                server.fail("POST", CREATE, fault)
            before = len(server.requests)
            program.start(rows)
            # One that never arrived is looked for half a minute: too long to wait for each.
            if chosen.random() < 0.75 or fault is NEVER_ARRIVED:
                _kill_after(program, server, before + chosen.randrange(4), chosen.uniform(0.0, 0.05))
            killed += program.ended() < 0
    server.heal()
    await _refresh(server, journal, resends=False)
    tags = Counter(json.dumps(job["metadata"]) for job in server.memory.jobs.values())
    return Outcome(
        rounds,
        killed,
        lost,
        len(journal.operations("p")),
        len(server.memory.jobs),
        len({entry.job.id for entry in journal.jobs("p")} & set(server.memory.jobs)),
        sum(count > 1 for count in tags.values()),
        server.count("POST", CREATE),
    )


def _kill_after(program: Killable, server: FaultServer, requests: int, seconds: float) -> None:
    """Kill a launch some seconds after its so many-th request arrived: the file, its state, the job."""
    give_up_at = time.monotonic() + 5
    while len(server.requests) < requests and time.monotonic() < give_up_at:
        time.sleep(0.002)
    time.sleep(seconds)
    program.kill()


async def settle_all(server: FaultServer, journal: Journal) -> None:
    """Send what never arrived again, as a person may ask for."""
    await _refresh(server, journal, resends=True)


async def _refresh(server: FaultServer, journal: Journal, *, resends: bool) -> None:
    clock = FakeClock(time.time() + 1000.0)
    provider = OpenAiProvider(server.endpoint(), clock)
    for outcome in await refresh(provider, journal, "p", clock):
        if resends and outcome.may_be_resent:
            await resend(provider, journal, outcome.operation, clock)
    await provider.close()


def jobs_of(server: FaultServer, operation_id: str) -> int:
    """How many jobs a launch has at the server."""
    return sum(job["metadata"] == {TAG: operation_id} for job in server.memory.jobs.values())
