"""Jobs that were started by other tools are taken in, all of them, at the price of one request from then on."""

from __future__ import annotations

from fakes import FakeClock, FakeProvider
from fault_server import FaultServer
from fttui.domain.jobs.job import Job
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.reconcile import PAGE, refresh
from fttui.services.openai_api.provider import OpenAiProvider

STATUSES = ("succeeded", "paused", "awaiting_review", "running")


def jobs(count: int) -> list[Job]:
    return [Job(f"ftjob-{at}", "base", STATUSES[at % 4], 10_000 - at, "file-1") for at in range(count)]


async def test_jobs_of_other_tools_are_taken_in_whatever_their_status(journal: Journal) -> None:
    provider = FakeProvider(jobs=jobs(4))

    await refresh(provider, journal, "p", FakeClock())

    assert [entry.job.status for entry in journal.jobs("p")] == list(STATUSES)


async def test_they_are_taken_in_from_a_real_server(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock
) -> None:
    for _ in range(3):
        server.memory.start_job({"model": "base", "training_file": "file-9"})

    await refresh(provider, journal, "p", clock)

    assert {entry.job.id for entry in journal.jobs("p")} == set(server.memory.jobs)


async def test_more_jobs_than_a_page_are_taken_in_once_and_then_only_the_newest_are_asked_for(journal: Journal) -> None:
    provider = FakeProvider(jobs=jobs(3 * PAGE))
    await refresh(provider, journal, "p", FakeClock())
    assert len(journal.jobs("p")) == 3 * PAGE
    asked = len(provider.calls)
    provider.jobs.insert(0, Job("ftjob-new", "base", "queued", 20_000, "file-1"))

    await refresh(provider, journal, "p", FakeClock())

    assert journal.jobs("p")[0].job.id == "ftjob-new"
    assert len(provider.calls) == asked + 1
