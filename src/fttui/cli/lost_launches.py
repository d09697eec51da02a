"""Launches whose answer was lost: what became of them, sending one again, letting it be."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from fttui.cli.files import confirm
from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, say, talk, with_services
from fttui.domain.errors import UsageError
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.jobs.operation import Operation
    from fttui.services.container import Services
    from fttui.services.jobs.reconcile import Reconciled

SHORT = 8
"""Characters of an operation's id that are shown; any beginning that fits one launch will do."""


def tell_outcomes(settled: Sequence[Reconciled]) -> None:
    """Say what became of launches whose answer was lost."""
    for outcome in settled:
        launch = f"The launch {outcome.operation.id[:SHORT]} of {asked_at(outcome.operation)} UTC"
        if len(outcome.jobs) == 1:
            talk(f"{launch} whose reply was lost made the job {safe_line(outcome.jobs[0].id)}.")
        elif outcome.jobs:
            ids = ", ".join(safe_line(job.id) for job in outcome.jobs)
            talk(f"{launch} made {len(outcome.jobs)} jobs that may be its own: {ids}.")
        elif outcome.may_be_resent:
            short = outcome.operation.id[:SHORT]
            talk(f"{launch} whose reply was lost made no job as far as is known.")
            talk(f"  Send it again: fttui jobs resend {short}   let it be: fttui jobs abandon {short}")
        else:
            talk(f"{launch} has no answer yet; it is looked for again when the jobs are listed.")


async def tell_doubles(services: Services, profile: str) -> None:
    """Say which launches made more than one job that still costs."""
    from fttui.domain.jobs.operation import doubles

    operations = await asyncio.to_thread(services.journal.operations, profile)
    known = await asyncio.to_thread(services.journal.jobs, profile)
    for operation, jobs in doubles(operations, [entry.job for entry in known]):
        talk(f"The launch {operation.id[:SHORT]} of {asked_at(operation)} UTC made {len(jobs)} jobs:")
        for job in jobs:
            talk(f"  {safe_line(job.id)} is {safe_line(job.status)}; stop it: fttui jobs cancel {safe_line(job.id)}")
        talk(f"  Keep them all: fttui jobs abandon {operation.id[:SHORT]}")


def asked_at(operation: Operation) -> str:
    """When a launch was made, as people write it."""
    return datetime.fromtimestamp(operation.created_at, UTC).strftime("%Y-%m-%d %H:%M")


def _find(operations: Sequence[Operation], beginning: str) -> Operation:
    found = [operation for operation in operations if operation.id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    what = "No launch" if not found else f"{len(found)} launches"
    raise UsageError(f"{what} of an id that begins with {safe_line(beginning)}", hint="See them with: fttui jobs list")


@click.command("resend", short_help="Send a launch again whose answer was lost.")
@click.argument("launch", metavar="LAUNCH")
@profile_option
@json_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def resend_launch(launch: str, profile: str | None, as_json: bool, yes: bool) -> int:
    """Send a launch again whose answer was lost and of which no job was found.

    The provider is asked for its job once more first; with the same tag a job that shows up later is still known.
    """

    async def work(services: Services) -> None:
        from fttui.services.jobs.create_once import resend

        chosen = services.profile(profile).name
        operation = _find(await asyncio.to_thread(services.journal.operations, chosen, only_open=True), launch)
        confirm(f"Send the launch of {safe_line(operation.spec.model)} of {asked_at(operation)} UTC again?", yes)
        job = await resend(await services.provider(chosen), services.journal, operation, services.clock)
        if as_json:
            emit_json({"job": job})
        else:
            say(job.id)

    with_services(work)
    return ExitCode.GOOD


@click.command("abandon", short_help="Let be a launch whose answer was lost.")
@click.argument("launch", metavar="LAUNCH")
@profile_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def abandon_launch(launch: str, profile: str | None, yes: bool) -> int:
    """Let a launch be whose answer was lost, or keep all the jobs that one launch made."""

    async def work(services: Services) -> None:
        from fttui.services.jobs.reconcile import abandon

        chosen = services.profile(profile).name
        operation = _find(await asyncio.to_thread(services.journal.operations, chosen), launch)
        if operation.is_open:
            confirm(f"Look no longer for the job of the launch of {asked_at(operation)} UTC?", yes)
            await abandon(services.journal, operation)
            talk("It is no longer looked for.")
        else:
            await asyncio.to_thread(services.journal.keep_both, operation.id)
            talk("All its jobs are kept.")

    with_services(work)
    return ExitCode.GOOD
