"""Draw the curves of jobs in the terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, profile_option, say, talk, with_services
from fttui.cli.job_choice import choose_job, feed_of
from fttui.domain.errors import UsageError
from fttui.domain.jobs.comparison import run_name
from fttui.domain.jobs.diagnosis import diagnose
from fttui.domain.jobs.ranking import best
from fttui.domain.jobs.series import Series, curves
from fttui.domain.plot.frame import BEST, CHECKPOINT, PlotLine
from fttui.domain.plot.tabs import Run, Tab, overlays, tabs
from fttui.domain.plot.view import View, Window
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.jobs.feed import JobFeed
    from fttui.services.container import Services
    from fttui.services.plotting import Marks

COLOURS = ("cyan", "yellow", "magenta", "green", "blue", "red")
MARK_COLOURS = {CHECKPOINT: "white", BEST: "green"}
WIDEST, HIGHEST = 200, 60
USUAL_HEIGHT = 20
MOST_RUNS = len(COLOURS)


def _window(_ctx: click.Context, _option: click.Parameter, value: str | None) -> Window | None:
    if value is None:
        return None
    found = re.fullmatch(r"(\d+):(\d+)", value)
    if found is None or int(found[1]) >= int(found[2]):
        raise click.BadParameter("Write the first and the last step, such as 100:200.")
    return Window(int(found[1]), int(found[2]))


@click.command("plot")
@click.argument("job_ids", metavar="[JOB]...", nargs=-1)
@profile_option
@click.option("--width", type=click.IntRange(16, WIDEST), help="Columns; those of the terminal if absent.")
@click.option("--height", type=click.IntRange(5, HIGHEST), help=f"Rows; {USUAL_HEIGHT} or what the terminal has.")
@click.option("--metric", help="What to draw: loss, accuracy, reward, or a metric by its name; the loss if absent.")
@click.option("--smooth", type=click.FloatRange(0, 1, max_open=True), default=0.0, help="Smooth, such as 0.6 or 0.9.")
@click.option("--steps", "window", callback=_window, metavar="FIRST:LAST", help="Only these steps.")
@click.option("--log", "log_scale", is_flag=True, help="Count the value axis in powers of ten.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with plain ASCII characters.")
def command(
    job_ids: tuple[str, ...],
    profile: str | None,
    width: int | None,
    height: int | None,
    metric: str | None,
    smooth: float,
    window: Window | None,
    log_scale: bool,
    ascii_only: bool,
) -> int:
    """Draw the curves of a job: training, validation and full validation on one axis, checkpoints marked.

    JOB is the newest job if left out. Several jobs are drawn over each other, one curve of each.
    """
    if len(job_ids) > MOST_RUNS:
        raise UsageError(f"At most {MOST_RUNS} jobs can be drawn over each other")

    async def work(services: Services) -> tuple[list[JobFeed], bool]:
        chosen = [await choose_job(services, profile, job_id) for job_id in dict.fromkeys(job_ids) or [None]]
        return [await feed_of(services, owner, one) for owner, one in chosen], services.settings.ascii

    feeds, usually_ascii = with_services(work)
    terminal = shutil.get_terminal_size((80, 24))
    columns = width or min(terminal.columns, WIDEST)
    print_plot(
        feeds,
        columns,
        height or min(USUAL_HEIGHT, max(terminal.lines - 3, 8)),
        metric=metric,
        view=View(log_scale=log_scale, smoothing=smooth, window=window),
        ascii_only=ascii_only or usually_ascii or not speaks_unicode(),
    )
    if len(feeds) == 1:
        for verdict in diagnose(feeds[0]):
            say(f"{verdict.sentence} {verdict.advice}")
    return ExitCode.GOOD


def print_plot(
    feeds: Sequence[JobFeed],
    width: int,
    height: int,
    *,
    metric: str | None = None,
    view: View | None = None,
    ascii_only: bool = False,
) -> None:
    """Print the curves of a job on standard output, in colours where it is a terminal that wants them.

    Raises:
        UsageError: there is nothing to draw yet.
    """
    tab = chosen_tab(feeds, metric)
    for row in plot_rows(feeds, width, height, tab=tab, view=view, ascii_only=ascii_only):
        click.echo(row)
    dropped = sum(one.dropped for one in tab.curves)
    if dropped:
        talk(f"{dropped} values that are not finite numbers are not drawn.")


def plot_rows(
    feeds: Sequence[JobFeed],
    width: int,
    height: int,
    *,
    tab: Tab | None = None,
    view: View | None = None,
    ascii_only: bool = False,
) -> list[str]:
    """The curves of a job, or one curve of each of several, as lines to print, `height` of them.

    Raises:
        UsageError: there is nothing to draw yet.
    """
    from fttui.services.plotting import draw

    series = (tab or chosen_tab(feeds, None)).curves
    alone = feeds[0] if len(feeds) == 1 else None
    champion = best(alone.checkpoints) if alone is not None else None
    in_colour = _wants_colour()
    lines = draw(
        series,
        width,
        height,
        view=view or View(),
        checkpoints=[checkpoint.step for checkpoint in alone.checkpoints] if alone is not None else [],
        best=champion.step if champion is not None else None,
        marks=_marks(ascii_only, in_colour),
    )
    colours = {one.name: COLOURS[place % len(COLOURS)] for place, one in enumerate(series)} | MARK_COLOURS
    if in_colour:
        return [coloured(line, colours) for line in lines]
    return ["".join(span.text for span in line).rstrip() for line in lines]


def _marks(ascii_only: bool, in_colour: bool) -> Marks:
    from fttui.services.plotting import Marks

    if ascii_only:
        return Marks.ASCII
    return Marks.DOTS if in_colour else Marks.LETTERS


def chosen_tab(feeds: Sequence[JobFeed], metric: str | None) -> Tab:
    """The curves to draw: those of one axis of a job, or of one metric of several jobs.

    Raises:
        UsageError: there are none.
    """
    drawn = [curves(feed.events) for feed in feeds]
    if len(feeds) == 1:
        there: Sequence[Tab] = tabs(drawn[0])
        single = [Tab(one.name, (one,)) for one in drawn[0]]
    else:
        there = overlays(
            [Run(run_name(feed.job) if feed.job else "?", own) for feed, own in zip(feeds, drawn, strict=True)]
        )
        single = [Tab(name, tab.curves) for name, tab in zip(_metric_names(drawn), there, strict=True)]
    if not there:
        raise UsageError("The job has reported no metrics yet", hint="They come with its first step.")
    if metric is None:
        return there[0]
    found = [tab for tab in (*there, *single) if tab.name == metric]
    if not found:
        words = ", ".join(safe_line(tab.name, 40) for tab in (*there, *single))
        raise UsageError(
            f"The job has reported nothing of this kind: {safe_line(metric, 40)}", hint=f"There is: {words}."
        )
    return found[0]


def _metric_names(drawn: Sequence[Sequence[Series]]) -> list[str]:
    return list(dict.fromkeys(one.name for curves_of_job in drawn for one in curves_of_job))


def coloured(line: PlotLine, colours: dict[str, str]) -> str:
    """One row of a plot with the colour of each curve."""
    return "".join(
        click.style(safe_line(span.text), fg="bright_black" if span.faint else colours[span.curve])
        if span.curve in colours
        else safe_line(span.text)
        for span in line
    )


def _wants_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def speaks_unicode() -> bool:
    """Whether standard output can carry more than ASCII."""
    return (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16")
