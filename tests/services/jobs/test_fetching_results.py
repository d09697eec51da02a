"""The results of a job are fetched once and read from the journal from then on."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from fakes import FakeProvider
from fttui.domain.errors import MalformedAnswerError, UsageError
from fttui.domain.jobs.job import Job
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.results import fetch_results, kept_results

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


async def test_a_job_without_a_result_file_is_told(journal: Journal) -> None:
    with pytest.raises(UsageError, match="left no result file"):
        await fetch_results(FakeProvider(), journal, "p", replace(JOB, status="failed", result_files=()))


async def test_what_is_no_table_is_told_and_not_kept(journal: Journal) -> None:
    provider = FakeProvider(contents={"file-r": b"<html>"})

    with pytest.raises(MalformedAnswerError, match="ftjob-1"):
        await fetch_results(provider, journal, "p", JOB)
    assert await kept_results(journal, "p", JOB) is None
