"""Launches a job: hash, upload, wait, write the intent down, ask once, and find a job whose reply was lost."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

from fttui.domain.errors import (
    JournalError,
    ProviderError,
    RefusedError,
    RefusedLaunchError,
    UnconfirmedLaunchError,
)
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import TAG, Operation, OperationState
from fttui.domain.jobs.spec import JobSpec, problems
from fttui.services.clock import SystemClock
from fttui.services.jobs.file_delivery import FileDelivery, shown_name
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage, TellProgress
from fttui.services.jobs.reconcile import find_job
from fttui.services.ports import Clock, ProviderApi

__all__ = ["LaunchPlan", "LaunchProgress", "Stage", "TellProgress", "launch"]

LOOK_AGAIN = (0.0, 3.0, 7.0, 20.0)
"""Seconds before each look for a job whose reply was lost; what is not found then is looked for at the next start."""
NOT_READY_LIMIT = 24
"""How often a clean "still being processed" is waited out, five seconds each."""
_MAYBE_DONE = frozenset({408, 409})
"""Refusals after which there may be a job all the same."""


def _quiet(_progress: LaunchProgress) -> None:
    """Tell nobody."""


async def launch(
    provider: ProviderApi,
    journal: Journal,
    profile: str,
    plan: LaunchPlan,
    progress: TellProgress = _quiet,
    clock: Clock | None = None,
) -> Job:
    """Upload what is local and ask for the job, once.

    Args:
        provider: where to launch.
        journal: where the intent is written down first; without it nothing is sent.
        profile: the profile's name.
        plan: what to launch.
        progress: told how far it is, often.
        clock: time.

    Returns:
        The job, also when its reply was lost and it was found by its tag.

    Raises:
        RefusedLaunchError: the request is wrong, or a file changed since it was validated; nothing was sent.
        UnreadableFileError: a file cannot be read.
        JournalError: the intent cannot be written down; nothing was asked for.
        UnconfirmedLaunchError: the reply was lost and no job was found yet; it is looked for at the next start.
        ProviderError: the provider refused, or could not be reached before the job was asked for.
    """
    clock = clock or SystemClock()
    tagged = replace(plan.spec, training_file=str(plan.training), metadata={**plan.spec.metadata, TAG: "0"})
    wrong = problems(tagged, plan.fields)
    if wrong:
        raise RefusedLaunchError("; ".join(sentence for _, sentence in wrong))
    await asyncio.to_thread(journal.check_writable)
    files = FileDelivery(provider, journal, profile, plan, progress, clock)
    training = await files.prepare(plan.training)
    validation = await files.prepare(plan.validation) if plan.validation is not None else None
    for file_id, source in ((training, plan.training), (validation, plan.validation)):
        if file_id is not None:
            await files.wait_until_processed(file_id, shown_name(source))

    operation_id = str(uuid.uuid4())
    spec = replace(
        plan.spec,
        training_file=training,
        validation_file=validation,
        metadata={**plan.spec.metadata, TAG: operation_id},
    )
    operation = Operation(operation_id, profile, OperationState.INTENT, spec, clock.now())
    progress(LaunchProgress(Stage.CREATING))
    await asyncio.to_thread(journal.begin, operation, plan.estimate)
    return await _create_once(provider, journal, operation, progress, clock)


async def _create_once(
    provider: ProviderApi, journal: Journal, operation: Operation, progress: TellProgress, clock: Clock
) -> Job:
    try:
        job = await _create_when_ready(provider, operation.spec, clock)
    except ProviderError as error:
        if isinstance(error, RefusedError) and error.status not in _MAYBE_DONE:
            await asyncio.to_thread(
                journal.settle, operation.id, OperationState.REFUSED, note=error.message, seen_at=clock.now()
            )
            raise
        await asyncio.to_thread(
            journal.settle, operation.id, OperationState.UNKNOWN, note=error.message, seen_at=clock.now()
        )
        progress(LaunchProgress(Stage.LOOKING))
        found = await _look_for(provider, journal, operation, clock)
        if found is None:
            raise UnconfirmedLaunchError(
                f"The reply to the launch was lost, and no job of it was found yet. {error.message}",
                hint="It was sent once and is not sent again. It is looked for whenever the jobs are listed.",
            ) from error
        job = found
    try:
        await asyncio.to_thread(journal.settle, operation.id, OperationState.CREATED, job=job, seen_at=clock.now())
    except JournalError as error:
        raise JournalError(
            f"The job {job.id} runs, but could not be written down. {error.message}", hint=error.hint
        ) from error
    return job


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


async def _look_for(provider: ProviderApi, journal: Journal, operation: Operation, clock: Clock) -> Job | None:
    known = frozenset(entry.job.id for entry in await asyncio.to_thread(journal.jobs, operation.profile))
    for wait in LOOK_AGAIN:
        await clock.sleep(wait)
        try:
            found = await find_job(provider, operation, known)
        except ProviderError:
            # Still out of reach: the next look, or the next start, may find it.
            continue
        if found:
            return found[0]
    return None
