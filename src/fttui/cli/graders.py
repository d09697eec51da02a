"""Graders: check one on this computer and at the provider, and try it on an answer to a row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import CommandGroup, ExitCode, emit_json, json_option, profile_option, say, talk, with_services
from fttui.cli.launch_options import read_object
from fttui.domain.errors import UsageError
from fttui.domain.jobs.grader import grader_problems
from fttui.domain.jobs.grader_template import item_fields_of
from fttui.domain.text import safe_line
from fttui.services.jobs.first_rows import first_rows
from fttui.services.jobs.grader_trial import GraderTrial, item_of, not_offered, row_words

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.services.ports import GradersApi

rows_option = click.option(
    "--rows",
    "rows",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The training file that templates are held against.",
)


@click.group("graders", cls=CommandGroup)
def command() -> None:
    """Check the grader of a reinforcement launch, and try it out."""


@command.command("check")
@click.argument("grader", type=click.Path(path_type=Path), metavar="GRADER")
@rows_option
@click.option("--here", is_flag=True, help="Check on this computer alone; ask no provider.")
@profile_option
@json_option
def check_grader(grader: Path, rows: Path | None, here: bool, profile: str | None, as_json: bool) -> int:
    """Check the grader in the JSON file GRADER, here and at the provider where it checks graders.

    The exit code is 1 where something is wrong with it.
    """
    read = read_object(grader)
    fields = item_fields_of(iter(_rows(rows))) if rows is not None else None
    wrong = [one.words for one in grader_problems(read, fields)]

    async def there(services: Services) -> tuple[bool | None, str]:
        trial = _trial(services, profile)
        return (None, trial.missing) if trial.missing else await trial.checked(read)

    taken, said = (None, "") if wrong or here else with_services(there)
    if as_json:
        emit_json({"problems": wrong, "provider": {"takes": taken, "says": said}})
    else:
        for sentence in wrong:
            say(f"✗ {safe_line(sentence)}")
        if not wrong:
            say("✓ nothing wrong was found here")
        if said:
            say(said)
    return ExitCode.BAD_ANSWER if wrong or taken is False else ExitCode.GOOD


@command.command("try")
@click.argument("grader", type=click.Path(path_type=Path), metavar="GRADER")
@click.argument("answer")
@rows_option
@click.option("--row", "number", type=click.IntRange(min=1), default=1, show_default=True, help="Which row, from 1.")
@profile_option
@json_option
def try_grader(grader: Path, answer: str, rows: Path | None, number: int, profile: str | None, as_json: bool) -> int:
    """Have the provider grade ANSWER for a row of a training file. The tokens of a grading model cost there."""
    read = read_object(grader)
    row: Mapping[str, object] = {}
    if rows is not None:
        found = _rows(rows, number)
        if len(found) < number:
            raise UsageError(f"{safe_line(rows.name)} has no row {number} that can be read")
        row = item_of(found[number - 1])

    async def there(services: Services) -> tuple[bool, str]:
        trial = _trial(services, profile)
        if trial.missing:
            raise UsageError(trial.missing)
        return await trial.tried(read, answer, row)

    good, said = with_services(there)
    if as_json:
        emit_json({"good": good, "says": said, "row": row})
    else:
        if row:
            talk(f"row {number}: {row_words(row)}")
        say(said)
    return ExitCode.GOOD if good else ExitCode.BAD_ANSWER


def _rows(path: Path, count: int = 200) -> list[Mapping[str, object]]:
    found = first_rows(path, count)
    if not found:
        raise UsageError(f"{safe_line(str(path))} has no rows that can be read")
    return list(found)


def _trial(services: Services, profile: str | None) -> GraderTrial:
    name = services.profile(profile).name

    async def provider() -> GradersApi:
        return await services.provider(name)

    return GraderTrial(provider, name, missing="" if services.capabilities(name).graders else not_offered(name))
