"""Redrawing a plot of many points, against the same points given to plotext as they are, in turn in one run.

Run with ``python tests/benchmarks/bench_plot.py [ROUNDS]``. Milliseconds of processor time a redraw at 120 by 30, the
median: nothing of the drawing before is used (anew); only the cursor has moved; smoothed, with the raw values behind,
anew; three curves, anew; one event more is read and drawn.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from fttui.domain.jobs.job import JobEvent
from fttui.domain.jobs.series import CurveBook, Point, Series
from fttui.domain.plot.view import View
from fttui.services import raster
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


def curve(name: str, steps: int, above: float = 0.0) -> Series:
    """A curve of so many steps."""
    return Series(name, tuple(Point(step, loss(step, steps) + above) for step in range(steps)))


def anew(series: list[Series], view: View = View()) -> Callable[[], object]:  # noqa: B008 - frozen
    """Our own drawing of curves that are there, without what was drawn before."""

    def work() -> None:
        kept = raster._drawn_before.copy()
        raster._drawn_before.clear()
        draw(series, WIDTH, HEIGHT, view=view)
        raster._drawn_before.update(kept)

    work()
    return work


def cursor(steps: int) -> Callable[[], object]:
    """A cursor that moves over a curve."""
    series, at = [curve("train_loss", steps)], count()
    return lambda: draw(series, WIDTH, HEIGHT, view=View(cursor=next(at) % steps))


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
        figure.clear.all()

    return work


def main() -> None:
    """Print a line for each size."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    heads = ("anew", "ratio", "cursor", "smooth", "three", "growing")
    print(f"{'points':>8} {'plotext':>9}" + "".join(f" {head:>8}" for head in heads) + f"   frame {FRAME:.1f} ms")
    for steps in SIZES:
        three = [curve(name, steps, 0.3 * place) for place, name in enumerate(("train_loss", "valid_loss", "other"))]
        works = [
            raw_plotext(steps),
            anew(three[:1]),
            cursor(steps),
            anew(three[:1], View(smoothing=0.9)),
            anew(three),
            growing(steps),
        ]
        times: list[list[float]] = [[] for _ in works]
        for _ in range(rounds):
            for place, work in enumerate(works):
                times[place].append(milliseconds(work))
        theirs, ours, *others = (statistics.median(one) for one in times)
        row = "".join(f" {one:>8.2f}" for one in others)
        print(f"{steps:>8} {theirs:>9.1f} {ours:>8.2f} {theirs / ours:>7.0f}x{row}")


if __name__ == "__main__":
    main()
