"""Curves as dots in a grid of cells, and which curve a cell belongs to."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from fttui.domain.plot.axes import AxisRange
from fttui.services.curve_arrays import Arrays, cut, thinned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Dots = NDArray[np.bool_]
    Owners = NDArray[np.int16]

BRAILLE = 0x2800
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of the dots in a braille character, by row and column."""

FEW = 8
"""A curve with at most one point in this many cells has its points set off."""

NOBODY = -1

_LETTER = "o"
_STEERING = re.compile("\x1b\\[[0-9;]*m")
_one_figure = Lock()
"""plotext has one figure for the whole process."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A drawing area: cells, dots in a cell, and what its edges stand for."""

    columns: int
    rows: int
    across: int
    down: int
    steps: AxisRange
    values: AxisRange

    @property
    def width(self) -> int:
        """Dots across."""
        return self.columns * self.across

    @property
    def height(self) -> int:
        """Dots down."""
        return self.rows * self.down


_drawn_before: OrderedDict[tuple[int, Grid], tuple[Arrays, Dots]] = OrderedDict()
"""Drawings by the identity of the curve, which is kept beside so that no other can come to bear it."""
_KEPT = 12
_keeping = Lock()


def dots_of(curve: Arrays, grid: Grid) -> Dots:
    """The dots of the part of a curve that lies in a grid, as an array `height` by `width`.

    Points are joined where the curve says so. A curve that is drawn again in the same grid, as when a cursor moves or
    another curve has grown, is not drawn anew.
    """
    with _keeping:
        before = _drawn_before.get((id(curve), grid))
        if before is not None:
            _drawn_before.move_to_end((id(curve), grid))
            return before[1]
    dots = _dots(cut(curve, grid.steps.low, grid.steps.high), grid)
    with _keeping:
        _drawn_before[id(curve), grid] = curve, dots
        while len(_drawn_before) > _KEPT:
            _drawn_before.popitem(last=False)
    return dots


def _dots(curve: Arrays, grid: Grid) -> Dots:
    import numpy as np

    if not curve.steps.size:
        return np.zeros((grid.height, grid.width), dtype=bool)
    few = curve.steps.size * FEW <= grid.columns
    places, values, joined = thinned(curve, grid.steps.low, grid.steps.high, grid.width, grid.across)
    down = (grid.values.high - values) * ((grid.height - 1) / (grid.values.high - grid.values.low))
    # Far outside is as good as outside, and keeps lines short.
    heights = np.rint(np.clip(down, -grid.height, 2 * grid.height)).astype(np.int64)
    joined = joined | (np.diff(places, prepend=places[0]) <= grid.across)
    joined[0] = False
    dots = _drawn(places, heights, joined, grid)
    if few and grid.down > 1:
        _set_off(dots, places, heights)
    return dots


def _drawn(x: NDArray[np.int64], y: NDArray[np.int64], joined: NDArray[np.bool_], grid: Grid) -> Dots:
    """The dots of the points, and of the straight lines to joined ones from the points before them, by plotext."""
    import numpy as np
    import plotext

    with _one_figure:
        figure = plotext.figure
        figure.clear.all()
        plotext.terminal.limit(False, False)
        figure.plot_size(grid.columns, grid.rows)
        figure.axes(False)
        figure.canvas("default")
        figure.legend(False)
        for name, dots in (("x", grid.width), ("y", grid.height)):
            figure.ruler(name).ticks([])
            figure.ruler(name, 0).lim(0, dots - 1)
        marker = plotext.marker("braille" if grid.down > 1 else _LETTER, plotext.pixel())
        # plotext copies a single marker for every point, and a list of markers that is long enough for none.
        signal = figure.signal(x.tolist(), (grid.height - 1 - y).tolist(), marker=[marker] * (len(x) + 2)).lines(True)
        for place in np.flatnonzero(~joined).tolist():
            signal.line(place, False)
        figure.draw(signal)
        text: str = figure.build().string()
    rows = [_STEERING.sub("", line).ljust(grid.columns)[: grid.columns] for line in text.split("\n")[: grid.rows]]
    letters = np.array([[ord(letter) for letter in row] for row in rows], dtype=np.int32)
    if grid.down == 1:
        return np.asarray(letters == ord(_LETTER), dtype=bool)
    bits = np.where(letters >= BRAILLE, letters - BRAILLE, 0)
    split = (bits[:, None, :, None] & np.array(_BITS, dtype=np.int32)[None, :, None, :]) != 0
    return np.asarray(split.reshape(grid.height, grid.width), dtype=bool)


def _set_off(dots: Dots, x: NDArray[np.int64], y: NDArray[np.int64]) -> None:
    for right, below in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        columns, rows = x + right, y + below
        inside = (rows >= 0) & (rows < dots.shape[0]) & (columns >= 0) & (columns < dots.shape[1])
        dots[rows[inside], columns[inside]] = True


def braille(dots: Dots, grid: Grid) -> NDArray[np.int32]:
    """The code of the braille character of each cell; `BRAILLE` alone where there is no dot."""
    import numpy as np

    cells = dots.reshape(grid.rows, grid.down, grid.columns, grid.across)
    bits = np.array(_BITS, dtype=np.int32)[None, :, None, :]
    codes: NDArray[np.int32] = BRAILLE + (cells * bits).sum(axis=(1, 3), dtype=np.int32)
    return codes


def occupied(dots: Dots, grid: Grid) -> Dots:
    """Which cells have a dot."""
    import numpy as np

    split = dots.reshape(grid.rows, grid.down, grid.columns, grid.across)
    return np.asarray(np.any(split, axis=(1, 3)), dtype=bool)


def share_out(layers: list[tuple[Dots, bool]], grid: Grid) -> Owners:
    """Which layer each cell belongs to.

    A small curve lies on top of a large one. A curve that would be left with less than half of its cells, as when
    curves nearly coincide, takes turns from column to column with those it shares cells with. Layers that lie behind,
    as raw values behind smoothed ones, have only the cells that no other wants.

    Args:
        layers: the cells each curve would take, and whether it lies behind.
        grid: the drawing area.
    """
    import numpy as np

    owners = np.full((grid.rows, grid.columns), NOBODY, dtype=np.int16)
    sizes = [int(cells.sum()) for cells, _ in layers]
    for place in sorted(range(len(layers)), key=lambda place: (not layers[place][1], -sizes[place], -place)):
        owners[layers[place][0]] = place
    ahead = [place for place, (_, behind) in enumerate(layers) if not behind]
    hidden = [place for place in ahead if 2 * int((owners == place).sum()) < sizes[place]]
    if not hidden:
        return owners
    wanted = np.stack([layers[place][0] for place in ahead])
    contested = np.logical_or.reduce([layers[place][0] for place in hidden]) & (wanted.sum(axis=0) > 1)
    turn = np.arange(grid.columns)[None, :] % np.maximum(wanted.sum(axis=0), 1)
    whose = np.argmax(wanted & (np.cumsum(wanted, axis=0) - 1 == turn), axis=0)
    owners[contested] = np.array(ahead, dtype=np.int16)[whose][contested]
    return owners
