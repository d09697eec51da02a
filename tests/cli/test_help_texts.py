"""Help says whole sentences."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from fttui.cli.program import COMMANDS, Program, main


def command_of(name: str) -> click.Command:
    """A command by its name."""
    program = Program("fttui")
    command = program.get_command(click.Context(program), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_no_sentence_of_a_help_is_cut(name: str) -> None:
    said = CliRunner().invoke(command_of(name), ["--help"], terminal_width=80)

    assert said.exit_code == 0
    cut = [line for line in said.stdout.splitlines() if line.rstrip().endswith("...") and not line.startswith("Usage")]
    assert cut == []


@pytest.mark.parametrize("name", ["files", "graders", "keys", "models", "profiles", "recipes"])
def test_a_group_without_a_command_shows_its_help_line_by_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([name], lambda _: 0)
    told = capsys.readouterr()

    assert (code, told.out) == (2, "")
    assert f"Usage: fttui {name} [OPTIONS] COMMAND" in told.err.splitlines()[0]
    assert "Commands:" in told.err.splitlines()
