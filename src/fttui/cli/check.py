"""``fttui check``: everything that is wrong with a training file, before a byte of it is sent.

What takes long to load comes after the processes that do the work have been started.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, json_option, profile_option
from fttui.cli.head_start import SMALL_FILE, size_of, started
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.record import DataFormat

if TYPE_CHECKING:
    from fttui.services.dataset.leader import Leader

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
@click.option("--no-cache", is_flag=True, help="Check the file even if nothing has changed since the last time.")
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
    no_cache: bool,
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
        from fttui.cli.training_text import show_training_of

        return show_training_of(file, show_training, model, kind, as_json=as_json)
    with _workers(file, valid_file, model) as leader:
        from fttui.cli.check_report import Wanted, answer

        threshold = None if fail_on == "never" else Severity(fail_on)
        wanted = Wanted(file, valid_file, model, kind, whole=not rows_only, anew=no_cache)
        return answer(wanted, leader, profile, threshold, sarif=sarif, markdown=markdown, as_json=as_json)


@contextmanager
def _workers(file: Path, valid_file: Path | None, model: str | None) -> Iterator[Leader | None]:
    """Processes for files that are large enough to be worth it."""
    if size_of(path for path in (file, valid_file) if path is not None) < SMALL_FILE:
        yield None
        return
    leader = started(model)
    try:
        yield leader
    finally:
        leader.kill()


def _list_rules(profile: str | None, as_json: bool) -> None:
    from fttui.cli.frame import emit_json
    from fttui.cli.paint import print_painted
    from fttui.cli.provider_facts import provider_facts
    from fttui.cli.rule_list import rule_document, rule_lines
    from fttui.services.container import Services

    facts, own = provider_facts(profile), Services.open().settings.example_tokens
    if as_json:
        emit_json(rule_document(facts, own))
        return
    for line in rule_lines(facts, own):
        print_painted(line)
