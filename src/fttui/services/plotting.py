"""Draws curves as rows of text with plotext; knows nothing of screens or colours."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from operator import attrgetter
from threading import Lock
from typing import TYPE_CHECKING

from fttui.domain.jobs.series import Series
from fttui.domain.plot import frame, ticks
from fttui.domain.plot.axes import AxisRange, gap_from, range_around
from fttui.domain.plot.frame import BEST, CHECKPOINT, PlotLine, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["BEST", "CHECKPOINT", "PlotLine", "Span", "draw"]

SMALLEST_WIDTH, SMALLEST_HEIGHT = 16, 5
_ROWS_AROUND = 3
"""Legend, step axis and step labels."""

_SMALLEST, _LARGEST = 1e-100, 1e100
"""Values beyond are not drawn; no loss is meant by them, and the axis could not be marked."""

_COLOURED = re.compile("\x1b\\[(?:0|38;5;(\\d+))m|([^\x1b]+)")
_one_figure = Lock()
"""plotext has one figure for the whole process."""


def draw(
    series: Sequence[Series],
    width: int,
    height: int,
    *,
    checkpoints: Sequence[int] = (),
    best: int | None = None,
    ascii_only: bool = False,
    log_scale: bool = False,
) -> tuple[PlotLine, ...]:
    """Draw curves over the steps on one axis: legend, value labels, gaps, step axis, checkpoint marks.

    Args:
        series: the curves, in the order of the legend.
        width: columns, exactly as many in every row returned.
        height: rows, exactly as many returned.
        checkpoints: steps to mark on the axis.
        best: the step to mark as the best checkpoint.
        ascii_only: draw with ASCII characters alone.
        log_scale: a value axis in powers of ten; values that are not positive are left out.
    """
    if width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
        return frame.too_small(width, height, "plot needs room")
    measured = [_values(one, log_scale) for one in series]
    if not any(steps.size for steps, _ in measured):
        return frame.too_small(width, height, frame.NOTHING_YET)
    rows = height - _ROWS_AROUND
    value_axis = _value_axis([values for _, values in measured])
    value_ticks, names = _value_ticks(value_axis, rows, log_scale)
    label_width = max(len(name) for name in names)
    columns = width - label_width - 1
    step_axis = _step_axis([steps for steps, _ in measured], checkpoints)
    step_ticks = ticks.step_ticks(math.ceil(step_axis.low), math.floor(step_axis.high), max(2, columns // 10))

    glyphs = frame.ASCII if ascii_only else frame.LINES
    thinned = [_thinned(steps, values, step_axis, columns) for steps, values in measured]
    canvas = _raster(thinned, [one.name for one in series], columns, rows, (step_axis, value_axis), ascii_only)
    labels = frame.value_rows(value_ticks, names, value_axis, rows)
    body = [
        (Span(labels.get(row, "").rjust(label_width) + (glyphs.tick_left if row in labels else glyphs.vertical)), *line)
        for row, line in enumerate(canvas)
    ]
    shown_marks = [step for step in checkpoints if step_axis.low <= step <= step_axis.high]
    axis_line = frame.step_axis(step_ticks, step_axis, columns, glyphs, shown_marks, best)
    indent = " " * label_width
    return (
        frame.legend(series, width, glyphs, marks=bool(shown_marks), best=best),
        *(frame.fit(line, width) for line in body),
        frame.fit((Span(indent + glyphs.corner), *axis_line), width),
        frame.fit((Span(indent + " " + frame.step_labels(step_ticks, step_axis, columns)),), width),
    )


def _values(series: Series, log_scale: bool) -> tuple[Floats, Floats]:
    import numpy as np

    count = len(series.points)
    steps = np.fromiter(map(attrgetter("step"), series.points), np.float64, count)
    values = np.fromiter(map(attrgetter("value"), series.points), np.float64, count)
    usable = np.abs(values) < _LARGEST
    if log_scale:
        usable &= values > _SMALLEST
    steps, values = steps[usable], values[usable]
    return steps, np.log10(values) if log_scale else values


def _value_axis(curves: Sequence[Floats]) -> AxisRange:
    filled = [values for values in curves if values.size]
    return range_around(min(float(values.min()) for values in filled), max(float(values.max()) for values in filled))


def _step_axis(curves: Sequence[Floats], checkpoints: Sequence[int]) -> AxisRange:
    filled = [steps for steps in curves if steps.size]
    low = min(float(steps[0]) for steps in filled)
    high = max(float(steps[-1]) for steps in filled)
    return (
        AxisRange(min(low, *checkpoints, low), max(high, *checkpoints, high)) if high > low else range_around(low, high)
    )


def _value_ticks(axis: AxisRange, rows: int, log_scale: bool) -> tuple[tuple[float, ...], tuple[str, ...]]:
    most = min(max(2, rows // 2), 10)
    if not log_scale:
        chosen = ticks.round_ticks(axis.low, axis.high, most)
        return chosen, ticks.labels(chosen)
    values = ticks.log_ticks(10**axis.low, 10**axis.high, most)
    return tuple(math.log10(value) for value in values), ticks.labels(values)


def _thinned(steps: Floats, values: Floats, axis: AxisRange, columns: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Keep each column's lowest and highest value in their order; the flags say where a curve is interrupted."""
    import numpy as np

    if steps.size < 2:
        return steps, values, np.zeros(steps.size, dtype=bool)
    distances = np.diff(steps)
    column_width = (axis.high - axis.low) / columns
    usual = gap_from([int(np.median(distances))])
    pieces = np.concatenate(([0], np.cumsum((distances > usual) & (distances > column_width))))
    if steps.size > 2 * columns:
        column = np.minimum(((steps - axis.low) / column_width).astype(np.int64), columns - 1)
        starts = np.flatnonzero(np.diff(column, prepend=-1) | np.diff(pieces, prepend=-1))
        kept = np.unique(np.concatenate([_extreme_places(values, starts, sign) for sign in (1.0, -1.0)]))
        steps, values, pieces = steps[kept], values[kept], pieces[kept]
    return steps, values, np.diff(pieces, prepend=pieces[0]) != 0


def _extreme_places(values: Floats, starts: NDArray[np.int64], sign: float) -> NDArray[np.int64]:
    """The place of the lowest value (the highest for sign -1) of every group that begins at `starts`."""
    import numpy as np

    signed = sign * values
    lengths = np.diff(np.append(starts, values.size))
    lowest = np.repeat(np.minimum.reduceat(signed, starts), lengths)
    group = np.repeat(np.arange(starts.size), lengths)
    hits = np.flatnonzero(signed == lowest)
    return hits[np.unique(group[hits], return_index=True)[1]]


def _raster(
    curves: Sequence[tuple[Floats, Floats, NDArray[np.bool_]]],
    names: Sequence[str],
    columns: int,
    rows: int,
    axes: tuple[AxisRange, AxisRange],
    ascii_only: bool,
) -> list[PlotLine]:
    import plotext

    step_axis, value_axis = axes
    with _one_figure:
        figure = plotext.figure
        figure.clear.all()
        plotext.terminal.limit(False, False)
        figure.plot_size(columns, rows)
        figure.axes(False)
        figure.canvas("default")
        figure.legend(False)
        for name, axis in (("x", step_axis), ("y", value_axis)):
            figure.ruler(name).ticks([])
            figure.ruler(name, 0).lim(axis.low, axis.high)
        for place, joined in _layers([steps.size for steps, _, _ in curves], columns):
            steps, values, interrupted = curves[place]
            shape = frame.curve_letter(place) if ascii_only else "braille"
            marker = plotext.marker(shape, plotext.pixel(foreground=place + 1))
            signal = figure.signal(steps.tolist(), values.tolist(), marker=marker).lines(joined)
            for index in interrupted.nonzero()[0].tolist():
                signal.line(index, False)
            figure.draw(signal)
        text: str = figure.build().string()
    return [_spans(line, names) for line in text.split("\n")[:rows]]


def _layers(sizes: Sequence[int], columns: int) -> list[tuple[int, bool]]:
    """What is drawn in turn, later over earlier: the place of a curve, and whether its points are joined.

    Two curves in one cell share its colour. The lines between few measurements lie lowest, and the measurements
    themselves come again on top, so that neither hides the other.
    """
    filled = sorted((place for place, size in enumerate(sizes) if size), key=lambda place: sizes[place])
    return [(place, True) for place in filled] + [(place, False) for place in filled if sizes[place] <= columns // 3]


def _spans(line: str, names: Sequence[str]) -> PlotLine:
    """Read the colour numbers back as the curves they stand for."""
    spans: list[Span] = []
    curve: str | None = None
    for found in _COLOURED.finditer(line):
        if found[2] is None:
            curve = names[int(found[1]) - 1] if found[1] else None
        else:
            spans.append(Span(found[2], curve))
    return tuple(spans)
