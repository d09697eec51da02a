"""Finds what waits for a person's word on a profile, and carries the word out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fttui.domain.jobs.operation import doubles
from fttui.services.jobs.loose_ends import delete_unused, unused_files
from fttui.services.jobs.reconcile import Reconciled, abandon
from fttui.ui import present
from fttui.ui.screens.unsettled import Answer, DoubledLaunch, LostLaunch, Unsettled, UnusedFiles, Wish

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.services.jobs.journal import Journal
    from fttui.services.ports import Clock


async def find_unsettled(
    journal: Journal, profile: str, settled: Sequence[Reconciled], clock: Clock
) -> Sequence[Unsettled]:
    """What waits for a word: doubled launches first, they cost most; then lost ones, then unused files.

    Raises:
        JournalError: the journal cannot be read.
    """
    operations = await asyncio.to_thread(journal.operations, profile)
    known = await asyncio.to_thread(journal.jobs, profile)
    doubled = [DoubledLaunch(*found) for found in doubles(operations, [entry.job for entry in known])]
    lost = [LostLaunch(outcome.operation) for outcome in settled if outcome.may_be_resent]
    files = tuple(await unused_files(journal, profile, clock))
    return (*doubled, *lost, *([UnusedFiles(files)] if files else ()))


async def carry_out(services: Services, clock: Clock, profile: str, what: Unsettled, answer: Answer) -> str:
    """Do what was chosen; return in words what was done.

    Raises:
        FttuiError: it could not be done.
    """
    from fttui.services.jobs.create_once import resend

    journal = services.journal
    match what, answer.wish:
        case LostLaunch(operation), Wish.SEND_AGAIN:
            job = await resend(await services.provider(profile), journal, operation, clock)
            return f"The launch made the job {job.id}"
        case LostLaunch(operation), _:
            await abandon(journal, operation)
            return "The launch is no longer looked for"
        case DoubledLaunch(), Wish.CANCEL:
            job = await (await services.provider(profile)).cancel_job(answer.job_id)
            await asyncio.to_thread(journal.adopt, profile, [job], seen_at=clock.now())
            return f"The job {job.id} is {job.status}"
        case DoubledLaunch(operation, jobs), _:
            await asyncio.to_thread(journal.keep_both, operation.id)
            return f"All {len(jobs)} jobs are kept"
        case UnusedFiles(files), _:
            provider = await services.provider(profile)
            for file in files:
                await delete_unused(provider, journal, file)
            return f"{present.counted(len(files), 'file')} deleted at the provider"
