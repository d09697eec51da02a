"""A feed holds each event once whatever repeats, and curves hold what can be drawn."""

from __future__ import annotations

import math
import random

from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent
from fttui.domain.jobs.series import Point, curves

JOB = Job("j", "m", "running", 1, "f")


def step(number: int, total: int | None = 10, **metrics: float) -> JobEvent:
    return JobEvent(f"e{number}", number, "info", "", "metrics", number, total, metrics or {"train_loss": 1.0})


def test_updates_that_overlap_leave_each_event_once() -> None:
    events = [step(number) for number in range(50)]
    feed = JobFeed()
    for start in range(0, 50, 5):
        feed = feed.apply(JobUpdate(events=tuple(events[max(start - 7, 0) : start + 5])))

    assert list(feed.events) == events


def test_an_update_that_repeats_itself_counts_once() -> None:
    assert len(JobFeed().apply(JobUpdate(events=(step(1), step(1)))).events) == 1


def test_the_newest_state_counts_and_nothing_takes_it_away() -> None:
    feed = JobFeed().apply(JobUpdate(JOB)).apply(JobUpdate(events=(step(4),)))

    assert feed.job == JOB
    assert feed.progress == 0.4


def test_progress_is_unknown_without_a_total() -> None:
    assert JobFeed().progress is None
    assert JobFeed().apply(JobUpdate(events=(step(4, None),))).progress is None


def test_checkpoints_are_those_kept_now_by_step() -> None:
    early, late = (Checkpoint(f"c{at}", "j", "m", at, 0) for at in (5, 9))
    feed = JobFeed().apply(JobUpdate(checkpoints=(late, early)))

    assert feed.checkpoints == (early, late)
    assert feed.apply(JobUpdate(checkpoints=(late,))).checkpoints == (late,)
    assert feed.apply(JobUpdate()).checkpoints == (early, late)


def test_curves_run_by_step_and_the_last_value_of_a_step_counts() -> None:
    events = [step(number, train_loss=number / 10, zeta=1.0) for number in range(1, 6)]
    random.Random(2).shuffle(events)
    events.append(JobEvent("again", 99, "info", "", "metrics", 3, 10, {"train_loss": 7.0, "valid_loss": 1.0}))

    train, valid, other = curves(events)

    assert [one.name for one in (train, valid, other)] == ["train_loss", "valid_loss", "zeta"]
    assert train.points[2] == Point(3, 7.0)
    assert [point.step for point in train.points] == [1, 2, 3, 4, 5]


def test_values_that_are_not_finite_are_counted_and_not_drawn() -> None:
    (curve,) = curves([step(1, train_loss=math.inf), step(2, train_loss=math.nan), step(3, train_loss=1.0)])

    assert (curve.points, curve.dropped) == ((Point(3, 1.0),), 2)
