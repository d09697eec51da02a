"""List, show, compare, cancel, pause and resume jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from fttui.cli.compare_runs import compare_jobs
from fttui.cli.ending import ending_words, lifecycle_object, today_at
from fttui.cli.files import confirm, day
from fttui.cli.frame import (
    CommandGroup,
    ExitCode,
    emit_json,
    json_option,
    profile_option,
    say,
    talk,
    with_services,
)
from fttui.cli.job_choice import choose_job, feed_of, job_argument
from fttui.cli.lost_launches import abandon_launch, resend_launch, tell_doubles, tell_outcomes
from fttui.cli.tables import table
from fttui.domain.counts import counted
from fttui.domain.errors import EngineError, FttuiError, KeyStoreError, ProviderError
from fttui.domain.jobs.diagnosis import diagnose
from fttui.domain.jobs.ranking import best
from fttui.domain.profiles.profile import Dialect
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.jobs.feed import JobFeed
    from fttui.domain.jobs.job import Job
    from fttui.domain.jobs.ledger import Entry
    from fttui.domain.jobs.lifecycle import Lifecycle
    from fttui.services.container import Services
    from fttui.services.jobs.journal import JournalJob
    from fttui.services.ports import ProviderApi


@click.group("jobs", cls=CommandGroup, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, show, compare, cancel, pause and resume jobs."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_jobs)


command.add_command(compare_jobs)


@command.command("list", short_help="List all jobs, newest first.")
@profile_option
@json_option
def list_jobs(profile: str | None = None, as_json: bool = False) -> int:
    """List every job that is known, newest first; asks the provider for news where it can be reached."""

    async def work(services: Services) -> None:
        await _ask_for_news(services, profile)
        known = await asyncio.to_thread(services.journal.jobs, profile)
        if as_json:
            unsettled = await asyncio.to_thread(services.journal.operations, profile, only_open=True)
            emit_json({"jobs": [_as_json(services, entry) for entry in known], "unsettled_launches": unsettled})
            return
        today = today_at(services.clock.now())
        ends = [_end_of(services, entry.profile, entry.job) for entry in known]
        columns: dict[str, list[str]] = {
            "id": [entry.job.id for entry in known],
            "status": [entry.job.status for entry in known],
            "base": [entry.job.model for entry in known],
            "model": [entry.job.fine_tuned_model or "" for entry in known],
            "ends": [end.countdown(today) if end is not None else "" for end in ends],
            "created (UTC)": [day(entry.job.created_at) for entry in known],
            "profile": [entry.profile for entry in known],
        }
        if not any(columns["ends"]):
            del columns["ends"]
        for line in table([*columns], [*zip(*columns.values(), strict=True)]):
            say(line)
        talk(counted(len(known), "job"))

    with_services(work)
    return ExitCode.GOOD


async def _ask_for_news(services: Services, profile: str | None) -> None:
    """Fetch the provider's list, and settle launches whose reply was lost; without a provider the journal will do."""
    from fttui.services.jobs.reconcile import refresh

    chosen = services.profile(profile)
    if chosen.dialect is Dialect.ENGINE:
        known = await asyncio.to_thread(services.journal.jobs, chosen.name)
        if not known and await services.engine.running() is None:
            return
    try:
        provider = await services.provider(chosen.name)
        settled = await refresh(provider, services.journal, chosen.name, services.clock)
    except (ProviderError, EngineError, KeyStoreError) as error:
        talk(f"{error.title}: {safe_line(error.message)}. The list is what was known last.")
        return
    tell_outcomes(settled)
    await tell_doubles(services, chosen.name)


def _end_of(services: Services, profile: str, job: Job) -> Lifecycle | None:
    """The last days of what came of a job, before that of its base."""
    return services.ending_of(job.fine_tuned_model or job.model, profile)


def _as_json(services: Services, entry: JournalJob) -> dict[str, object]:
    end = lifecycle_object(_end_of(services, entry.profile, entry.job), today_at(services.clock.now()))
    return {**asdict(entry.job), "profile": entry.profile, "seen_at": entry.seen_at, "lifecycle": end}


@command.command("show", short_help="Show all about a job; the newest if none is named.")
@job_argument
@profile_option
@json_option
def show_job(job_id: str | None, profile: str | None, as_json: bool) -> int:
    """Show all about a job; the newest one if none is named."""

    async def work(services: Services) -> None:
        owner, chosen = await choose_job(services, profile, job_id)
        feed = await feed_of(services, owner, chosen)
        entry = await _in_ledger(services, owner, chosen)
        if as_json:
            emit_json(
                {
                    "job": feed.job,
                    "profile": owner,
                    "progress": feed.progress,
                    "cost": entry.actual if entry is not None else None,
                    "currency": entry.currency if entry is not None and entry.actual is not None else None,
                    "checkpoints": feed.checkpoints,
                    "diagnosis": diagnose(feed),
                }
            )
            return
        facts = _facts(feed, owner, entry)
        if feed.job is not None:
            facts[5:5] = _ends(services, owner, feed.job)
        width = max((len(name) for name, _ in facts), default=0)
        for name, value in facts:
            say(f"{safe_line(name):<{width}}  {safe_line(value)}")

    with_services(work)
    return ExitCode.GOOD


async def _in_ledger(services: Services, profile: str, job_id: str) -> Entry | None:
    """A job's line in the cost ledger."""
    from fttui.services.jobs.ledger import read_ledger

    settings = services.settings
    entries = await asyncio.to_thread(read_ledger, services.journal, settings.profiles, settings.prices, profile)
    return next((entry for entry in entries if entry.job.id == job_id), None)


def _ends(services: Services, profile: str, job: Job) -> list[tuple[str, str]]:
    """Until when the base and the tuned model are there, where an end is announced."""
    today, models = today_at(services.clock.now()), [("base", job.model), ("model", job.fine_tuned_model or "")]
    ends = [(name, ending_words(services.ending_of(model, profile), today)) for name, model in models]
    return [(f"{name} life", words) for name, words in ends if words]


def _facts(feed: JobFeed, profile: str, entry: Entry | None) -> list[tuple[str, str]]:
    job = feed.job
    if job is None:
        return []
    progress = feed.progress
    facts = [
        ("job", job.id),
        ("profile", profile),
        ("status", job.status + (f", {progress:.0%}" if progress is not None and not job.is_final else "")),
        ("base", job.model),
        ("model", job.fine_tuned_model or "none yet"),
        ("method", job.method),
        ("training file", job.training_file),
        ("validation file", job.validation_file or "none"),
        ("created", day(job.created_at) + " UTC"),
        ("finished", day(job.finished_at) + " UTC" if job.finished_at else "not yet"),
        ("trained tokens", f"{job.trained_tokens:,}" if job.trained_tokens is not None else "not known"),
        *((name, str(value)) for name, value in job.hyperparameters.items()),
    ]
    if entry is not None and job.is_final:
        cost = f"{entry.currency} {entry.actual:,.2f}. " if entry.actual is not None else ""
        facts.append(("cost", cost + " ".join(entry.reasons)))
    if job.failure is not None:
        facts.append(("failed", f"{job.failure.code}: {job.failure.message}"))
    facts += [("diagnosis", str(found)) for found in diagnose(feed)]
    champion = best(feed.checkpoints)
    kept = ((f"step {one.step}", one.model + (" (the best)" if one == champion else "")) for one in feed.checkpoints)
    return [*facts, *kept]


command.add_command(resend_launch)
command.add_command(abandon_launch)

Change = Callable[["ProviderApi", str], Coroutine[object, object, "Job"]]


def _change(profile: str | None, job_id: str, as_json: bool, change: Change) -> int:
    async def work(services: Services) -> Job:
        owner, chosen = await choose_job(services, profile, job_id)
        job = await change(await services.provider(owner), chosen)
        try:
            await asyncio.to_thread(services.journal.adopt, owner, [job], seen_at=services.clock.now())
        except FttuiError as error:
            talk(f"It is done, but not written down: {error.message}")
        return job

    job = with_services(work)
    if as_json:
        emit_json({"job": job})
    else:
        say(f"{safe_line(job.id)} is {safe_line(job.status)}")
    return ExitCode.GOOD


@command.command("cancel")
@click.argument("job_id", metavar="JOB")
@profile_option
@json_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def cancel_job(job_id: str, profile: str | None, as_json: bool, yes: bool) -> int:
    """Stop a job for good."""
    confirm(f"Stop the job {safe_line(job_id)} for good?", yes)
    return _change(profile, job_id, as_json, lambda provider, chosen: provider.cancel_job(chosen))


@command.command("pause")
@click.argument("job_id", metavar="JOB")
@profile_option
@json_option
def pause_job(job_id: str, profile: str | None, as_json: bool) -> int:
    """Stop a job for now."""
    return _change(profile, job_id, as_json, lambda provider, chosen: provider.pause_job(chosen))


@command.command("resume")
@click.argument("job_id", metavar="JOB")
@profile_option
@json_option
def resume_job(job_id: str, profile: str | None, as_json: bool) -> int:
    """Let a paused job go on."""
    return _change(profile, job_id, as_json, lambda provider, chosen: provider.resume_job(chosen))
