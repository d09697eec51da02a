"""Two programs of one user follow the same job: one asks, and when it is killed the other goes on without a gap."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.services.dataset.samples import unpack_sample
from fttui.services.jobs.journal import Journal
from fttui.services.paths import user_paths
from fttui.services.profiles.engine import Engine

pytestmark = pytest.mark.terminal

PATIENCE = 120.0


@pytest.fixture
def job_id(fresh_user: Path) -> Iterator[str]:
    """A job of some hundred steps on the embedded engine, which is stopped at the end."""
    rows = fresh_user / "rows.jsonl"
    rows.write_bytes(b"\n".join(unpack_sample(user_paths()).training.read_bytes().splitlines()[:60]) + b"\n")
    command = [sys.executable, "-m", "fttui", "launch", str(rows), "--epochs", "25", "--batch-size", "4", "--yes"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=fresh_user)
    yield done.stdout.strip()
    asyncio.run(Engine(user_paths()).stop())


def follow(job_id: str, out: Path) -> subprocess.Popen[bytes]:
    with out.open("wb") as file:
        return subprocess.Popen([sys.executable, "-m", "fttui", "follow", job_id, "--json"], stdout=file)


def told(out: Path) -> list[dict[str, object]]:
    """The whole lines a program has written."""
    return [json.loads(line) for line in out.read_bytes().split(b"\n")[:-1]]


def wait_for_steps(out: Path, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while sum(line["type"] == "metrics" for line in told(out)) < count:
        assert time.monotonic() < deadline, f"no {count} steps in {out}"
        time.sleep(0.05)


def test_when_the_one_that_asks_is_killed_the_other_goes_on_and_tells_everything_once(
    job_id: str, tmp_path: Path
) -> None:
    outs = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    first = follow(job_id, outs[0])
    wait_for_steps(outs[0], 1)
    second = follow(job_id, outs[1])
    try:
        wait_for_steps(outs[1], 3)
        assert first.poll() is None
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert second.wait(PATIENCE) == 0
    finally:
        for process in (first, second):
            if process.poll() is None:
                process.kill()
                process.wait()

    lines = told(outs[1])
    assert lines[-1]["type"] == "done"
    seen = Counter(line["id"] for line in lines if line["type"] in ("metrics", "event"))
    assert max(seen.values()) == 1
    steps = [line["step"] for line in lines if line["type"] == "metrics"]
    assert steps == list(range(1, 376))
    journal = Journal(user_paths().journal)
    feed = journal.feed("local", job_id)
    journal.close()
    assert [event.id for event in feed.events] == [line["id"] for line in lines if line["type"] in ("metrics", "event")]
