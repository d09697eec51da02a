"""The loss of a running job drawn in place, again and again, without a screen of its own."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable

import click

from fttui.cli.frame import talk
from fttui.cli.plot import plot_rows, print_plot, speaks_unicode
from fttui.domain.errors import UsageError
from fttui.domain.jobs.feed import JobFeed

REDRAW_SECONDS = 0.5
WIDEST, HEIGHT = 100, 16
TOLD_EVERY = 0.1
"""Share of the steps after which a line is told where nothing can be drawn in place."""


def live_plot(*, ascii_only: bool = False, now: Callable[[], float] = time.monotonic) -> Callable[[JobFeed], None]:
    """Make a function that shows how far a job is: a plot in place, or in a pipe lines and then the plot.

    Args:
        ascii_only: draw with plain ASCII characters.
        now: seconds that only grow.
    """
    ascii_only = ascii_only or not speaks_unicode()
    return _InPlace(ascii_only, now) if sys.stdout.isatty() else _Told(ascii_only)


class _InPlace:
    def __init__(self, ascii_only: bool, now: Callable[[], float]) -> None:
        self._ascii = ascii_only
        self._now = now
        self._drawn_at = float("-inf")
        self._rows = 0

    def __call__(self, feed: JobFeed) -> None:
        finished = feed.job is not None and feed.job.is_final
        if not finished and self._now() - self._drawn_at < REDRAW_SECONDS:
            return
        width = min(shutil.get_terminal_size().columns - 1, WIDEST)
        try:
            rows = [*plot_rows([feed], width, HEIGHT, ascii_only=self._ascii), progress_words(feed)]
        except UsageError:
            # No step has been reported yet.
            rows = [progress_words(feed)]
        self._drawn_at = self._now()
        # Up to where the last drawing began, then every row anew, each cleared to its end.
        up = f"\x1b[{self._rows}A\r" if self._rows else ""
        click.echo(up + "".join(f"{row}\x1b[K\n" for row in rows), nl=False)
        self._rows = len(rows)


class _Told:
    def __init__(self, ascii_only: bool) -> None:
        self._ascii = ascii_only
        self._told = 0.0
        self._drawn = False

    def __call__(self, feed: JobFeed) -> None:
        done = feed.progress or 0.0
        if done - self._told >= TOLD_EVERY:
            self._told = done
            talk(f"  {progress_words(feed)}")
        if feed.job is not None and feed.job.is_final and feed.last_step is not None and not self._drawn:
            self._drawn = True
            print_plot([feed], WIDEST, HEIGHT, ascii_only=self._ascii)


def progress_words(feed: JobFeed) -> str:
    """How far a job is, in a line."""
    newest, status = feed.last_step, feed.job.status if feed.job is not None else "waiting"
    if newest is None or newest.total_steps is None:
        return status.replace("_", " ")
    loss = newest.metrics.get("train_loss")
    words = f"step {newest.step} of {newest.total_steps}"
    return f"{words}, training loss {loss:.3f}" if loss is not None else words
