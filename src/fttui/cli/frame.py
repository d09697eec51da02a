"""What every command shares: running asynchronous work, printing, options, exit codes."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Callable, Coroutine, Mapping
from enum import Enum, IntEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

import click

from fttui.domain.errors import EngineError, FttuiError, ProviderError
from fttui.domain.text import safe, safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services

Result = TypeVar("Result")


class ExitCode(IntEnum):
    """What a command's exit code says."""

    GOOD = 0
    BAD_ANSWER = 1
    """The command worked and its answer is bad: findings, or a job that failed."""
    WRONG_USE = 2
    PROVIDER = 3
    """The provider refused, or could not be reached."""
    INTERRUPTED = 130


class CommandGroup(click.Group):
    """A group whose help says of each of its commands the whole first sentence, over several lines where it is long."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands."""
        known = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(limit=1000)) for name, one in known if one is not None and not one.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _profile_or_the_programs(ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    given = value or ctx.find_root().params.get("profile")
    return str(given) if given else None


profile_option = click.option(
    "--profile",
    "profile",
    metavar="NAME",
    envvar="FTTUI_PROFILE",
    callback=_profile_or_the_programs,
    help="The provider to talk to; the configured one if absent, else local.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def say(text: str = "") -> None:
    """Print a line of data on standard output; unsafe characters are made visible."""
    click.echo(safe(text))


def talk(text: str = "") -> None:
    """Print a line of talk on standard error; unsafe characters are made visible."""
    click.echo(safe(text), err=True)


def is_interactive() -> bool:
    """Whether a person can be asked: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


_JSON_UNSAFE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def emit_json(value: object, *, one_line: bool = False) -> None:
    """Print a value as JSON on standard output; what could harm a terminal is escaped."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=None if one_line else 2, allow_nan=False)
    click.echo(_JSON_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def plain(value: object) -> object:
    """Turn domain values into what JSON knows: dataclasses become objects, enums their values, paths text."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            entry.name: plain(getattr(value, entry.name))
            for entry in dataclasses.fields(value)
            if not entry.name.startswith("_")
        }
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(entry) for entry in value]
    if isinstance(value, PurePath):
        return str(value)
    return value


def run_async(work: Coroutine[object, object, Result]) -> Result:
    """Run asynchronous work to its end; Ctrl+C cancels it."""
    import asyncio

    return asyncio.run(work)


def with_services(work: Callable[[Services], Coroutine[object, object, Result]]) -> Result:
    """Open the services, run the work with them, and let go of them whatever happens."""
    from fttui.services.container import Services

    async def run() -> Result:
        services = Services.open()
        try:
            return await work(services)
        finally:
            await services.close(keep_engine=True)

    return run_async(run())


def exit_code_for(error: FttuiError) -> ExitCode:
    """The exit code an error ends a command with."""
    return ExitCode.PROVIDER if isinstance(error, (ProviderError, EngineError)) else ExitCode.WRONG_USE


def tell_failure(error: FttuiError) -> None:
    """Say in plain words what went wrong and what to do."""
    talk(f"{error.title}: {safe_line(error.message)}")
    if error.hint:
        talk(f"  {error.hint}")
