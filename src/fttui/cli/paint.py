"""Colour for people on a terminal; none in a pipe, on a dumb terminal or where NO_COLOR is set."""

from __future__ import annotations

import os
import sys

import click

from fttui.domain.dataset.finding import Severity
from fttui.domain.text import safe_line

SEVERITY_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def paints() -> bool:
    """Whether standard output takes colour."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False) -> str:
    """One line of foreign text made safe, then coloured if there is colour."""
    line = safe_line(text)
    return click.style(line, fg=colour, bold=bold or None, dim=dim or None) if paints() else line


def print_painted(line: str = "") -> None:
    """Print a line made of painted pieces."""
    click.echo(line, color=paints())
