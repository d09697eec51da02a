"""Tells that a job that was followed is over: by bell, desktop and the person's command, once for each job."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import talk
from fttui.domain.errors import JournalError
from fttui.domain.jobs.feed import JobFeed

if TYPE_CHECKING:
    from fttui.services.container import Services


async def tell_end(services: Services, profile: str, feed: JobFeed) -> None:
    """Tell of a job's end outside the program, unless somebody was told of it before."""
    from fttui.services.jobs.ledger import read_ledger
    from fttui.services.jobs.notify import claim, desktop_sequence, end_of, run_command

    end = end_of(profile, feed)
    if end is None:
        return
    try:
        if not await claim(services.journal, end):
            return
        settings = services.settings
        entries = await asyncio.to_thread(read_ledger, services.journal, settings.profiles, settings.prices, profile)
    except JournalError as error:
        talk(f"{error.title}: {error.message}")
        return
    entry = next((one for one in entries if one.job.id == end.job.id), None)
    if entry is not None and entry.actual is not None:
        talk(f"Cost: {entry.currency} {entry.actual:.2f}. {' '.join(entry.reasons)}")
    if end.best and end.best != end.job.fine_tuned_model:
        talk(f"Best checkpoint: {end.best}")
    # The first step of two is told with the model already.
    for step in end.next_steps[1:] or end.next_steps:
        talk(step)
    if sys.stderr.isatty():
        # Ours, and made of safe words: not foreign text.
        click.echo(f"\a{desktop_sequence(end, services.environ)}", nl=False, err=True)
    complaint = await run_command(services.settings.notify_command, end, services.environ)
    if complaint:
        talk(complaint)
