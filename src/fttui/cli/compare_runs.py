"""Compare jobs: the settings that differ, their curves, what came of each."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, say, with_services
from fttui.cli.job_choice import choose_job, feed_of
from fttui.cli.plot import MOST_RUNS, WIDEST, print_plot, speaks_unicode
from fttui.cli.tables import table
from fttui.domain.errors import UsageError
from fttui.domain.jobs.comparison import ComparedRun, Row, compared_runs, outcomes, settings_that_differ
from fttui.domain.jobs.diagnosis import diagnose

if TYPE_CHECKING:
    from fttui.services.container import Services

PLOT_HEIGHT = 16


@click.command("compare")
@click.argument("job_ids", metavar="JOB...", nargs=-1, required=True)
@profile_option
@json_option
@click.option("--metric", help="Which curve to draw of each; the first they have if absent.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with plain ASCII characters.")
def compare_jobs(
    job_ids: tuple[str, ...], profile: str | None, as_json: bool, metric: str | None, ascii_only: bool
) -> int:
    """Compare jobs: settings, curves, results and cost.

    The settings that differ, their curves over each other, what came of each. The jobs may be of several profiles.
    """
    wanted = list(dict.fromkeys(job_ids))
    if not 2 <= len(wanted) <= MOST_RUNS:
        raise UsageError(f"Name 2 to {MOST_RUNS} different jobs", hint="fttui jobs lists them.")

    async def work(services: Services) -> tuple[Sequence[ComparedRun], bool]:
        from fttui.services.jobs.ledger import read_ledger

        owned = [await choose_job(services, profile, job_id) for job_id in wanted]
        feeds = [await feed_of(services, owner, job_id) for owner, job_id in owned]
        settings = services.settings
        ledger = await asyncio.to_thread(read_ledger, services.journal, settings.profiles, settings.prices)
        jobs = [(owner, feed) for (owner, _), feed in zip(owned, feeds, strict=True)]
        return compared_runs(jobs, ledger), settings.ascii

    runs, usually_ascii = with_services(work)
    if as_json:
        emit_json(_as_json(runs))
        return ExitCode.GOOD
    settings = settings_that_differ(runs)
    headings = ("", *(run.name for run in runs))
    lines = table(headings, [_cells(row) for row in settings]) if settings else ["All settings are the same."]
    for line in (*lines, ""):
        say(line)
    if any(run.curves for run in runs):
        width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
        in_ascii = ascii_only or usually_ascii or not speaks_unicode()
        print_plot([run.feed for run in runs], width, PLOT_HEIGHT, metric=metric, ascii_only=in_ascii)
        say()
    for line in table(headings, [_cells(row) for row in outcomes(runs)]):
        say(line)
    return ExitCode.GOOD


def _cells(row: Row) -> tuple[str, ...]:
    return (row.label, *(f"{value} *" if place in row.best else value for place, value in enumerate(row.values)))


def _as_json(runs: Sequence[ComparedRun]) -> dict[str, object]:
    return {
        "jobs": [
            {
                "job": run.feed.job,
                "profile": run.profile,
                "cost": run.cost,
                "currency": run.entry.currency if run.entry is not None and run.cost is not None else None,
                "diagnosis": diagnose(run.feed),
                "last": {one.name: one.points[-1].value for one in run.curves if one.points},
            }
            for run in runs
        ],
        "settings": {row.label: list(row.values) for row in settings_that_differ(runs)},
        "outcomes": {row.label: list(row.values) for row in outcomes(runs)},
    }
