"""What there is to say about a job, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError, SettingsError
from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import TAG
from fttui.domain.jobs.pace import seconds_left
from fttui.domain.jobs.provider_fields import EVERY_FIELD
from fttui.domain.jobs.ranking import best
from fttui.domain.text import safe_line
from fttui.services.jobs.watch import WatchState
from fttui.ui import present

if TYPE_CHECKING:
    from fttui.domain.jobs.lifecycle import Lifecycle
    from fttui.services.container import Services
    from fttui.services.jobs.journal import JournalJob

_SHORT = {
    "train_loss": "train",
    "valid_loss": "valid",
    "full_valid_loss": "full valid",
    "train_mean_token_accuracy": "accuracy",
    "full_valid_mean_token_accuracy": "full valid accuracy",
    "train_mean_reward": "reward",
    "valid_mean_reward": "valid reward",
    "full_valid_mean_reward": "full valid reward",
}


def progress_words(feed: JobFeed, now: float) -> tuple[str, str]:
    """What stands before and after the progress bar: the step, and how long it still takes."""
    newest = feed.last_step
    if newest is None or newest.step is None:
        return _waiting_words(feed.job), ""
    total = f" of {present.count(newest.total_steps)}" if newest.total_steps else ""
    left = seconds_left(feed, now)
    return f"step {present.count(newest.step)}{total}", f"{present.duration(left)} left" if left else ""


def summary_words(feed: JobFeed, cost: str) -> str:
    """What came of a job that is over: steps, time, the best checkpoint, cost, tokens; empty while it goes on.

    Args:
        feed: what is known of the job.
        cost: what it cost in words, empty where that is not known.
    """
    job, newest, chosen = feed.job, feed.last_step, best(feed.checkpoints)
    if job is None or not job.is_final:
        return ""
    steps = present.counted(newest.step, "step") if newest is not None and newest.step else "no step done"
    if newest is not None and newest.total_steps and newest.step != newest.total_steps:
        steps = f"{steps} of {present.count(newest.total_steps)}"
    parts = (
        steps,
        _took(job),
        f"best at step {present.count(chosen.step)}" if chosen is not None else "",
        f"cost {cost}" if cost else "",
        "" if job.trained_tokens is None else f"{present.short_count(job.trained_tokens)} tokens",
    )
    return " · ".join(part for part in parts if part)


def _waiting_words(job: Job | None) -> str:
    match job.status if job is not None else None:
        case None:
            return ""
        case "validating_files":
            return "The provider is checking the files"
        case "queued":
            return "Waiting for its turn"
        case "running":
            return "Started; no step is done yet"
        case _:
            return "No step was done"


def newest_values(feed: JobFeed, width: int) -> str:
    """The last value of each well-known measure, as many as fit a width in cells."""
    latest: dict[str, float] = {}
    for event in feed.events:
        if event.step is not None:
            latest.update({name: value for name, value in event.metrics.items() if name in _SHORT})
    words = ""
    for name, short in _SHORT.items():
        if name not in latest:
            continue
        value = f"{latest[name]:.1%}" if name.endswith("accuracy") else present.loss(latest[name])
        longer = f"{words} · {short} {value}" if words else f"{short} {value}"
        if len(longer) > width:
            break
        words = longer
    return words


def failure_words(job: Job) -> str:
    """Why a job failed, with its code; empty for one that did not."""
    if job.failure is None or not job.failure.message:
        return "The provider does not say why." if job.status == "failed" else ""
    named = f" ({safe_line(job.failure.param)})" if job.failure.param else ""
    return f"{safe_line(job.failure.message)} [{safe_line(job.failure.code)}]{named}"


def trouble_words(state: WatchState, error: FttuiError | None, now: float) -> str:
    """What keeps news from coming, and what happens next; empty when all is well."""
    if error is not None:
        return f"{error.title}: {safe_line(error.message)} · r tries again"
    if state.is_offline:
        wait = max(state.next_try - now, 0)
        tries = f"next try in {present.duration(wait)}" if wait >= 1 else "trying now"
        return f"Offline since {present.clock(state.since)}: {safe_line(state.reason)} · {tries}"
    return "" if state.failures else safe_line(state.reason)


def pauses(services: Services, profile: str) -> bool:
    """Whether a provider knows a pause; a profile that is not there any more knows nothing."""
    try:
        return bool(services.capabilities(profile).pause)
    except SettingsError:
        return False


def details(job: Job, more: Beside | None = None) -> tuple[tuple[str, str], ...]:
    """Everything else that is known of a job, as names and values."""
    return tuple((name, value) for name, value in _details(job, more or Beside()) if value)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a job from elsewhere, in words: what it cost, and until when its models are there."""

    cost: str = ""
    base_ends: str = ""
    tune_ends: str = ""


def endings(services: Services, profile: str, job: Job, today: date) -> tuple[str, str]:
    """Until when a job's base and its tuned model are there, in words; empty where no end is announced."""
    base = services.ending_of(job.model, profile)
    tune = services.ending_of(job.fine_tuned_model, profile) if job.fine_tuned_model else None
    base_words = "; ".join(part for part in (base.words(today), base.training_words(today)) if part) if base else ""
    return base_words, tune.words(today) if tune is not None else ""


def ends_of(services: Services, jobs: Iterable[JournalJob]) -> dict[tuple[str, str], Lifecycle]:
    """When what came of jobs stops answering, or else their bases, by profile and id, where that day is announced."""
    last_days = (
        (known.profile, known.job.id, services.ending_of(known.job.fine_tuned_model or known.job.model, known.profile))
        for known in jobs
    )
    return {(profile, job): end for profile, job, end in last_days if end is not None and end.shuts_down != date.max}


def _details(job: Job, more: Beside) -> Iterator[tuple[str, str]]:
    yield "Job", safe_line(job.id)
    yield "Base model", safe_line(job.model)
    yield "Base", more.base_ends
    yield "Tuned model", safe_line(job.fine_tuned_model or "")
    yield "Tune", more.tune_ends
    yield "Cost", more.cost
    yield "Method", safe_line(job.method)
    yield from _hyperparameters(job.hyperparameters)
    yield "Seed", "" if job.seed is None else str(job.seed)
    yield "Suffix", safe_line(job.suffix or "")
    yield "Training file", safe_line(job.training_file)
    yield "Validation file", safe_line(job.validation_file or "")
    yield "Created", present.moment(job.created_at)
    yield "Finished", "" if job.finished_at is None else present.moment(job.finished_at)
    yield "Took", _took(job)
    yield "Tokens trained", "" if job.trained_tokens is None else present.count(job.trained_tokens)
    for key, value in job.metadata.items():
        if key != TAG:
            yield safe_line(key, 24), safe_line(value, 80)
    yield "Result files", ", ".join(safe_line(name) for name in job.result_files)


def _hyperparameters(values: Mapping[str, str | int | float]) -> Iterator[tuple[str, str]]:
    labels = {entry.name: entry.label for entry in EVERY_FIELD}
    for name, value in values.items():
        shown = f"{value:g}" if isinstance(value, float) else safe_line(str(value))
        yield labels.get(name, safe_line(name.replace("_", " "))), shown


def _took(job: Job) -> str:
    if job.finished_at is None or job.finished_at <= job.created_at:
        return ""
    return present.duration(job.finished_at - job.created_at)
