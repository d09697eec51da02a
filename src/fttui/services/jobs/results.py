"""Fetches the result file of a job, once; after that it is read from the journal."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from fttui.domain.errors import MalformedAnswerError, ProviderError, UsageError
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.results import ResultTable, decode_results
from fttui.services.jobs.journal import Journal
from fttui.services.ports import ProviderApi

if TYPE_CHECKING:
    from fttui.services.container import Services

logger = logging.getLogger(__name__)


async def read_results(services: Services, profile: str, job: Job) -> ResultTable:
    """The results of a job: from the journal, which needs no provider, else from the provider.

    Raises:
        UsageError: the job has left no results.
        MalformedAnswerError: what the provider keeps is not a table of metrics.
        ProviderError: the provider refused or could not be reached.
        JournalError: the journal cannot be read.
    """
    journal = await asyncio.to_thread(lambda: services.journal)
    known = await kept_results(journal, profile, job)
    return known if known is not None else await fetch_results(await services.provider(profile), journal, profile, job)


async def kept_results(journal: Journal, profile: str, job: Job) -> ResultTable | None:
    """The results of a job as they lie in the journal, or None."""
    for file_id in job.result_files:
        content = await asyncio.to_thread(journal.result, profile, job.id, file_id)
        if content is not None:
            return await asyncio.to_thread(_decoded, content, job)
    return None


async def fetch_results(provider: ProviderApi, journal: Journal, profile: str, job: Job) -> ResultTable:
    """The results of a job, from the journal or else from the provider.

    Raises:
        UsageError: the job has left no results.
        MalformedAnswerError: what the provider keeps is not a table of metrics.
        ProviderError: the provider refused or could not be reached.
    """
    known = await kept_results(journal, profile, job)
    if known is not None:
        return known
    if not job.result_files:
        raise UsageError(
            f"The job {job.id} has left no result file; it is {job.status}", hint=f"See it with: fttui plot {job.id}"
        )
    unreadable: MalformedAnswerError | None = None
    for file_id in job.result_files:
        content = await provider.file_content(file_id)
        try:
            table = await asyncio.to_thread(_decoded, content, job)
        except MalformedAnswerError as error:
            unreadable = error
            continue
        await asyncio.to_thread(journal.keep_result, profile, job.id, file_id, content)
        return table
    assert unreadable is not None  # noqa: S101 - there was a file, and it gave no table
    raise unreadable


async def recall_steps(provider: ProviderApi, journal: Journal, profile: str, feed: JobFeed) -> bool:
    """Take the steps of a job that is over from its result file, where its log has none of them any more.

    Returns:
        Whether the journal knows something new.

    Raises:
        JournalError: the journal cannot be read or written.
    """
    job = feed.job
    if job is None or not job.is_final or not job.result_files or any(event.metrics for event in feed.events):
        return False
    try:
        table = await fetch_results(provider, journal, profile, job)
    except ProviderError as error:
        logger.info("The result file of %s tells no steps: %s", job.id, error.title)
        return False
    events = table.events(job.id, job.finished_at or job.created_at)
    await asyncio.to_thread(journal.record, profile, job.id, JobUpdate(events=events))
    return bool(events)


def _decoded(content: bytes, job: Job) -> ResultTable:
    try:
        return decode_results(content)
    except ValueError as error:
        raise MalformedAnswerError(f"{error}: job {job.id}") from error
