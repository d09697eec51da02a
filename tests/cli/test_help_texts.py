"""Help says whole sentences."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from fttui.cli.program import COMMANDS, Program


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
