"""Which job a command is about, and in which profile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from fttui.domain.errors import UsageError

if TYPE_CHECKING:
    from fttui.domain.jobs.feed import JobFeed
    from fttui.services.container import Services

job_argument = click.argument("job_id", metavar="[JOB]", required=False)
"""The id of a job; the newest one where it is left out."""


async def choose_job(services: Services, profile: str | None, job_id: str | None) -> tuple[str, str]:
    """The profile's name and the job's id that are meant.

    Args:
        services: to look into the journal.
        profile: the profile asked for, if one was.
        job_id: the job asked for; the newest one the journal knows if none was.

    Raises:
        UsageError: no job was named, and none is known.
        SettingsError: there is no such profile.
    """
    journal = services.journal
    if job_id is None:
        known = await asyncio.to_thread(journal.jobs, services.profile(profile).name)
        if not known:
            raise UsageError("No job is known here yet", hint="Name one, or launch one: fttui launch FILE")
        return known[0].profile, known[0].job.id
    owners = {entry.profile for entry in await asyncio.to_thread(journal.find, job_id)}
    if profile is None and len(owners) == 1:
        return owners.pop(), job_id
    return services.profile(profile).name, job_id


async def feed_of(services: Services, profile: str, job_id: str) -> JobFeed:
    """All that is known of a job, freshly asked for unless it is over and complete; offline from the journal.

    Raises:
        ProviderError: the provider could not be asked, and the journal does not know the job.
    """
    from fttui.cli.frame import talk
    from fttui.domain.errors import UnreachableError
    from fttui.services.jobs.watch import look_once

    journal = services.journal
    known = [entry for entry in await asyncio.to_thread(journal.find, job_id) if entry.profile == profile]
    if not any(entry.complete for entry in known):
        try:
            return await look_once(await services.provider(profile), journal, profile, job_id, services.clock)
        except UnreachableError as error:
            if not known:
                raise
            talk(f"{error.title}: {error.message}. What follows is what was known last.")
    return await asyncio.to_thread(journal.feed, profile, job_id)
