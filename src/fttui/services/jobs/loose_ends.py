"""Ties up what earlier runs left open at the provider: uploads to be called off or confirmed, files nobody uses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from fttui.domain.errors import NotFoundError, ProviderError, RefusedError
from fttui.domain.jobs.transfer import SentFile, Transfer, TransferState
from fttui.services.jobs.file_delivery import sending_turn
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.sent_file import find_sent
from fttui.services.ports import Clock, ProviderApi

SETTLING_SECONDS = 120.0
"""After this long a file that went in one request is there, or never will be."""
LONGEST_LAUNCH_SECONDS = 3600.0
"""From the arrival of a file until the job is asked for, at most."""


async def tie_up(provider: ProviderApi, journal: Journal, profile: str, clock: Clock) -> None:
    """Settle files on their way that no program is sending any more. What cannot be settled now stays as it is.

    Uploads that were given up are called off, files whose arrival was not confirmed are looked for, and what the
    provider has dropped by itself is forgotten. An upload that can be taken up is left alone.

    Raises:
        JournalError: the journal cannot be read or written.
    """
    for transfer in await asyncio.to_thread(journal.transfers.all, profile):
        turn = sending_turn(journal, profile, transfer.sha256)
        if not turn.take():
            continue
        try:
            await _settle(provider, journal, transfer, clock)
        except ProviderError:
            # Out of reach: the next time.
            continue
        finally:
            turn.give_up()


async def _settle(provider: ProviderApi, journal: Journal, transfer: Transfer, clock: Clock) -> None:
    ends_at = transfer.ends_at if transfer.in_parts else transfer.began_at + SETTLING_SECONDS
    over = clock.now() >= ends_at
    called_off = False
    if transfer.state is TransferState.CANCELLING:
        try:
            await provider.cancel_upload(transfer.upload_id)
            called_off = True
        except RefusedError:
            # It is over already: dropped, or it became a file just before.
            over = True
    if transfer.state is not TransferState.SENDING and not called_off:
        found = await find_sent(provider, transfer)
        if found is not None:
            await asyncio.to_thread(
                journal.remember_upload, transfer.profile, transfer.sha256, found.id, at=clock.now()
            )
            return
    if called_off or over:
        await asyncio.to_thread(journal.transfers.forget, transfer)


async def unused_files(journal: Journal, profile: str, clock: Clock) -> Sequence[SentFile]:
    """Files that were sent from here for a job that was never created, oldest first.

    Raises:
        JournalError: the journal cannot be read.
    """
    return await asyncio.to_thread(_unused, journal, profile, clock.now())


def _unused(journal: Journal, profile: str, now: float) -> Sequence[SentFile]:
    used: set[str | None] = set()
    refused: set[str | None] = set()
    for entry in journal.jobs(profile):
        used |= {entry.job.training_file, entry.job.validation_file}
    for operation in journal.operations(profile):
        files = {operation.spec.training_file, operation.spec.validation_file}
        (used if operation.is_open or operation.job_id else refused).update(files)
    # A launch may be waiting for a file to be processed; one that was refused waits no more.
    return [
        file
        for file in journal.sent_files(profile)
        if file.id not in used and (file.id in refused or now - file.sent_at > LONGEST_LAUNCH_SECONDS)
    ]


async def delete_unused(provider: ProviderApi, journal: Journal, file: SentFile) -> None:
    """Delete such a file at the provider.

    Raises:
        ProviderError: the provider refused or could not be reached.
        JournalError: it is deleted, but that cannot be written down.
    """
    with suppress(NotFoundError):  # someone else may have deleted it
        await provider.delete_file(file.id)
    await asyncio.to_thread(journal.forget_upload, file.profile, file.id)
