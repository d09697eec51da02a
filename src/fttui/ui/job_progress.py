"""How far the jobs of a list are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fttui.domain.jobs.feed import JobUpdate
from fttui.domain.jobs.job import Job

if TYPE_CHECKING:
    from fttui.services.jobs.journal import Journal
    from fttui.services.ports import ProviderApi

FOLLOWED = 8
"""Jobs whose progress is asked for."""


async def fetch_progress(provider: ProviderApi, journal: Journal, profile: str) -> None:
    """Write down what is new of the jobs that go on."""
    known = await asyncio.to_thread(journal.jobs, profile)
    for job in [entry.job for entry in known if not entry.job.is_final][:FOLLOWED]:
        newest = await asyncio.to_thread(journal.last_event, profile, job.id)
        fresh = await provider.events_since(job.id, newest)
        if fresh:
            await asyncio.to_thread(journal.record, profile, job.id, JobUpdate(events=tuple(fresh)))


def progress_of(journal: Journal, profile: str, jobs: Sequence[Job]) -> Mapping[str, float]:
    """How far the jobs that go on are, 0 to 1 by id, as the journal knows it. Blocks."""
    shares: dict[str, float] = {}
    for job in [job for job in jobs if not job.is_final][:FOLLOWED]:
        share = journal.feed(profile, job.id).progress
        if share is not None:
            shares[job.id] = share
    return shares
