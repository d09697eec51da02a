"""When a job will be done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Job, JobEvent
from fttui.domain.jobs.pace import seconds_left, seconds_per_step

JOB = Job("ftjob-1", "nano", "running", 0, "file-1")


def step(number: int, time: int, total: int = 10) -> JobEvent:
    return JobEvent(f"e{number}", time, "info", f"Step {number}/{total}", "metrics", number, total)


def feed(*events: JobEvent, job: Job = JOB) -> JobFeed:
    return JobFeed().apply(JobUpdate(job, events))


def test_the_time_left_follows_the_speed_of_the_newest_steps_and_shrinks_as_time_goes_by() -> None:
    running = feed(step(1, 100), step(3, 104))

    assert seconds_per_step(running) == 2
    assert seconds_left(running, now=104) == 14
    assert seconds_left(running, now=109) == 9
    assert seconds_left(running, now=1000) == 0


def test_old_steps_do_not_count_for_the_present_speed() -> None:
    slow = [step(number, number * 10, 200) for number in range(1, 51)]
    quick = [step(number, 500 + number - 50, 200) for number in range(51, 101)]

    assert seconds_per_step(feed(*slow, *quick)) == pytest.approx(1.0)


def test_nothing_is_said_where_steps_share_one_time_or_the_total_is_unknown() -> None:
    assert seconds_left(feed(step(1, 100), step(2, 100)), now=100) is None
    assert seconds_left(feed(step(1, 100, 0), step(2, 101, 0)), now=101) is None
    assert seconds_left(feed(), now=0) is None


def test_the_providers_own_estimate_counts_more() -> None:
    estimated = replace(JOB, estimated_finish=130)

    assert seconds_left(feed(step(1, 100), step(2, 101), job=estimated), now=101) == 29


def test_a_job_that_does_not_run_has_no_time_left() -> None:
    assert seconds_left(feed(step(1, 100), step(2, 101), job=replace(JOB, status="paused")), now=101) is None
