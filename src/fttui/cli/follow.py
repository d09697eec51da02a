"""Follow a job until it ends."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import aclosing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, say, talk, with_services
from fttui.cli.job_choice import choose_job, job_argument
from fttui.cli.job_end import tell_end
from fttui.domain.jobs.cadence import cadence_for
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.jobs.job import Checkpoint, Job, JobEvent
    from fttui.services.container import Services


@click.command("follow")
@job_argument
@profile_option
@json_option
def command(job_id: str | None, profile: str | None, as_json: bool) -> int:
    """Follow a job until it ends: its log as it comes; with --json one object per line.

    JOB is the newest job if left out. The exit code is 1 for a job that did not succeed. Stopping this
    command does not stop the job.
    """

    async def work(services: Services) -> int:
        owner, chosen = await choose_job(services, profile, job_id)
        return await follow_job(services, owner, chosen, as_json=as_json)

    return with_services(work)


async def follow_job(services: Services, profile: str, job_id: str, *, as_json: bool) -> int:
    """Print a job's news until it is over; return the exit code its end deserves.

    Raises:
        ProviderError: the provider refuses to tell of this job.
    """
    from fttui.services.jobs.watch import watch

    follower = _JsonFollower() if as_json else _TextFollower()
    provider = await services.provider(profile)
    cadence = cadence_for(services.profile(profile))
    news_of_job = watch(
        provider,
        services.journal,
        profile,
        job_id,
        services.clock,
        cadence=cadence,
        reconnect=lambda: services.provider(profile),
    )
    told_offline = False
    try:
        async with aclosing(news_of_job) as all_news:
            async for news in all_news:
                if isinstance(news, JobUpdate):
                    follower.take(news)
                    continue
                if news.is_offline is not told_offline or (news.reason and not news.failures):
                    talk(f"{safe_line(news.reason)}; still trying" if news.reason else "The provider answers again.")
                told_offline = news.is_offline
    except asyncio.CancelledError:
        talk(f"The job goes on. Follow it again: fttui follow {safe_line(job_id)}")
        raise
    job = follower.feed.job
    if job is None:
        return ExitCode.PROVIDER
    follower.finish(job)
    await tell_end(services, profile, follower.feed)
    return ExitCode.GOOD if job.status == "succeeded" else ExitCode.BAD_ANSWER


class _Follower(ABC):
    """Takes a job's news and prints each thing once."""

    def __init__(self) -> None:
        self.feed = JobFeed()
        self._status = ""

    def take(self, news: JobUpdate) -> None:
        """Print what is new in some news."""
        before = self.feed
        self.feed = before.apply(news)
        for event in self.feed.events[len(before.events) :]:
            self.tell_event(event)
        known = {checkpoint.id for checkpoint in before.checkpoints}
        for checkpoint in self.feed.checkpoints:
            if checkpoint.id not in known:
                self.tell_checkpoint(checkpoint)
        if self.feed.job is not None and self.feed.job.status != self._status:
            self._status = self.feed.job.status
            self.tell_status(self.feed.job)

    @abstractmethod
    def tell_event(self, event: JobEvent) -> None:
        """Print one line of the log."""

    @abstractmethod
    def tell_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Print a checkpoint."""

    @abstractmethod
    def tell_status(self, job: Job) -> None:
        """Print a new status."""

    @abstractmethod
    def finish(self, job: Job) -> None:
        """Print how it ended."""


class _JsonFollower(_Follower):
    """One JSON object per line."""

    def tell_event(self, event: JobEvent) -> None:
        kind = "metrics" if event.metrics else "event"
        names = ("step", "total_steps", "metrics") if event.metrics else ("level", "message")
        told = {name: getattr(event, name) for name in ("id", "created_at", *names)}
        emit_json({"type": kind, **told}, one_line=True)

    def tell_checkpoint(self, checkpoint: Checkpoint) -> None:
        emit_json({"type": "checkpoint", **asdict(checkpoint)}, one_line=True)

    def tell_status(self, job: Job) -> None:
        emit_json({"type": "status", "id": job.id, "status": job.status}, one_line=True)

    def finish(self, job: Job) -> None:
        emit_json({"type": "done", "job": job}, one_line=True)


class _TextFollower(_Follower):
    """A log for people: the job's own lines on standard output, everything else beside it."""

    def tell_event(self, event: JobEvent) -> None:
        time = datetime.fromtimestamp(event.created_at, UTC).astimezone().strftime("%H:%M:%S")
        level = "" if event.level == "info" else f"{event.level.upper()}: "
        say(f"{time}  {safe_line(level + event.message)}")

    def tell_checkpoint(self, checkpoint: Checkpoint) -> None:
        talk(f"Checkpoint at step {checkpoint.step}: {safe_line(checkpoint.model)}")

    def tell_status(self, job: Job) -> None:
        talk(f"{safe_line(job.id)} is {safe_line(job.status)}")

    def finish(self, job: Job) -> None:
        if job.failure is not None:
            talk(f"{safe_line(job.failure.code)}: {safe_line(job.failure.message)}")
        if job.fine_tuned_model:
            talk(f"The model: {safe_line(job.fine_tuned_model)}")
            talk(f"Talk to it: fttui chat --model {safe_line(job.fine_tuned_model)}")
