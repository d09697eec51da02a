"""Follows a job until nothing more will come of it; everything passes through the journal."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from fttui.domain.backoff import full_jitter
from fttui.domain.errors import (
    EngineError,
    FttuiError,
    JournalError,
    MalformedAnswerError,
    RateLimitedError,
    UnreachableError,
)
from fttui.domain.jobs.cadence import REMOTE, Cadence, hints_at_change, hints_at_checkpoint
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Job
from fttui.services.jobs.journal import Bookmark, Journal
from fttui.services.jobs.poll_turn import PollTurn, folder_of
from fttui.services.jobs.results import recall_steps
from fttui.services.ports import Clock, ProviderApi

logger = logging.getLogger(__name__)

OFFLINE_AFTER = 3
"""Failures in a row from which on the provider counts as out of reach."""
READ_SECONDS = 1.0
"""Between two looks at the journal while another program asks the provider."""


@dataclass(frozen=True, slots=True)
class WatchState:
    """How the watching goes: `failures` in a row, none when all is well.

    `since` is the time of the first of them and `next_try` that of the next look (unix seconds).
    """

    failures: int = 0
    since: float = 0.0
    next_try: float = 0.0
    reason: str = ""

    @property
    def is_offline(self) -> bool:
        """Whether it has lasted long enough to be told."""
        return self.failures >= OFFLINE_AFTER


async def watch(
    provider: ProviderApi,
    journal: Journal,
    profile: str,
    job_id: str,
    clock: Clock,
    *,
    cadence: Cadence = REMOTE,
    reconnect: Callable[[], Awaitable[ProviderApi]] | None = None,
    away: Callable[[], bool] = lambda: False,
) -> AsyncGenerator[JobUpdate | WatchState, None]:
    """Yield what the journal knows of a job, then its news, until the last look after its end.

    While the provider cannot be reached the watching goes on, and a WatchState says so.

    Args:
        provider: who is asked.
        journal: what is known, and where news are kept.
        profile: the profile's name.
        job_id: the job.
        clock: time.
        cadence: how often to ask.
        reconnect: finds the provider again once it could not be reached: an engine that died answers at another
            address when it runs again.
        away: whether nobody looks at the moment, so that it may take longer.

    Raises:
        RefusedError: the key is not accepted, or there is no such job; waiting does not help.
    """
    watcher = _Watcher(provider, journal, profile, job_id, clock, cadence, reconnect, away)
    try:
        async with aclosing(watcher.run()) as all_news:
            async for news in all_news:
                yield news
    finally:
        watcher.turn.give_up()


async def look_once(provider: ProviderApi, journal: Journal, profile: str, job_id: str, clock: Clock) -> JobFeed:
    """Ask after a job once, write down what is new, and return all that is known.

    Raises:
        ProviderError: the provider could not be asked.
        JournalError: the journal cannot be read or written.
    """
    watcher = _Watcher(provider, journal, profile, job_id, clock, REMOTE)
    update = await watcher.look(everything=True)
    await asyncio.to_thread(journal.record, profile, job_id, update, seen_at=clock.now())
    feed = await asyncio.to_thread(journal.feed, profile, job_id)
    if await recall_steps(provider, journal, profile, feed):
        feed = await asyncio.to_thread(journal.feed, profile, job_id)
    return feed


class _Watcher:
    def __init__(
        self,
        provider: ProviderApi,
        journal: Journal,
        profile: str,
        job_id: str,
        clock: Clock,
        cadence: Cadence,
        reconnect: Callable[[], Awaitable[ProviderApi]] | None = None,
        away: Callable[[], bool] = lambda: False,
    ) -> None:
        self.turn = PollTurn(folder_of(journal), profile, job_id)
        self._provider, self._journal, self._clock, self._cadence = provider, journal, clock, cadence
        self._reconnect, self._away = reconnect, away
        self._key = (profile, job_id)
        self._bookmark = Bookmark()
        self._feed = JobFeed()
        self._job_seen_at = float("-inf")
        self._looked = False
        self._state = WatchState()

    async def run(self) -> AsyncGenerator[JobUpdate | WatchState, None]:
        swept = False
        while True:
            if not self.turn.is_taken:
                # In this order nothing is missed that whoever had the turn writes down last.
                taken = self.turn.take()
                try:
                    complete = await self._is_complete()
                    if (known := await self._news()) != JobUpdate():
                        yield known
                    if complete:
                        return
                except JournalError as error:
                    yield WatchState(reason=error.message)
                if not taken:
                    await self._clock.sleep(READ_SECONDS)
                    continue
            try:
                if self._state.failures and self._reconnect is not None:
                    self._provider = await self._reconnect()
                update = await self.look(everything=swept, afresh=swept)
            except (UnreachableError, MalformedAnswerError, RateLimitedError, EngineError) as error:
                yield self._failed(error)
                await self._clock.sleep(max(self._state.next_try - self._clock.now(), 0))
                continue
            job = update.job or self._feed.job
            last_look = job is not None and job.is_final and (swept or self._is_settled(job))
            async for heard in self._keep(update, complete=last_look):
                yield heard
            if last_look:
                async for recalled in self._recall():
                    yield recalled
                return
            swept = self._feed.job is not None and self._feed.job.is_final
            wait = self._cadence.interval(self._feed.job, away=self._away())
            await self._clock.sleep(self._cadence.sweep if swept else wait)

    def _is_settled(self, job: Job) -> bool:
        """Whether a job ended so long ago that all its events have arrived."""
        return job.finished_at is not None and self._clock.now() - job.finished_at > self._cadence.settled

    async def look(self, *, everything: bool, afresh: bool = False) -> JobUpdate:
        """Ask the provider for news; `afresh` for all events, as a list that lagged may have left some out before."""
        profile, job_id = self._key
        job: Job | None = None
        # Whoever asks for the list of jobs sees this one too.
        seen_at = max(self._job_seen_at, await self._seen_by_others(profile, job_id))
        due = self._clock.now() - seen_at >= self._cadence.job
        waits = self._feed.job is None or self._feed.job.status != "running"
        if everything or due or waits:
            job = await self._provider.retrieve_job(job_id)
        known = None if afresh else await self._last_known(profile, job_id)
        events = await self._provider.events_since(job_id, known)
        if job is None and any(map(hints_at_change, events)):
            job = await self._provider.retrieve_job(job_id)
        if job is not None:
            self._job_seen_at = self._clock.now()
        finished = job is not None and job.is_final
        ask = everything or finished or not self._looked or any(map(hints_at_checkpoint, events))
        checkpoints = await self._provider.checkpoints(job_id) if ask else ()
        self._looked = True
        return JobUpdate(job, tuple(events), tuple(checkpoints))

    async def _seen_by_others(self, profile: str, job_id: str) -> float:
        try:
            known = await asyncio.to_thread(self._journal.find, job_id)
        except JournalError:
            return float("-inf")
        return max((entry.seen_at for entry in known if entry.profile == profile), default=float("-inf"))

    async def _last_known(self, profile: str, job_id: str) -> str | None:
        try:
            return await asyncio.to_thread(self._journal.last_event, profile, job_id)
        except JournalError:
            return self._feed.events[-1].id if self._feed.events else None

    async def _keep(self, update: JobUpdate, *, complete: bool) -> AsyncGenerator[JobUpdate | WatchState, None]:
        """Write news down and hand on what is new; where the journal fails, hand them on all the same."""
        if self._state.failures:
            self._state = WatchState()
            yield self._state
        profile, job_id = self._key
        try:
            await asyncio.to_thread(
                self._journal.record, profile, job_id, update, seen_at=self._clock.now(), complete=complete
            )
            news = await self._news()
        except JournalError as error:
            self._feed = self._feed.apply(update)
            yield update
            yield WatchState(reason=error.message)
            return
        if news != JobUpdate():
            yield news

    async def _recall(self) -> AsyncGenerator[JobUpdate, None]:
        """Steps that are in the result file alone."""
        try:
            if await recall_steps(self._provider, self._journal, self._key[0], self._feed):
                yield await self._news()
        except JournalError as error:
            logger.info("Steps could not be kept: %s", error.message)

    async def _news(self) -> JobUpdate:
        update, self._bookmark = await asyncio.to_thread(self._journal.news, *self._key, self._bookmark)
        self._feed = self._feed.apply(update)
        return update

    async def _is_complete(self) -> bool:
        profile, job_id = self._key
        known = await asyncio.to_thread(self._journal.find, job_id)
        return any(entry.complete for entry in known if entry.profile == profile)

    def _failed(self, error: FttuiError) -> WatchState:
        now = self._clock.now()
        failures = self._state.failures + 1
        wait = full_jitter(failures, random.random(), base=self._cadence.failing)  # noqa: S311 - spreads load
        if isinstance(error, RateLimitedError):
            wait = error.retry_after or self._cadence.throttled
        self._state = WatchState(failures, self._state.since or now, now + wait, error.message)
        return self._state
