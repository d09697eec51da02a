"""A launch knows its job by its tag, or by what can have come from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fttui.domain.jobs.cadence import LOOPBACK, REMOTE, cadence_for, hints_at_change, hints_at_checkpoint
from fttui.domain.jobs.job import Job, JobEvent
from fttui.domain.jobs.operation import BOTH_KEPT, TAG, Operation, OperationState, doubles
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.profiles.profile import LOCAL, OPENAI

OPERATION = Operation("op", "p", OperationState.UNKNOWN, JobSpec("gpt-4o-mini", "file-1", "file-2"), 10_000.0)
JOB = Job("j", "gpt-4o-mini-2024-07-18", "queued", 10_000, "file-1", "file-2")


def test_the_tag_tells_the_job() -> None:
    assert OPERATION.is_tagged(replace(JOB, metadata={TAG: "op"}))
    assert not OPERATION.is_tagged(replace(JOB, metadata={TAG: "other"}))
    assert not OPERATION.is_tagged(JOB)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"model": "gpt-4o-mini"}, True),
        ({"created_at": 9_500}, True),
        ({"created_at": 9_000}, False),
        ({"training_file": "file-9"}, False),
        ({"validation_file": None}, False),
        ({"model": "gpt-4o"}, False),
        ({"metadata": {TAG: "other"}}, False),
    ],
    ids=str,
)
def test_without_a_tag_only_the_same_files_base_and_time_will_do(change: dict[str, object], expected: bool) -> None:
    assert OPERATION.may_be(replace(JOB, **change)) is expected  # type: ignore[arg-type]  # fields of a job


@pytest.mark.parametrize(
    ("state", "expected"), [(state, state in ("intent", "unknown")) for state in OperationState], ids=str
)
def test_a_launch_is_open_until_its_outcome_is_known(state: OperationState, expected: bool) -> None:
    assert replace(OPERATION, state=state).is_open is expected


def test_only_the_embedded_engine_is_asked_often() -> None:
    assert cadence_for(LOCAL) is LOOPBACK
    assert cadence_for(OPENAI) is REMOTE


@pytest.mark.parametrize(
    ("status", "seconds"),
    [("running", 10.0), ("queued", 10.0), ("validating_files", 10.0), ("awaiting_review", 10.0), ("paused", 30.0)],
)
def test_the_status_sets_the_pace(status: str, seconds: float) -> None:
    assert REMOTE.interval(replace(JOB, status=status)) == seconds


def test_a_running_job_takes_no_more_than_fifteen_requests_a_minute() -> None:
    assert 60 / REMOTE.events + 60 / REMOTE.job <= 13
    assert 2 * 60 / REMOTE.waiting <= 15


def test_what_an_event_hints_at() -> None:
    metrics = JobEvent("a", 1, "info", "Step 1/2", step=1)
    finished = JobEvent("b", 1, "info", "The job has successfully completed")
    kept = JobEvent("c", 1, "info", "Checkpoint created at step 100 with Snapshot ID: ft:x")

    assert [hints_at_change(event) for event in (metrics, finished)] == [False, True]
    assert [hints_at_checkpoint(event) for event in (metrics, kept)] == [False, True]


def test_a_launch_with_two_jobs_that_are_not_cancelled_is_doubled_until_both_are_wanted() -> None:
    operation = Operation("op", "p", OperationState.CREATED, JobSpec("base", "file-1"), 1.0)

    def made(number: int, status: str, tag: str = "op") -> Job:
        return Job(f"j{number}", "base", status, number, "file-1", metadata={TAG: tag})

    two = (made(2, "running"), made(1, "queued"), made(3, "running", "other"))

    assert doubles([operation], two) == [(operation, (two[1], two[0]))]
    assert doubles([operation], (made(1, "cancelled"), made(2, "running"))) == []
    assert doubles([replace(operation, note=BOTH_KEPT)], two) == []
