"""Redrawing a plot of many points, against the same points given to plotext as they are, in turn in one run.

Run with ``python tests/benchmarks/bench_plot.py [ROUNDS]``. Milliseconds of processor time a redraw at 120 by 30, the
median; then the same for curves that grow by one point between redraws, and for all that a screen does with them:
reading the events, drawing, and turning the rows into what the terminal gets.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from fttui.domain.jobs.job import JobEvent
from fttui.domain.jobs.series import CurveBook, Point, Series
from fttui.domain.plot.view import View
from fttui.services.plotting import draw

WIDTH, HEIGHT = 120, 30
SIZES = (1_000, 10_000, 100_000)
FRAME = 1000 / 60


def loss(step: int, steps: int) -> float:
    """A loss that falls, with noise that is the same each time."""
    return 3 * math.exp(-5 * step / steps) + 0.2 + 0.1 * math.sin(step * 2.3) * math.sin(step * 0.71)


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of one go."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def own(steps: int) -> Callable[[], object]:
    """Our own drawing of a curve that is there."""
    series = [Series("train_loss", tuple(Point(step, loss(step, steps)) for step in range(steps)))]
    draw(series, WIDTH, HEIGHT)
    return lambda: draw(series, WIDTH, HEIGHT)


def smooth(steps: int) -> Callable[[], object]:
    """The same, smoothed, the raw values behind."""
    series = [Series("train_loss", tuple(Point(step, loss(step, steps)) for step in range(steps)))]
    draw(series, WIDTH, HEIGHT, view=View(smoothing=0.9))
    return lambda: draw(series, WIDTH, HEIGHT, view=View(smoothing=0.9))


def growing(steps: int) -> Callable[[], object]:
    """One more event, read and drawn."""
    events = [JobEvent(str(step), step, "info", "", "metrics", step, None, {"train_loss": loss(step, steps)})
              for step in range(steps)]  # fmt: skip
    book = CurveBook()
    draw(book.read(events), WIDTH, HEIGHT)

    def work() -> None:
        step = len(events)
        events.append(JobEvent(str(step), step, "info", "", "metrics", step, None, {"train_loss": 0.2}))
        draw(book.read(tuple(events)), WIDTH, HEIGHT)

    return work


def raw_plotext(steps: int) -> Callable[[], object]:
    """plotext with every point."""
    import plotext

    at, values = list(range(steps)), [loss(step, steps) for step in range(steps)]

    def work() -> None:
        figure = plotext.figure
        figure.clear.all()
        plotext.terminal.limit(False, False)
        figure.plot_size(WIDTH, HEIGHT)
        figure.draw(figure.signal(at, values, marker=plotext.marker("braille")).lines(True))
        figure.build().string()

    return work


def main() -> None:
    """Print a line for each size."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{'points':>8} {'plotext':>9} {'own':>7} {'ratio':>7} {'smooth':>7} {'growing':>8}   frame {FRAME:.1f} ms")
    for steps in SIZES:
        works = [raw_plotext(steps), own(steps), smooth(steps), growing(steps)]
        times: list[list[float]] = [[] for _ in works]
        for _ in range(rounds):
            for place, work in enumerate(works):
                times[place].append(milliseconds(work))
        theirs, ours, smoothed, grown = (statistics.median(one) for one in times)
        print(f"{steps:>8} {theirs:>9.1f} {ours:>7.2f} {theirs / ours:>6.0f}x {smoothed:>7.2f} {grown:>8.2f}")


if __name__ == "__main__":
    main()
