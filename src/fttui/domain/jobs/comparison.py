"""Jobs side by side: the settings that differ, and what came of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.ledger import Entry
from fttui.domain.jobs.series import Series, curves
from fttui.domain.jobs.spec import HYPERPARAMETERS
from fttui.domain.plot.tabs import REWARD, tab_name

_LABELS = {entry.name: entry.label for entry in HYPERPARAMETERS}


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One of the jobs: its name among them, whose it is, all that is known of it, and its line in the cost ledger."""

    name: str
    profile: str
    feed: JobFeed
    entry: Entry | None = None
    curves: tuple[Series, ...] = field(default=(), compare=False)

    @property
    def cost(self) -> float | None:
        """What it cost as the ledger has it, in the entry's currency; None where that is not known."""
        return self.entry.actual if self.entry is not None else None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared: a text for each run, empty where it is not known, and which of them are the best."""

    label: str
    values: tuple[str, ...]
    best: frozenset[int] = frozenset()


def run_name(job: Job) -> str:
    """What tells a job apart in few characters: its suffix and the end of its id."""
    tail = job.id[-6:]
    return f"{job.suffix} {tail}" if job.suffix else tail


def compared_runs(jobs: Sequence[tuple[str, JobFeed]], ledger: Sequence[Entry]) -> tuple[ComparedRun, ...]:
    """Jobs ready to be compared, with their curves read.

    Args:
        jobs: the profile and all that is known of each.
        ledger: what jobs cost, those of others among them.
    """
    entries = {(entry.profile, entry.job.id): entry for entry in ledger}
    return tuple(
        ComparedRun(
            run_name(feed.job) if feed.job is not None else "?",
            profile,
            feed,
            entries.get((profile, feed.job.id)) if feed.job is not None else None,
            curves(feed.events),
        )
        for profile, feed in jobs
    )


def settings_that_differ(runs: Sequence[ComparedRun]) -> tuple[Row, ...]:
    """What was asked for and is not the same in all of them: profile, base, method, files, seed, hyperparameters."""
    asked = [{"Profile": run.profile, **_settings(run.feed.job)} for run in runs]
    names = list(dict.fromkeys(name for settings in asked for name in settings))
    rows = [Row(name, tuple(settings.get(name, "") for settings in asked)) for name in names]
    return tuple(row for row in rows if len(set(row.values)) > 1)


def _settings(job: Job | None) -> Mapping[str, str]:
    if job is None:
        return {}
    values = {
        "Base model": job.model,
        "Method": job.method,
        "Training file": job.training_file,
        "Validation file": job.validation_file or "none",
        "Seed": "" if job.seed is None else str(job.seed),
    }
    for name, value in job.hyperparameters.items():
        values[_LABELS.get(name, name.replace("_", " "))] = f"{value:g}" if isinstance(value, float) else str(value)
    return values


Measured = tuple[float, str]
"""A number to compare by, and how it is written."""


def outcomes(runs: Sequence[ComparedRun]) -> tuple[Row, ...]:
    """What came of each: status, steps, losses, accuracies, rewards, tokens, time, cost; no rows without a value."""
    rows = [Row("Status", tuple(run.feed.job.status if run.feed.job else "unknown" for run in runs))]
    rows.append(_row("Steps", runs, _steps))
    rows.append(_row("Last training loss", runs, partial(_last, name="train_loss")))
    for name, label in (("full_valid_loss", "Best full valid loss"), ("valid_loss", "Best valid loss")):
        rows.append(_row(label, runs, partial(_extreme, name=name, best=min), better=min))
    for name, label in (
        ("full_valid_mean_token_accuracy", "Best full valid accuracy"),
        ("valid_mean_token_accuracy", "Best valid accuracy"),
    ):
        rows.append(_row(label, runs, partial(_extreme, name=name, best=max), better=max))
    for name in dict.fromkeys(one.name for run in runs for one in run.curves if tab_name(one.name) == REWARD):
        label = f"Last {Series(name, ()).label}"
        rows.append(_row(label, runs, partial(_last, name=name), better=max))
    rows.append(_row("Trained tokens", runs, _tokens))
    rows.append(_row("Took", runs, _took))
    rows.append(_row("Cost", runs, _cost))
    return tuple(row for row in rows if any(row.values))


def _row(
    label: str,
    runs: Sequence[ComparedRun],
    measure: Callable[[ComparedRun], Measured | None],
    *,
    better: Callable[[Sequence[float]], float] | None = None,
) -> Row:
    found = [measure(run) for run in runs]
    numbers = [one[0] for one in found if one is not None]
    best: frozenset[int] = frozenset()
    if better is not None and len(numbers) > 1 and len(set(numbers)) > 1:
        first = better(numbers)
        best = frozenset(place for place, one in enumerate(found) if one is not None and one[0] == first)
    return Row(label, tuple(one[1] if one is not None else "" for one in found), best)


def _points(run: ComparedRun, name: str) -> Series | None:
    return next((one for one in run.curves if one.name == name and one.points), None)


def _last(run: ComparedRun, name: str) -> Measured | None:
    curve = _points(run, name)
    return None if curve is None else (curve.points[-1].value, f"{curve.points[-1].value:.4g}")


def _extreme(run: ComparedRun, name: str, best: Callable[[Sequence[float]], float]) -> Measured | None:
    curve = _points(run, name)
    if curve is None:
        return None
    value = best([point.value for point in curve.points])
    step = next(point.step for point in curve.points if point.value == value)
    shown = f"{value:.1%}" if name.endswith("accuracy") else f"{value:.4g}"
    return value, f"{shown} at {step}"


def _steps(run: ComparedRun) -> Measured | None:
    newest = run.feed.last_step
    if newest is None or newest.step is None:
        return None
    total = newest.total_steps
    return newest.step, f"{newest.step:,}" if total in (None, newest.step) else f"{newest.step:,} of {total:,}"


def _tokens(run: ComparedRun) -> Measured | None:
    job = run.feed.job
    return None if job is None or job.trained_tokens is None else (job.trained_tokens, f"{job.trained_tokens:,}")


def _took(run: ComparedRun) -> Measured | None:
    job = run.feed.job
    if job is None or job.finished_at is None or job.finished_at < job.created_at:
        return None
    seconds = job.finished_at - job.created_at
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return seconds, f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _cost(run: ComparedRun) -> Measured | None:
    cost, entry = run.cost, run.entry
    if cost is None or entry is None or not math.isfinite(cost):
        return None
    if cost == 0:
        return cost, "nothing"
    sign = "$" if entry.currency == "USD" else f"{entry.currency} "
    return cost, f"{sign}{cost:,.2f}" if cost >= 0.005 else f"under {sign}0.01"
