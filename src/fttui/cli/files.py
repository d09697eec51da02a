"""Files at the provider: list, delete."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import (
    CommandGroup,
    ExitCode,
    emit_json,
    is_interactive,
    json_option,
    profile_option,
    say,
    talk,
    with_services,
)
from fttui.cli.tables import table
from fttui.domain.counts import counted
from fttui.domain.errors import UsageError
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services


@click.group("files", cls=CommandGroup)
def command() -> None:
    """List and delete files at the provider."""


@command.command("list")
@profile_option
@json_option
def list_files(profile: str | None, as_json: bool) -> int:
    """List the files, newest first."""

    async def work(services: Services) -> None:
        files = await (await services.provider(profile)).list_files()
        if as_json:
            emit_json({"files": files})
            return
        rows = [
            (entry.id, entry.name, f"{entry.size:,}", day(entry.created_at), entry.purpose, entry.status)
            for entry in files
        ]
        for line in table(("id", "name", "bytes", "created", "purpose", "status"), rows, right=frozenset({2})):
            say(line)
        talk(f"{len(files)} files")

    with_services(work)
    return ExitCode.GOOD


@command.command("delete")
@click.argument("file_id")
@profile_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_file(file_id: str, profile: str | None, yes: bool) -> int:
    """Delete a file for good."""
    confirm(f"Delete the file {safe_line(file_id)} at the provider for good?", yes)

    async def work(services: Services) -> None:
        await (await services.provider(profile)).delete_file(file_id)

    with_services(work)
    talk(f"Deleted {safe_line(file_id)}.")
    return ExitCode.GOOD


@command.command("unused")
@profile_option
@json_option
@click.option("--delete", "deletes", is_flag=True, help="Delete them at the provider, after asking.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def unused(profile: str | None, as_json: bool, deletes: bool, yes: bool) -> int:
    """List files that were sent from here for jobs that were never created."""

    async def work(services: Services) -> None:
        from fttui.services.jobs.loose_ends import delete_unused, unused_files

        chosen = services.profile(profile).name
        found = await unused_files(services.journal, chosen, services.clock)
        if as_json:
            emit_json({"files": found})
        else:
            rows = [(file.id, day(int(file.sent_at)), safe_line(file.path)) for file in found]
            for line in table(("id", "sent", "from"), rows):
                say(line)
            talk(counted(len(found), "unused file"))
        if deletes and found:
            confirm("Delete them at the provider for good?", yes)
            provider = await services.provider(chosen)
            for file in found:
                await delete_unused(provider, services.journal, file)
                talk(f"Deleted {safe_line(file.id)}.")

    with_services(work)
    return ExitCode.GOOD


def day(unix_seconds: int) -> str:
    """A date as people write it in tables."""
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%d %H:%M")


def confirm(question: str, yes: bool) -> None:
    """Ask before something that cannot be undone.

    Raises:
        UsageError: nobody can be asked and `--yes` was not given.
        click.Abort: the answer was no.
    """
    if yes:
        return
    if not is_interactive():
        raise UsageError("This cannot be undone, and there is nobody to ask.", hint="Add --yes to go ahead.")
    click.confirm(question, abort=True, err=True)
