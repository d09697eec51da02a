"""The work of ``fttui check``: the check itself, with progress, and its report in the form that was asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.cli.ending import closed_words, ending_line, lifecycle_object, today_at
from fttui.cli.frame import ExitCode, emit_json, run_async, talk
from fttui.cli.paint import print_painted
from fttui.cli.progress_line import percent, progress_line
from fttui.cli.provider_facts import provider_facts
from fttui.cli.report_text import no_cost_words, report_lines
from fttui.domain.counts import counted
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report_export import as_json_value
from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.jobs.launch_cost import priced
from fttui.domain.jobs.lifecycle import lifecycle_of
from fttui.services.dataset.checks import Checked, Checks
from fttui.services.dataset.crew import Crews
from fttui.services.paths import user_paths

if TYPE_CHECKING:
    from fttui.domain.dataset.report import Report
    from fttui.services.dataset.leader import Leader
    from fttui.services.dataset.validation import ValidationProgress


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be checked, and how; `anew` is for not taking a report from the cache."""

    file: Path
    valid_file: Path | None
    model: str | None
    format: DataFormat | None
    whole: bool
    anew: bool


def answer(
    wanted: Wanted,
    leader: Leader | None,
    profile: str | None,
    threshold: Severity | None,
    *,
    sarif: Path | None,
    markdown: Path | None,
    as_json: bool,
) -> ExitCode:
    """Check and tell.

    Args:
        wanted: what is checked.
        leader: processes that are starting; without them the work is done in this one.
        profile: by whose rules and prices.
        threshold: the mildest findings that are failures, None for never.
        sarif: where to write a report as SARIF.
        markdown: where to write one as Markdown.
        as_json: print JSON in place of text.

    Returns:
        The exit code.
    """
    today, model = today_at(), wanted.model
    facts = provider_facts(profile, model)
    found = run_async(_check(wanted, leader, facts.row_limits))
    report = priced(facts.ruling.judge(found.report), model, facts.book, facts.dialect)
    ending = lifecycle_of(model, facts.dialect, facts.announced) if model else None
    _save(report, sarif, markdown)
    if found.from_cache:
        talk("From the cache: nothing has changed since the last check. --no-cache checks again.")
    if as_json:
        more = {"lifecycle": lifecycle_object(ending, today)} if ending is not None else {}
        emit_json({**as_json_value(report), "from_cache": found.from_cache, **more})
    else:
        if model and (line := ending_line(model, ending, today)):
            print_painted(line)
        closed = closed_words(model, ending, today) if model else ""
        for line in report_lines(report, closed, no_cost_words(model, facts.book)):
            print_painted(line)
    failed = report.fails(threshold) or (report.valid is not None and report.valid.fails(threshold))
    return ExitCode.BAD_ANSWER if failed else ExitCode.GOOD


async def _check(wanted: Wanted, leader: Leader | None, limits: RowLimits) -> Checked:
    with _watching() as progress:
        async with Checks(user_paths().checks, Crews(leader, patience=0)) as checks:
            return await checks.check(
                wanted.file,
                valid_path=wanted.valid_file,
                model=wanted.model,
                data_format=wanted.format,
                whole=wanted.whole,
                progress=progress,
                workers=0 if leader is None else None,
                anew=wanted.anew,
                limits=limits,
            )


def _save(report: Report, sarif: Path | None, markdown: Path | None) -> None:
    from fttui.services.dataset.report_file import ReportKind, write_report

    for target, kind in ((sarif, ReportKind.SARIF), (markdown, ReportKind.MARKDOWN)):
        if target is not None:
            run_async(write_report(report, target, kind))


@contextmanager
def _watching() -> Iterator[Callable[[ValidationProgress], None]]:
    started = time.monotonic()
    with progress_line() as tell:

        def show(progress: ValidationProgress) -> None:
            seconds, done, total = time.monotonic() - started, progress.bytes_done, progress.bytes_total
            if seconds and 0 < done < total:
                counts = f"{counted(progress.examples, 'example')}, {counted(progress.findings, 'finding')}"
                rate, left = done / seconds / 1e6, seconds * (total - done) / done
                tell(f"{percent(done, total)}  {counts}, {rate:.0f} MB/s, {left:.0f} s left")

        yield show
