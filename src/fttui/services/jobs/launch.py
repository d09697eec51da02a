"""Launches a job: hash, upload, wait, write the intent down, and ask once."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

from fttui.domain.errors import RefusedLaunchError
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import TAG, Operation, OperationState
from fttui.domain.jobs.spec import problems
from fttui.services.clock import SystemClock
from fttui.services.jobs.create_once import create_once
from fttui.services.jobs.file_delivery import FileDelivery, shown_name
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage, TellProgress, quietly
from fttui.services.ports import Clock, ProviderApi


async def launch(
    provider: ProviderApi,
    journal: Journal,
    profile: str,
    plan: LaunchPlan,
    progress: TellProgress = quietly,
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
        The job, also when its reply was lost and it was found again.

    Raises:
        RefusedLaunchError: the request is wrong, a file changed since it was validated, or the provider cannot use it.
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
    return await create_once(provider, journal, operation, progress, clock)
