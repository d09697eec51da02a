"""``fttui check``: everything that is wrong with a training file, before a byte of it is sent."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.ending import closed_words, ending_line, lifecycle_object, today_at
from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, run_async
from fttui.cli.paint import print_painted
from fttui.cli.provider_facts import provider_facts
from fttui.cli.report_text import no_cost_words, report_lines
from fttui.cli.rule_list import rule_document, rule_lines
from fttui.cli.training_text import show_training_of
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report_export import as_json_value
from fttui.domain.jobs.launch_cost import priced
from fttui.domain.jobs.lifecycle import lifecycle_of

if TYPE_CHECKING:
    from fttui.domain.dataset.report import Report
    from fttui.services.dataset.validation import ValidationProgress

_SMALL_FILE = 8 * 1024 * 1024
"""Bytes below which starting workers takes longer than they save."""
_PATIENCE = 0.5

FORMATS = click.Choice(["auto", *(entry.value for entry in DataFormat)])
FILE = click.Path(path_type=Path)


@click.command("check")
@click.argument("file", type=FILE, required=False)
@click.option("--valid", "valid_file", type=FILE, help="A validation file to check along with it.")
@click.option("--model", help="The base whose encoding, limits and prices apply.")
@click.option("--format", "data_format", type=FORMATS, default="auto", help="What the rows must be.")
@click.option(
    "--fail-on",
    type=click.Choice([Severity.ERROR.value, Severity.WARNING.value, "never"]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The mildest findings that make the exit code 1.",
)
@click.option("--rows-only", is_flag=True, help="Neither compare rows with each other nor look for sensitive data.")
@click.option("--show-training", type=click.IntRange(min=1), metavar="LINE", help="Show what is learnt of one row.")
@click.option("--sarif", type=FILE, help="Also write the report as SARIF 2.1.0.")
@click.option("--markdown", type=FILE, help="Also write the report as Markdown.")
@click.option("--list-rules", is_flag=True, help="Print every rule and do nothing else.")
@profile_option
@json_option
def command(
    file: Path | None,
    valid_file: Path | None,
    model: str | None,
    data_format: str,
    fail_on: str,
    rows_only: bool,
    show_training: int | None,
    sarif: Path | None,
    markdown: Path | None,
    list_rules: bool,
    profile: str | None,
    as_json: bool,
) -> int:
    """Validate a training file, offline and completely."""
    if list_rules:
        _list_rules(profile, as_json)
        return ExitCode.GOOD
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    kind = None if data_format == "auto" else DataFormat(data_format)
    if show_training is not None:
        return show_training_of(file, show_training, model, kind, as_json=as_json)
    facts, today = provider_facts(profile), today_at()
    report = checked(file, valid_file, model, kind, whole=not rows_only)
    report = priced(facts.ruling.judge(report), model, facts.book, facts.dialect)
    _save(report, sarif, markdown)
    if as_json:
        ending = lifecycle_object(lifecycle_of(model, facts.dialect), today) if model else None
        emit_json({**as_json_value(report), **({"lifecycle": ending} if ending else {})})
    else:
        if model and (line := ending_line(model, facts.dialect, today)):
            print_painted(line)
        closed = closed_words(model, facts.dialect, today) if model else ""
        for line in report_lines(report, closed, no_cost_words(model, facts.book)):
            print_painted(line)
    threshold = None if fail_on == "never" else Severity(fail_on)
    failed = report.fails(threshold) or (report.valid is not None and report.valid.fails(threshold))
    return ExitCode.BAD_ANSWER if failed else ExitCode.GOOD


def _save(report: Report, sarif: Path | None, markdown: Path | None) -> None:
    from fttui.services.dataset.report_file import ReportKind, write_report

    for target, kind in ((sarif, ReportKind.SARIF), (markdown, ReportKind.MARKDOWN)):
        if target is not None:
            run_async(write_report(report, target, kind))


def checked(
    file: Path,
    valid_file: Path | None,
    model: str | None,
    data_format: DataFormat | None = None,
    *,
    whole: bool = False,
) -> Report:
    """Validate on the command line, in this process if the files are small, with progress if somebody watches."""
    from fttui.services.dataset.validation import validate

    size = sum(_size(path) for path in (file, valid_file) if path is not None)
    with _progress_line() as progress:
        work = validate(
            file,
            valid_path=valid_file,
            model=model,
            data_format=data_format,
            progress=progress,
            workers=0 if size < _SMALL_FILE else None,
            whole=whole,
        )
        return run_async(work)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        # Opening it says what is wrong.
        return 0


@contextmanager
def _progress_line() -> Iterator[Callable[[ValidationProgress], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()
    width = 0

    def show(progress: ValidationProgress) -> None:
        nonlocal width
        seconds = time.monotonic() - started
        if seconds < _PATIENCE or not 0 < progress.bytes_done < progress.bytes_total:
            return
        left = seconds * (progress.bytes_total - progress.bytes_done) / progress.bytes_done
        share = progress.bytes_done / progress.bytes_total
        rate = progress.bytes_done / seconds / 1e6
        counts = f"{progress.examples:,} examples, {progress.findings:,} findings"
        text = f"{share:4.0%}  {counts}, {rate:.0f} MB/s, {left:.0f} s left"
        click.echo(f"\r{text:<{width}}", err=True, nl=False)
        width = len(text)

    try:
        yield show
    finally:
        if width:
            click.echo(f"\r{'':<{width}}\r", err=True, nl=False)


def _list_rules(profile: str | None, as_json: bool) -> None:
    dialect = provider_facts(profile).dialect
    if as_json:
        emit_json(rule_document(dialect))
        return
    for line in rule_lines(dialect):
        print_painted(line)
