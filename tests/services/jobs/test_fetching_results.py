"""The results of a job are fetched once and read from the journal from then on."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from fakes import FakeClock, FakeProvider
from fttui.domain.errors import MalformedAnswerError, UsageError
from fttui.domain.jobs.job import Job, JobEvent
from fttui.domain.jobs.series import Point, curves
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.results import fetch_results, kept_results
from fttui.services.jobs.watch import look_once, watch
from job_timeline import collect

JOB = Job("ftjob-1", "base", "succeeded", 1, "file-1", result_files=("file-r",))
CONTENT = base64.b64encode(b"step,train_loss\n1,0.5\n")


async def test_results_are_fetched_once(journal: Journal) -> None:
    provider = FakeProvider(contents={"file-r": CONTENT})

    assert await kept_results(journal, "p", JOB) is None
    first = await fetch_results(provider, journal, "p", JOB)
    again = await fetch_results(provider, journal, "p", JOB)

    assert first == again == await kept_results(journal, "p", JOB)
    assert first.rows == ((1.0, 0.5),)
    assert [call[0] for call in provider.calls] == ["file_content"]


async def test_the_steps_of_a_job_whose_log_is_gone_come_from_its_results(journal: Journal) -> None:
    told = JobEvent("e1", 1, "info", "The job has successfully completed")
    provider = FakeProvider(jobs=[JOB], events={JOB.id: [told]}, contents={"file-r": CONTENT})
    feed = await look_once(provider, journal, "p", JOB.id, FakeClock())

    assert [(event.step, dict(event.metrics)) for event in feed.events if event.metrics] == [(1, {"train_loss": 0.5})]
    assert curves(journal.feed("p", JOB.id).events)[0].points == (Point(1, 0.5),)
    again = await look_once(provider, journal, "p", JOB.id, FakeClock())
    assert len(again.events) == 2
    assert [call[0] for call in provider.calls].count("file_content") == 1


async def test_whoever_watches_a_job_whose_log_is_gone_is_told_its_steps_too(journal: Journal) -> None:
    job = replace(JOB, finished_at=2)
    provider = FakeProvider(jobs=[job], contents={"file-r": CONTENT})
    feed, _ = await collect(watch(provider, journal, "p", job.id, FakeClock()))

    assert [event.step for event in feed.events] == [1]


async def test_a_result_file_that_is_no_table_leaves_the_job_as_it_is(journal: Journal) -> None:
    provider = FakeProvider(jobs=[JOB], contents={"file-r": b"<html>"})

    assert (await look_once(provider, journal, "p", JOB.id, FakeClock())).events == ()


async def test_a_job_without_a_result_file_is_told(journal: Journal) -> None:
    with pytest.raises(UsageError, match="left no result file"):
        await fetch_results(FakeProvider(), journal, "p", replace(JOB, status="failed", result_files=()))


async def test_what_is_no_table_is_told_and_not_kept(journal: Journal) -> None:
    provider = FakeProvider(contents={"file-r": b"<html>"})

    with pytest.raises(MalformedAnswerError, match="ftjob-1"):
        await fetch_results(provider, journal, "p", JOB)
    assert await kept_results(journal, "p", JOB) is None
