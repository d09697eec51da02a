"""One job as it becomes known: from the journal first, then from the provider until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from fttui.domain.jobs.cadence import cadence_for
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.services.jobs.watch import WatchState, watch
from fttui.ui.job_ends import tell_end

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


async def followed(app: FttuiApp, profile: str, job_id: str) -> AsyncGenerator[JobFeed | WatchState, None]:
    """All that is known of a job, again after each news of it, and how the asking goes; its end is told.

    Args:
        app: tells the end of a job that was seen before it; asks more seldom while nobody looks at it.
        profile: the profile the job belongs to.
        job_id: its id at the provider.

    Raises:
        FttuiError: nothing more can be asked.
    """
    services = app.services
    journal = await asyncio.to_thread(lambda: services.journal)
    feed = await asyncio.to_thread(journal.feed, profile, job_id)
    yield feed
    was_moving = _is_moving(feed)
    watching = watch(
        await services.provider(profile),
        journal,
        profile,
        job_id,
        app.clock,
        cadence=cadence_for(services.profile(profile)),
        reconnect=lambda: services.provider(profile),
        away=lambda: not app.app_focus,
    )
    async with aclosing(watching) as news_of_job:
        async for news in news_of_job:
            if isinstance(news, JobUpdate):
                feed = feed.apply(news)
                was_moving = was_moving or _is_moving(feed)
                yield feed
            else:
                yield news
    if was_moving:
        tell_end(app, profile, feed)


def _is_moving(feed: JobFeed) -> bool:
    return feed.job is not None and not feed.job.is_final
