"""The metrics a finished job left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, say, talk, with_services
from fttui.cli.job_choice import choose_job, feed_of, job_argument
from fttui.cli.tables import table
from fttui.domain.counts import counted
from fttui.domain.errors import UsageError
from fttui.domain.jobs.results import Cell, ResultTable, as_objects
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services


@click.command("results")
@job_argument
@profile_option
@json_option
@click.option("--csv", "csv_path", type=click.Path(path_type=Path, dir_okay=False), help="Write a new CSV file.")
@click.option(
    "--out", "path", type=click.Path(path_type=Path, dir_okay=False), help="Write a new file; JSON if its name says so."
)
def command(job_id: str | None, profile: str | None, as_json: bool, csv_path: Path | None, path: Path | None) -> int:
    """Print the metrics a job left behind, row by row; JOB is the newest job if left out."""
    if csv_path is not None and csv_path.suffix.lower() == ".json":
        raise UsageError("--csv writes CSV", hint=f"For JSON: fttui results --out {safe_line(str(csv_path))}")

    async def work(services: Services) -> tuple[str, ResultTable]:
        from fttui.services.jobs.results import read_results

        owner, chosen = await choose_job(services, profile, job_id)
        job = (await feed_of(services, owner, chosen)).job
        if job is None:
            raise UsageError(f"Nothing is known of the job {safe_line(chosen)}")
        return job.id, await read_results(services, owner, job)

    job, results = with_services(work)
    targets = [one for one in (csv_path, path) if one is not None]
    for target in targets:
        from fttui.services.jobs.result_file import write_results

        write_results(target, results)
        count = counted(len(results.rows), "row")
        talk(f"Wrote {safe_line(str(target))}, {count}.")
    if targets:
        return ExitCode.GOOD
    if as_json:
        emit_json({"job": job, "columns": results.columns, "rows": as_objects(results)})
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
