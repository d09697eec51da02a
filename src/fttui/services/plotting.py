"""Draws curves as rows of text; knows nothing of screens or colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from fttui.domain.jobs.series import Series
from fttui.domain.plot import frame, ticks
from fttui.domain.plot.axes import AxisRange, range_around
from fttui.domain.plot.frame import PlotLine, Span
from fttui.domain.plot.view import View, Window, readings, weight_for, whole_of
from fttui.services import raster
from fttui.services.curve_arrays import Arrays, curve_of, cut
from fttui.services.raster import Grid

if TYPE_CHECKING:
    import numpy as np

    Layer = tuple[Arrays, str, str, bool]
    """A curve to draw, its name, the letter it is drawn with, and whether it lies faint behind the others."""

SMALLEST_WIDTH, SMALLEST_HEIGHT = 16, 5
_ROWS_AROUND = 3
"""Legend, step axis and step labels."""

_OUTLIERS = 0.01
"""Share of the raw values at either end that need not be in view behind smoothed ones."""
_SAMPLED = 4000
"""Raw values looked at for that."""

_ALL_OF_IT = View()


class Marks(Enum):
    """What curves are drawn with."""

    DOTS = "dots"
    """Braille dots; colours tell the curves apart."""
    LETTERS = "letters"
    """A letter for each curve where there are several, dots for a single one; no colour is needed."""
    ASCII = "ascii"
    """ASCII alone, the frame too."""


def draw(
    series: Sequence[Series],
    width: int,
    height: int,
    *,
    view: View = _ALL_OF_IT,
    checkpoints: Sequence[int] = (),
    best: int | None = None,
    marks: Marks = Marks.DOTS,
    nothing: str = frame.NOTHING_YET,
) -> tuple[PlotLine, ...]:
    """Draw curves over the steps on one axis: legend, value labels, gaps, step axis, checkpoint marks.

    Args:
        series: the curves, in the order of the legend.
        width: columns, exactly as many in every row returned.
        height: rows, exactly as many returned.
        view: the part that is looked at, and how.
        checkpoints: steps to mark on the axis.
        best: the step to mark as the best checkpoint.
        marks: what the curves are drawn with.
        nothing: what to say where there is no value.
    """
    if width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
        return frame.too_small(width, height, "plot needs room")
    layers = _layers(series, view)
    if not any(curve.steps.size for curve, *_ in layers):
        return frame.too_small(width, height, nothing)
    step_axis = _step_axis([curve.steps for curve, *_ in layers], checkpoints, view.window)
    rows = height - _ROWS_AROUND
    value_axis = _value_axis(layers, step_axis)
    value_ticks, names = _value_ticks(value_axis, rows, view.log_scale)
    label_width = max(len(name) for name in names)
    columns = width - label_width - 1
    step_ticks = ticks.step_ticks(math.ceil(step_axis.low), math.floor(step_axis.high), max(2, columns // 10))

    glyphs = frame.ASCII if marks is Marks.ASCII else frame.LINES
    lettered = marks is Marks.ASCII or (marks is Marks.LETTERS and len(layers) > 1)
    grid = Grid(columns, rows, *((1, 1) if lettered else (2, 4)), step_axis, value_axis)
    in_view = view.cursor is not None and step_axis.low <= view.cursor <= step_axis.high
    at = frame.column_of(view.cursor, step_axis, columns) if in_view and view.cursor is not None else None
    labels = frame.value_rows(value_ticks, names, value_axis, rows)
    body = [
        (Span(labels.get(row, "").rjust(label_width) + (glyphs.tick_left if row in labels else glyphs.vertical)), *line)
        for row, line in enumerate(_cells(layers, grid, lettered, at, glyphs.vertical))
    ]
    shown_marks = [step for step in checkpoints if step_axis.low <= step <= step_axis.high]
    shown_best = best if best is not None and step_axis.low <= best <= step_axis.high else None
    axis_line = frame.step_axis(step_ticks, step_axis, columns, glyphs, shown_marks, shown_best, at)
    indent = " " * label_width
    signs = [frame.curve_letter(place) if lettered else glyphs.curve for place in range(len(series))]
    if view.cursor is not None:
        top = frame.reading_line(view.cursor, readings(series, view.cursor), series, signs, width)
    else:
        top = frame.legend(series, signs, width, glyphs, view=view, marks=bool(shown_marks), best=best)
    return (
        top,
        *body,
        frame.fit((Span(indent + glyphs.corner), *axis_line), width),
        frame.fit((Span(indent + " " + frame.step_labels(step_ticks, step_axis, columns)),), width),
    )


def _layers(series: Sequence[Series], view: View) -> list[Layer]:
    """What is drawn: each curve, or its smoothed values and the raw ones faint behind."""
    layers: list[Layer] = []
    whole = whole_of(series)
    for place, one in enumerate(series):
        curve = curve_of(one, log_scale=view.log_scale)
        weight = weight_for(view.smoothing, curve.usual, whole.length if whole else 0)
        if weight and curve.steps.size > 2:
            layers.append((curve, one.name, frame.RAW_LETTER, True))
            curve = curve_of(one, log_scale=view.log_scale, smoothing=weight)
        layers.append((curve, one.name, frame.curve_letter(place), False))
    return layers


def _step_axis(curves: Sequence[np.ndarray], checkpoints: Sequence[int], window: Window | None) -> AxisRange:
    if window is not None and window.last > window.first:
        return AxisRange(float(window.first), float(window.last))
    filled = [steps for steps in curves if steps.size]
    low = min(float(steps[0]) for steps in filled)
    high = max(float(steps[-1]) for steps in filled)
    return (
        AxisRange(min(low, *checkpoints, low), max(high, *checkpoints, high)) if high > low else range_around(low, high)
    )


def _value_axis(layers: Sequence[Layer], steps: AxisRange) -> AxisRange:
    """Holds every curve between some steps; of values faint behind smoothed ones, all but the few that stick out."""
    ends: list[float] = []
    for whole, _, _, behind in layers:
        curve = cut(whole, steps.low, steps.high)
        if curve.values.size:
            ends += _most_of(curve) if behind else [float(curve.values.min()), float(curve.values.max())]
    return range_around(min(ends), max(ends)) if ends else AxisRange(0.0, 1.0)


def _most_of(curve: Arrays) -> list[float]:
    import numpy as np

    some = curve.values[:: max(curve.values.size // _SAMPLED, 1)]
    return [float(end) for end in np.quantile(some, (_OUTLIERS, 1 - _OUTLIERS))]


def _value_ticks(axis: AxisRange, rows: int, log_scale: bool) -> tuple[tuple[float, ...], tuple[str, ...]]:
    most = min(max(2, rows // 2), 10)
    if not log_scale:
        chosen = ticks.round_ticks(axis.low, axis.high, most)
        return chosen, ticks.labels(chosen)
    values = ticks.log_ticks(10**axis.low, 10**axis.high, most)
    return tuple(math.log10(value) for value in values), ticks.labels(values)


def _cells(layers: Sequence[Layer], grid: Grid, lettered: bool, cursor: int | None, rule: str) -> list[PlotLine]:
    """The drawing area, row by row; the cursor is a rule through the cells that no curve takes."""
    import numpy as np

    dots = [raster.dots_of(curve, grid) for curve, *_ in layers]
    owners = raster.share_out([(raster.occupied(one, grid), layers[at][3]) for at, one in enumerate(dots)], grid)
    codes = np.full(owners.shape, ord(" "), dtype=np.int32)
    for place, one in enumerate(dots):
        mine = owners == place
        codes[mine] = ord(layers[place][2]) if lettered else raster.braille(one, grid)[mine]
    if cursor is not None:
        codes[owners[:, cursor] == raster.NOBODY, cursor] = ord(rule)
    names: list[tuple[str | None, bool]] = [(name, faint) for _, name, _, faint in layers]
    names.append((None, False))
    return [_spans(codes[row], owners[row], names) for row in range(grid.rows)]


def _spans(codes: np.ndarray, owners: np.ndarray, names: Sequence[tuple[str | None, bool]]) -> PlotLine:
    """Neighbouring cells of one curve as one piece of text."""
    import numpy as np

    text = codes.astype(np.uint32).tobytes().decode("utf-32-le")
    edges = [0, *(np.flatnonzero(np.diff(owners)) + 1).tolist(), len(text)]
    return tuple(Span(text[start:end], *names[int(owners[start])]) for start, end in pairwise(edges))
