"""How far the jobs of a list are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.services.jobs.poll_turn import PollTurn, folder_of

if TYPE_CHECKING:
    from fttui.services.jobs.journal import Journal, JournalJob
    from fttui.services.ports import ProviderApi

FOLLOWED = 8
"""Jobs whose progress is asked for."""


async def fetch_progress(provider: ProviderApi, journal: Journal, profile: str) -> None:
    """Write down what is new of the jobs that go on, but for those that somebody follows already."""
    known = await asyncio.to_thread(journal.jobs, profile)
    for job in [entry.job for entry in known if not entry.job.is_final][:FOLLOWED]:
        # The turn is not kept: whoever wants to follow the job need not wait for a look in passing.
        turn = PollTurn(folder_of(journal), profile, job.id)
        is_followed = not turn.take()
        turn.give_up()
        if is_followed:
            continue
        newest = await asyncio.to_thread(journal.last_event, profile, job.id)
        fresh = await provider.events_since(job.id, newest)
        if fresh:
            await asyncio.to_thread(journal.record, profile, job.id, JobUpdate(events=tuple(fresh)))


def progress_of(journal: Journal, jobs: Sequence[JournalJob]) -> Mapping[tuple[str, str], float]:
    """How far the jobs that go on are, 0 to 1 by profile and id, as the journal knows it. Blocks."""
    shares: dict[tuple[str, str], float] = {}
    for known in [known for known in jobs if not known.job.is_final][:FOLLOWED]:
        newest = journal.newest_events(known.profile, known.job.id)
        share = JobFeed().apply(JobUpdate(events=tuple(newest))).progress
        if share is not None:
            shares[known.profile, known.job.id] = share
    return shares
