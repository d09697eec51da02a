"""A line that counts in place while something takes long, where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from fttui.domain.text import safe_line


def line_counter() -> Callable[[str, int, int], None]:
    """A line on standard error that counts in place where that is a terminal; empty words clear it."""
    shown = 0

    def tell(words: str, done: int, total: int) -> None:
        nonlocal shown
        if not sys.stderr.isatty():
            return
        text = f"{safe_line(words)} {done / total:4.0%}" if words and total else ""
        click.echo("\r" + text.ljust(shown) + ("" if text else "\r"), nl=False, err=True)
        shown = len(text)

    return tell
