"""Asks for the job of a launch once, and finds it where the reply was lost; again only on the person's word."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fttui.domain.errors import JournalError, ProviderError, RefusedError, RefusedLaunchError, UnconfirmedLaunchError
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import Operation, OperationState
from fttui.domain.jobs.spec import JobSpec
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchProgress, Stage, TellProgress, quietly
from fttui.services.jobs.reconcile import SETTLING_SECONDS, find_job, settle_with
from fttui.services.ports import Clock, ProviderApi

LOOK_AGAIN = (0.0, 3.0, 7.0, 20.0)
"""Seconds before each look for a job whose reply was lost; what is not found then is looked for at the next start."""
NOT_READY_LIMIT = 24
"""How often a clean "still being processed" is waited out, five seconds each."""


async def create_once(
    provider: ProviderApi, journal: Journal, operation: Operation, progress: TellProgress, clock: Clock
) -> Job:
    """Ask for the job of a launch that is written down, once; find it where the reply is lost.

    Returns:
        The job, written down.

    Raises:
        ProviderError: the provider refused; there is no job.
        UnconfirmedLaunchError: the reply was lost and no job was found yet.
        JournalError: the job runs, but cannot be written down.
    """
    jobs: Sequence[Job] | None
    try:
        jobs = [await _create_when_ready(provider, operation.spec, clock)]
    except ProviderError as error:
        if isinstance(error, RefusedError) and not error.may_be_done:
            await asyncio.to_thread(
                journal.settle, operation.id, OperationState.REFUSED, note=error.message, seen_at=clock.now()
            )
            raise
        await asyncio.to_thread(
            journal.settle, operation.id, OperationState.UNKNOWN, note=error.message, seen_at=clock.now()
        )
        progress(LaunchProgress(Stage.LOOKING))
        jobs = await _look_for(provider, journal, operation, clock)
        if jobs is None:
            raise UnconfirmedLaunchError(
                f"The reply to the launch was lost, and no job of it was found yet. {error.message}",
                hint="It was sent once and is not sent again. It is looked for whenever the jobs are listed.",
            ) from error
    try:
        await settle_with(journal, operation, jobs, clock)
    except JournalError as error:
        raise JournalError(
            f"The job {jobs[0].id} runs, but could not be written down. {error.message}", hint=error.hint
        ) from error
    return jobs[0]


async def _create_when_ready(provider: ProviderApi, spec: JobSpec, clock: Clock) -> Job:
    """Ask for the job; a clean refusal because a file is still being processed is the only reason to ask again."""
    for _ in range(NOT_READY_LIMIT):
        try:
            return await provider.create_job(spec)
        except RefusedError as error:
            if error.status != 400 or "still being processed" not in error.message:
                raise
            await clock.sleep(5)
    return await provider.create_job(spec)


async def _look_for(
    provider: ProviderApi, journal: Journal, operation: Operation, clock: Clock
) -> Sequence[Job] | None:
    known = frozenset(entry.job.id for entry in await asyncio.to_thread(journal.jobs, operation.profile))
    for wait in LOOK_AGAIN:
        await clock.sleep(wait)
        try:
            found = await find_job(provider, operation, known)
        except ProviderError:
            # Still out of reach: the next look, or the next start, may find it.
            continue
        if found:
            return found
    return None


async def resend(
    provider: ProviderApi,
    journal: Journal,
    operation: Operation,
    clock: Clock,
    progress: TellProgress = quietly,
) -> Job:
    """Send a launch again that came to nothing as far as is known, with the same tag; only on the person's word.

    The provider is asked once more for its job first. Of several programs that are told to, one sends.

    Args:
        provider: where it was sent.
        journal: where it is written down.
        operation: the launch.
        clock: time.
        progress: told how far it is.

    Returns:
        The job, found or created.

    Raises:
        RefusedLaunchError: its outcome is known meanwhile, or it was sent a moment ago.
        ProviderError: the provider could not be asked, or refused; nothing was sent in the first case.
        UnconfirmedLaunchError: the reply was lost again.
        JournalError: it cannot be written down; nothing was sent.
    """
    progress(LaunchProgress(Stage.LOOKING))
    known = frozenset(entry.job.id for entry in await asyncio.to_thread(journal.jobs, operation.profile))
    found = await find_job(provider, operation, known)
    if found:
        await settle_with(journal, operation, found, clock)
        return found[0]
    now = clock.now()
    if not await asyncio.to_thread(journal.claim_resend, operation.id, now=now, settling=SETTLING_SECONDS):
        raise RefusedLaunchError(
            "That launch is settled, or was sent less than two minutes ago",
            hint="List the jobs again to see what became of it.",
        )
    progress(LaunchProgress(Stage.CREATING))
    return await create_once(provider, journal, operation, progress, clock)
