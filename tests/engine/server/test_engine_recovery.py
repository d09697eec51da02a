"""Whatever dies, the curve is the one an undisturbed run draws."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from openai import OpenAI

from engine_jobs import (
    as_jsonl,
    client_of,
    colour_rows,
    events_of,
    finished,
    messages_of,
    paused,
    reached,
    steps_of,
    upload,
)
from engine_server import EngineProcess, eventually, running_engine

STEPS = 60
WORKER_DIED = "Worker exited unexpectedly (code -9); resuming from the last checkpoint"
Curve = list[dict[str, float]]


def create(client: OpenAI) -> str:
    """Start the job that all runs share: five epochs of twelve steps with validation."""
    return client.fine_tuning.jobs.create(
        model="local-nano",
        training_file=upload(client, as_jsonl(colour_rows(96))),
        validation_file=upload(client, as_jsonl(colour_rows(16)), "valid.jsonl"),
        seed=11,
        hyperparameters={"n_epochs": 5, "batch_size": 8},
    ).id


def worker_pid(home: Path, job_id: str) -> int:
    """Return the process that holds a job."""
    return int((home / "jobs" / job_id / "lock").read_text())


@pytest.fixture(scope="module")
def undisturbed(client: OpenAI) -> Curve:
    """The curve of a run nothing happens to."""
    job = finished(client, create(client))
    curve = steps_of(client, job.id)
    assert [step["step"] for step in curve] == list(range(1, STEPS + 1))
    return curve


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of an engine that may be hurt."""
    return tmp_path / "home"


@pytest.fixture
def client_here(home: Path) -> Iterator[OpenAI]:
    """A client of an engine of the test's own."""
    with running_engine(home) as address, client_of(address) as opened:
        yield opened


def test_a_killed_worker_is_replaced_and_repeats_its_steps_to_the_bit(
    home: Path, client_here: OpenAI, undisturbed: Curve
) -> None:
    job_id = create(client_here)
    for count, step in enumerate((5, 29)):
        reached(client_here, job_id, step)
        os.kill(worker_pid(home, job_id), signal.SIGKILL)
        eventually(partial(died_more_often, client_here, job_id, count), "the news of the death")
    job = finished(client_here, job_id)

    assert job.status == "succeeded"
    assert steps_of(client_here, job_id) == undisturbed
    assert deaths(client_here, job_id) == 2


def died_more_often(client: OpenAI, job_id: str, than: int) -> bool:
    """Whether a job's log speaks of more dead workers than that."""
    return deaths(client, job_id) > than


def deaths(client: OpenAI, job_id: str) -> int:
    """Count how often a job's log speaks of a dead worker."""
    return messages_of(client, job_id).count(WORKER_DIED)


def test_a_killed_server_leaves_no_worker_behind_and_the_next_server_goes_on(home: Path, undisturbed: Curve) -> None:
    engine = EngineProcess(home)
    with client_of(engine.address) as client:
        job_id = create(client)
        reached(client, job_id, 17)
        worker = worker_pid(home, job_id)
        engine.kill()
    eventually(lambda: has_ended(worker), "the worker's end")
    with running_engine(home) as address, client_of(address) as client:
        assert finished(client, job_id).status == "succeeded"
        assert steps_of(client, job_id) == undisturbed
        assert not [event for event in events_of(client, job_id) if event.level == "warn"]


def has_ended(pid: int) -> bool:
    """Whether a process that is no child of ours is gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_server_and_worker_killed_at_once_are_both_made_good(home: Path, undisturbed: Curve) -> None:
    engine = EngineProcess(home)
    with client_of(engine.address) as client:
        job_id = create(client)
        reached(client, job_id, 31)
        worker = worker_pid(home, job_id)
        os.kill(worker, signal.SIGKILL)
        engine.kill()
    with running_engine(home) as address, client_of(address) as client:
        assert finished(client, job_id).status == "succeeded"
        assert steps_of(client, job_id) == undisturbed


def test_a_stopped_server_puts_its_job_back_and_the_next_server_goes_on(home: Path, undisturbed: Curve) -> None:
    engine = EngineProcess(home)
    with client_of(engine.address) as client:
        job_id = create(client)
        reached(client, job_id, 20)
    assert engine.stop() == 0
    with running_engine(home) as address, client_of(address) as client:
        assert finished(client, job_id).status == "succeeded"
        assert steps_of(client, job_id) == undisturbed


def test_a_paused_job_rests_and_goes_on_to_the_bit(client_here: OpenAI, undisturbed: Curve) -> None:
    job_id = create(client_here)
    reached(client_here, job_id, 8)
    assert paused(client_here, job_id)
    done_so_far = len(steps_of(client_here, job_id))
    assert 8 <= done_so_far < STEPS
    assert client_here.fine_tuning.jobs.resume(job_id).status == "queued"
    assert finished(client_here, job_id).status == "succeeded"
    assert steps_of(client_here, job_id) == undisturbed
    log = messages_of(client_here, job_id)
    assert log.index(f"Fine-tuning job paused at step {done_so_far}") < log.index("Fine-tuning job resumed")
    assert log.count("Fine-tuning job started") == 1


def test_a_worker_that_dies_without_getting_further_is_given_up(home: Path, client_here: OpenAI) -> None:
    job_id = create(client_here)
    reached(client_here, job_id, 1)
    # Nothing can be resumed from this, and no worker will get past it.
    (home / "jobs" / job_id / "last.npz").write_bytes(b"not a checkpoint")
    os.kill(worker_pid(home, job_id), signal.SIGKILL)
    job = finished(client_here, job_id)

    assert job.status == "failed"
    assert job.error is not None
    assert job.error.code == "worker_crashed"
    assert "last.npz" in job.error.message
