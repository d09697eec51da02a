"""The whole road on bundled data: check, train, watch, compare. No key, no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, say, talk, with_services
from fttui.cli.live_plot import live_plot
from fttui.domain.dataset.finding import Severity
from fttui.domain.errors import EngineError, RefusedLaunchError
from fttui.domain.jobs.cadence import LOOPBACK
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.spec import JobSpec

if TYPE_CHECKING:
    from fttui.domain.dataset.report import Report
    from fttui.services.container import Services
    from fttui.services.dataset.samples import Sample

PROFILE, BASE = "local", "local-nano"
EPOCHS = 4
HYPERPARAMETERS = {"n_epochs": EPOCHS, "batch_size": 4, "learning_rate_multiplier": 0.5}
SEED = 7
QUESTIONS_EACH = 2


@click.command("demo")
def command() -> int:
    """Train a small model on bundled data with the embedded engine and let it answer beside its base."""
    return with_services(_walk)


async def _walk(services: Services) -> int:
    from fttui.services.dataset.samples import unpack_sample

    sample = unpack_sample(services.paths)
    services.recents.add_file(sample.training)
    feed = await _train(services, sample, await _check(sample))
    job = feed.job
    if job is None or job.fine_tuned_model is None:
        reason = job.failure.message if job is not None and job.failure is not None else "it gave no model"
        raise EngineError(f"The training did not succeed: {reason}", hint=f"See {services.paths.logs}.")
    services.recents.last_job = (PROFILE, job.id)
    await _compare(services, job.fine_tuned_model, sample.validation)
    say()
    say("4  Go on")
    say("   fttui              opens the screens on this file, job and model")
    say("   fttui check FILE   says what is wrong with training data of your own")
    say(f"   fttui chat --model {job.fine_tuned_model}")
    return ExitCode.GOOD


async def _check(sample: Sample) -> Report:
    from fttui.services.dataset.validation import validate

    say("1  Check the data")
    say(f"   {sample.training}")
    report = await validate(sample.training, valid_path=sample.validation, model=BASE, workers=0)
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    say(f"   {report.examples} requests in English and Chinese, each answered with JSON;")
    say(f"   {errors} errors, {warnings} warnings. {report.valid.examples if report.valid else 0} more are held out.")
    if errors:
        raise RefusedLaunchError("The sample was changed and has errors now", hint=f"fttui check {sample.training}")
    return report


async def _train(services: Services, sample: Sample, report: Report) -> JobFeed:
    from fttui.services.jobs.launch import launch
    from fttui.services.jobs.launch_plan import LaunchPlan
    from fttui.services.jobs.watch import watch

    say()
    say("2  Train a small model on this computer")
    provider = await services.provider(PROFILE)
    spec = JobSpec(BASE, "", hyperparameters=HYPERPARAMETERS, suffix="smart-home", seed=SEED)
    tokens = report.tokens.billable if report.tokens is not None else None
    # What was counted tells later estimates how fast this computer is.
    estimate = Estimate(EPOCHS, epochs_chosen=True, tokens=tokens, low=0.0, high=0.0, free=True)
    plan = LaunchPlan(spec, sample.training, sample.validation, estimate=estimate)
    job = await launch(provider, services.journal, PROFILE, plan, clock=services.clock)
    say(f"   {job.id} on the embedded engine")
    feed, show = JobFeed(), live_plot(ascii_only=services.settings.ascii)
    news_of_job = watch(
        provider,
        services.journal,
        PROFILE,
        job.id,
        services.clock,
        cadence=LOOPBACK,
        reconnect=lambda: services.provider(PROFILE),
    )
    async with aclosing(news_of_job) as news:
        async for entry in news:
            if isinstance(entry, JobUpdate):
                feed = feed.apply(entry)
                show(feed)
            elif entry.is_offline:
                talk(f"   {entry.reason}; still trying")
    return feed


async def _compare(services: Services, tuned: str, validation: Path) -> None:
    from fttui.services.chat.side_by_side import answers

    say()
    say("3  Ask requests that were held out, the base first")
    provider = await services.provider(PROFILE)
    for system, question, wanted in _held_out(validation):
        conversations = await answers(provider, (BASE, tuned), question, system=system, clock=services.clock)
        base, best = (conversation.turns[-1].text for conversation in conversations)
        say()
        say(f"   asked  {question}")
        say(f"   base   {base}")
        say(f" {'✓' if best == wanted else '✗'} tuned  {best}")
        if best != wanted:
            say(f"   wanted {wanted}")


def _held_out(validation: Path) -> Sequence[tuple[str, str, str]]:
    """System prompt, request and answer of a few rows in each language."""
    rows = [json.loads(line)["messages"] for line in validation.read_bytes().splitlines()]
    english = [row for row in rows if row[1]["content"].isascii()]
    chinese = [row for row in rows if not row[1]["content"].isascii()]
    chosen = [*english[:QUESTIONS_EACH], *chinese[:QUESTIONS_EACH]]
    return [(system["content"], user["content"], assistant["content"]) for system, user, assistant in chosen]
