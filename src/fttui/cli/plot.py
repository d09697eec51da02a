"""Draw the loss of a job in the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, profile_option, talk, with_services
from fttui.cli.job_choice import choose_job, feed_of, job_argument
from fttui.domain.errors import UsageError
from fttui.domain.jobs.ranking import best
from fttui.domain.jobs.series import Series, curves
from fttui.domain.plot.axes import Subject, curves_of, subjects
from fttui.domain.plot.frame import BEST, CHECKPOINT, PlotLine
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.jobs.feed import JobFeed
    from fttui.services.container import Services

COLOURS = ("cyan", "yellow", "magenta", "green", "blue", "red")
MARK_COLOURS = {CHECKPOINT: "white", BEST: "green"}
WIDEST, HIGHEST = 200, 60
USUAL_HEIGHT = 20


@click.command("plot")
@job_argument
@profile_option
@click.option("--width", type=click.IntRange(16, WIDEST), help="Columns; those of the terminal if absent.")
@click.option("--height", type=click.IntRange(5, HIGHEST), help=f"Rows; {USUAL_HEIGHT} or what the terminal has.")
@click.option(
    "--metric", type=click.Choice([subject.value for subject in Subject]), help="What to draw; the loss if absent."
)
@click.option("--log", "log_scale", is_flag=True, help="Count the value axis in powers of ten.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with plain ASCII characters.")
def command(
    job_id: str | None,
    profile: str | None,
    width: int | None,
    height: int | None,
    metric: str | None,
    log_scale: bool,
    ascii_only: bool,
) -> int:
    """Draw the curves of a job: training, validation and full validation on one axis, checkpoints marked.

    JOB is the newest job if left out.
    """

    async def work(services: Services) -> tuple[JobFeed, bool]:
        owner, chosen = await choose_job(services, profile, job_id)
        return await feed_of(services, owner, chosen), services.settings.ascii

    feed, usually_ascii = with_services(work)
    terminal = shutil.get_terminal_size((80, 24))
    print_plot(
        feed,
        width or min(terminal.columns, WIDEST),
        height or min(USUAL_HEIGHT, max(terminal.lines - 3, 8)),
        subject=Subject(metric) if metric else None,
        log_scale=log_scale,
        ascii_only=ascii_only or usually_ascii or not speaks_unicode(),
    )
    return ExitCode.GOOD


def print_plot(
    feed: JobFeed,
    width: int,
    height: int,
    *,
    subject: Subject | None = None,
    log_scale: bool = False,
    ascii_only: bool = False,
) -> None:
    """Print the curves of a job on standard output, in colours where it is a terminal that wants them.

    Raises:
        UsageError: there is nothing to draw yet.
    """
    for row in plot_rows(feed, width, height, subject=subject, log_scale=log_scale, ascii_only=ascii_only):
        click.echo(row)
    dropped = sum(one.dropped for one in _chosen_curves(feed, subject))
    if dropped:
        talk(f"{dropped} values that are not finite numbers are not drawn.")


def plot_rows(
    feed: JobFeed,
    width: int,
    height: int,
    *,
    subject: Subject | None = None,
    log_scale: bool = False,
    ascii_only: bool = False,
) -> list[str]:
    """The curves of a job as lines to print, `height` of them.

    Raises:
        UsageError: there is nothing to draw yet.
    """
    from fttui.services.plotting import draw

    series = _chosen_curves(feed, subject)
    champion = best(feed.checkpoints)
    lines = draw(
        series,
        width,
        height,
        checkpoints=[checkpoint.step for checkpoint in feed.checkpoints],
        best=champion.step if champion is not None else None,
        ascii_only=ascii_only,
        log_scale=log_scale,
    )
    colours = {one.name: COLOURS[place % len(COLOURS)] for place, one in enumerate(series)} | MARK_COLOURS
    if _wants_colour():
        return [coloured(line, colours) for line in lines]
    return ["".join(span.text for span in line).rstrip() for line in lines]


def _chosen_curves(feed: JobFeed, subject: Subject | None) -> Sequence[Series]:
    drawn = curves(feed.events)
    there = subjects(drawn)
    if not there:
        raise UsageError("The job has reported no metrics yet", hint="They come with its first step.")
    chosen = subject or there[0]
    series = curves_of(drawn, chosen)
    if not series:
        words = ", ".join(one.value for one in there)
        raise UsageError(f"The job has reported nothing of this kind: {chosen.value}", hint=f"There is: {words}.")
    return series


def coloured(line: PlotLine, colours: dict[str, str]) -> str:
    """One row of a plot with the colour of each curve."""
    return "".join(
        click.style(safe_line(span.text), fg=colours[span.curve]) if span.curve in colours else safe_line(span.text)
        for span in line
    )


def _wants_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def speaks_unicode() -> bool:
    """Whether standard output can carry more than ASCII."""
    return (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16")
