"""A program that is killed at any moment of a launch never makes a second job, and loses none."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import FakeClock
from fault_server import Fault, FaultServer, running_fault_server
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.reconcile import refresh
from fttui.services.openai_api.provider import OpenAiProvider

ROUNDS = 8
LONGEST_LAUNCH = 0.35
"""Seconds from the first request to the last, about."""

# Imports everything first, says that it is ready, and launches when told to.
LAUNCHER = """
import asyncio, sys
from pathlib import Path
import openai
from fault_server import KEY
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.profiles.profile import Credential, Dialect, Endpoint, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch import LaunchPlan, launch
from fttui.services.openai_api.provider import OpenAiProvider

async def main():
    profile = Profile("p", Dialect.COMPATIBLE, sys.argv[1])
    endpoint = Endpoint(profile, sys.argv[1], Credential(Secret(KEY), KeySource.SESSION))
    plan = LaunchPlan(JobSpec("base", ""), Path(sys.argv[3]))
    print("ready", flush=True)
    sys.stdin.readline()
    await launch(OpenAiProvider(endpoint), Journal(Path(sys.argv[2])), "p", plan)

asyncio.run(main())
"""


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running_fault_server() as running:
        yield running


def killed_launch(server: FaultServer, journal: Path, rows: Path, seconds: float) -> None:
    """Start a launch and kill it after some seconds, wherever it is."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, server.base_url, str(journal), str(rows)],
        env={"PYTHONPATH": f"{Path(__file__).parents[2]}:{Path(__file__).parents[3] / 'src'}", "PATH": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert launcher.stdin is not None
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == b"ready\n"
    launcher.stdin.write(b"go\n")
    launcher.stdin.flush()
    time.sleep(seconds)
    launcher.kill()
    launcher.communicate()


async def test_after_every_kill_the_journal_knows_exactly_the_jobs_there_are(
    server: FaultServer, journal: Journal, tmp_path: Path
) -> None:
    chosen = random.Random(11)
    for number in range(ROUNDS):
        rows = tmp_path / f"rows-{number}.jsonl"
        rows.write_text(json.dumps({"messages": [], "number": number}) + "\n")
        if number % 3 == 0:
            server.fail("POST", "/fine_tuning/jobs$", Fault(close=True, after_effect=True))
        killed_launch(server, journal.path, rows, chosen.uniform(0.0, LONGEST_LAUNCH))

    provider = OpenAiProvider(server.endpoint(), FakeClock())
    await refresh(provider, journal, "p", FakeClock(server.memory.now + 1000.0))
    await provider.close()

    assert {entry.job.id for entry in journal.jobs("p")} == set(server.memory.jobs)
    tags = [json.dumps(job["metadata"]) for job in server.memory.jobs.values()]
    assert len(tags) == len(set(tags))
    for operation in journal.operations("p"):
        made = [job for job in server.memory.jobs.values() if job["metadata"] == {"fttui_op": operation.id}]
        assert len(made) == (1 if operation.job_id else 0)
    assert server.count("POST", "/fine_tuning/jobs$") == len(server.memory.jobs)
