"""A line that tells how far long work is, where a person watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from fttui.domain.text import safe_line

_PATIENCE = 0.5
"""Seconds of work before there is anything to tell of."""


@contextmanager
def progress_line() -> Iterator[Callable[[str], None]]:
    """Tells in one line of standard error, written anew each time; empty words, and the end, clear it.

    Nothing is written where standard error is no terminal, and nothing of work that is done at once.
    """
    started, watched, shown = time.monotonic(), sys.stderr.isatty(), 0

    def tell(words: str) -> None:
        nonlocal shown
        if not watched or (not shown and (not words or time.monotonic() - started < _PATIENCE)):
            return
        text = safe_line(words)
        click.echo("\r" + text.ljust(shown) + ("" if text else "\r"), nl=False, err=True)
        shown = len(text)

    try:
        yield tell
    finally:
        tell("")


def percent(done: float, total: float) -> str:
    """How much of a total is done; empty where there is no total."""
    return f"{done / total:4.0%}" if total else ""
