"""The metrics a finished job left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, say, talk, with_services
from fttui.cli.job_choice import choose_job, feed_of, job_argument
from fttui.cli.tables import table
from fttui.domain.errors import UsageError
from fttui.domain.jobs.results import Cell, ResultTable
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services


@click.command("results")
@job_argument
@profile_option
@json_option
@click.option("--csv", "csv_path", type=click.Path(path_type=Path, dir_okay=False), help="Write a new CSV file.")
def command(job_id: str | None, profile: str | None, as_json: bool, csv_path: Path | None) -> int:
    """Print the metrics a job left behind, row by row; JOB is the newest job if left out."""

    async def work(services: Services) -> tuple[str, ResultTable]:
        from fttui.services.jobs.results import fetch_results, kept_results

        owner, chosen = await choose_job(services, profile, job_id)
        job = (await feed_of(services, owner, chosen)).job
        if job is None:
            raise UsageError(f"Nothing is known of the job {safe_line(chosen)}")
        known = await kept_results(services.journal, owner, job)
        if known is None:
            known = await fetch_results(await services.provider(owner), services.journal, owner, job)
        return job.id, known

    job, results = with_services(work)
    if csv_path is not None:
        from fttui.services.jobs.result_file import write_results

        write_results(csv_path, results)
        talk(f"Wrote {safe_line(str(csv_path))}, {len(results.rows)} rows.")
    elif as_json:
        rows = [dict(zip(results.columns, row, strict=True)) for row in results.rows]
        emit_json({"job": job, "columns": results.columns, "rows": rows})
    else:
        numeric = frozenset(range(len(results.columns)))
        for line in table(results.columns, [[_shown(cell) for cell in row] for row in results.rows], right=numeric):
            say(line)
    return ExitCode.GOOD


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.4f}"
    return cell
