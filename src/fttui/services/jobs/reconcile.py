"""Finds the jobs of launches whose reply was lost, and adopts jobs that were started elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import TAG, Operation, OperationState, candidates_note
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.loose_ends import tie_up
from fttui.services.ports import Clock, ProviderApi

PAGE, MOST = 100, 2000
"""Jobs asked for in one go, and when none of those is known here yet."""

SETTLING_SECONDS = 120.0
"""A launch this young may still be under way in another program; that no job is found yet says nothing."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of an open launch: its jobs, oldest first.

    Without any it is still not known whether there is one; several mean that it was paid for twice, and the person
    must see them all.
    """

    operation: Operation
    jobs: tuple[Job, ...]
    may_be_resent: bool = False
    """Whether enough time has passed to offer sending it again, on the person's word."""


async def find_job(provider: ProviderApi, operation: Operation, known: frozenset[str]) -> tuple[Job, ...]:
    """The jobs at the provider that came from a launch, oldest first.

    They carry its tag; where the server keeps no metadata, they are those that can have come from nothing else.

    Args:
        provider: who is asked.
        operation: the launch.
        known: ids of jobs that are accounted for already.

    Raises:
        ProviderError: the provider could not be asked.
    """
    tagged = await provider.list_jobs(metadata={TAG: operation.id})
    found = [job for job in tagged if operation.is_tagged(job)]
    if not found:
        found = [job for job in await provider.list_jobs() if operation.may_be(job) and job.id not in known]
    return tuple(sorted(found, key=lambda job: (job.created_at, job.id)))


async def settle_with(journal: Journal, operation: Operation, jobs: Sequence[Job], clock: Clock) -> None:
    """Write down the jobs that were found of a launch; of several it is told until the person has settled it.

    Raises:
        JournalError: the journal cannot be written.
    """
    note, now = candidates_note(jobs), clock.now()
    await asyncio.to_thread(journal.settle, operation.id, OperationState.CREATED, job=jobs[0], note=note, seen_at=now)
    if len(jobs) > 1:
        await asyncio.to_thread(journal.adopt, operation.profile, jobs, seen_at=now)


async def reconcile(provider: ProviderApi, journal: Journal, profile: str, clock: Clock) -> Sequence[Reconciled]:
    """Look for the jobs of all launches whose outcome is open, and write down what is found. Nothing is sent again.

    Raises:
        ProviderError: the provider could not be asked.
        JournalError: the journal cannot be read or written.
    """
    found: list[Reconciled] = []
    for operation in await asyncio.to_thread(journal.operations, profile, only_open=True):
        known = frozenset(entry.job.id for entry in await asyncio.to_thread(journal.jobs, profile))
        jobs = await find_job(provider, operation, known)
        if jobs:
            await settle_with(journal, operation, jobs, clock)
        old_enough = clock.now() - operation.last_sent_at > SETTLING_SECONDS
        found.append(Reconciled(operation, jobs, may_be_resent=not jobs and old_enough))
    return found


async def refresh(provider: ProviderApi, journal: Journal, profile: str, clock: Clock) -> Sequence[Reconciled]:
    """Fetch the provider's list of jobs into the journal, and settle open launches and files on their way.

    Raises:
        ProviderError: the provider could not be asked.
        JournalError: the journal cannot be written.
    """
    await tie_up(provider, journal, profile, clock)
    settled = await reconcile(provider, journal, profile, clock)
    jobs = await provider.list_jobs(limit=PAGE)
    known = {entry.job.id for entry in await asyncio.to_thread(journal.jobs, profile)}
    if len(jobs) >= PAGE and not any(job.id in known for job in jobs):
        # Seen for the first time, or after a long while: older ones may be new here as well.
        jobs = await provider.list_jobs(limit=MOST)
    await asyncio.to_thread(journal.adopt, profile, jobs, seen_at=clock.now())
    return settled


async def abandon(journal: Journal, operation: Operation) -> None:
    """Let a launch be that no job was found for, on the person's word."""
    await asyncio.to_thread(journal.settle, operation.id, OperationState.ABANDONED)
