"""The command line as a whole: which commands there are, loaded one by one when called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path

import click

from fttui import __version__
from fttui.cli.frame import ExitCode, exit_code_for, talk, tell_failure
from fttui.domain.errors import FttuiError
from fttui.domain.text import safe_line


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How the screens are to be opened."""

    path: Path | None
    profile: str | None
    ascii_only: bool
    slow: bool


OpenApp = Callable[[AppOptions], int]

COMMANDS = {
    "check": "Validate a training file, offline and completely.",
    "prepare": "Mend a training file, and split it.",
    "estimate": "Tokens, epochs and cost of training on a file.",
    "import": "Make training rows out of tables, lists, texts and folders.",
    "launch": "Check, upload and start a job.",
    "recipes": "Keep launches: list, show, save, delete.",
    "graders": "Check the grader of a reinforcement launch, and try it out.",
    "jobs": "List, show, cancel, pause and resume jobs.",
    "follow": "Follow a job until it ends.",
    "plot": "Draw the loss of a job in the terminal.",
    "results": "The metrics a finished job left behind.",
    "costs": "What training cost, job by job and month by month.",
    "chat": "Talk to a model.",
    "compare": "The same question to a tuned model and its base.",
    "files": "List and delete files at the provider.",
    "models": "List and delete models at the provider.",
    "profiles": "List, add, remove and choose providers.",
    "keys": "Set, show, test and delete API keys.",
    "doctor": "Say what works here and what does not.",
    "serve": "Run the embedded engine in the foreground.",
    "demo": "The whole road on bundled data: check, train, follow, talk.",
}


class Program(click.Group):
    """A group that imports a command when it is called, and takes a file name in place of a command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = importlib.import_module(f"fttui.cli.{module}").command
        assert isinstance(command, click.Command)  # noqa: S101 - our own module table
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and (Path(name).exists() or "/" in name or "." in name):
            return "open", _open_file, args
        return super().resolve_command(ctx, args)


@click.command("open", hidden=True)
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_context
def _open_file(ctx: click.Context, path: Path) -> int:
    return _open(ctx, path)


def _open(ctx: click.Context, path: Path | None) -> int:
    top = ctx.find_root()
    open_app = top.obj
    assert callable(open_app)  # noqa: S101 - given by main
    options = AppOptions(path, top.params["profile"], top.params["ascii_only"], top.params["slow"])
    code = open_app(options)
    assert isinstance(code, int)  # noqa: S101 - given by main
    return code


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="fttui alone opens the screens; fttui PATH opens them on a file or in a folder.",
)
@click.version_option(__version__, prog_name="fttui")
@click.option("--profile", metavar="NAME", envvar="FTTUI_PROFILE", help="The provider to start with.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with plain ASCII characters.")
@click.option("--slow", is_flag=True, help="Fewer redraws, for slow lines; set by itself over SSH.")
@click.pass_context
def program(ctx: click.Context, profile: str | None, ascii_only: bool, slow: bool) -> int:
    """fttui: fine-tune language models from the terminal."""
    del profile, ascii_only, slow  # read from the context by the screens
    return _open(ctx, None) if ctx.invoked_subcommand is None else ExitCode.GOOD


def main(arguments: list[str], open_app: OpenApp) -> int:
    """Run the command line.

    Args:
        arguments: the words after the program's name.
        open_app: opens the screens and returns the exit code.

    Returns:
        The exit code.
    """
    try:
        # Not `main`: that one answers a reader who went away with the exit code of a failed job.
        with program.make_context("fttui", list(arguments), obj=open_app) as context:
            result = program.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except FttuiError as error:
        tell_failure(error)
        return exit_code_for(error)
    except click.exceptions.NoArgsIsHelpError as error:
        talk(error.format_message())
        return ExitCode.WRONG_USE
    except click.UsageError as error:
        talk(f"fttui: {safe_line(error.format_message())}")
        if error.ctx is not None:
            talk(f"  {error.ctx.command_path} --help tells more.")
        return ExitCode.WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        talk("Interrupted.")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away: what is left of it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.GOOD
    return result if isinstance(result, int) else ExitCode.GOOD
