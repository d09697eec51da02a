"""The frame around a plot: legend, value labels, step axis with its checkpoint marks, as rows of spans."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.jobs.series import Series
from fttui.domain.plot.axes import AxisRange
from fttui.domain.plot.view import Reading, View
from fttui.domain.text import safe_line

CHECKPOINT = "checkpoint"
BEST = "best"
"""Names a span carries in place of a curve's where it draws a checkpoint or the best one."""

NOTHING_YET = "no values yet"


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one row of a plot, and what it belongs to: a metric's name, CHECKPOINT, BEST, or None for the frame."""

    text: str
    curve: str | None = None
    faint: bool = False
    """It lies behind, as raw values do behind smoothed ones."""


PlotLine = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters a frame is drawn with."""

    vertical: str
    tick_left: str
    corner: str
    horizontal: str
    tick_below: str
    curve: str
    checkpoint: str
    best: str
    cursor: str


# None of the marks is of ambiguous width, so that columns line up in East Asian terminals too.
LINES = Glyphs("│", "┤", "└", "─", "┬", "⠒", "▴", "✦", "┴")
ASCII = Glyphs("|", "+", "+", "-", "+", "", "^", "*", "|")
CURVE_LETTERS = "ox#%&@~s"
RAW_LETTER = "."

SHORT_NAMES: Mapping[str, str] = {
    "train_loss": "train",
    "valid_loss": "valid",
    "full_valid_loss": "full valid",
    "train_mean_token_accuracy": "train",
    "valid_mean_token_accuracy": "valid",
    "full_valid_mean_token_accuracy": "full valid",
}


def cells(text: str) -> int:
    """Columns a text takes in a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(1 for character in text if unicodedata.east_asian_width(character) in "WF")
    return len(text) + wide - sum(1 for character in text if unicodedata.combining(character))


def fit(line: Iterable[Span], width: int) -> PlotLine:
    """Cut or pad a row to exactly `width` columns."""
    kept: list[Span] = []
    room = width
    for span in line:
        text = span.text
        while cells(text) > room:
            text = text[:-1]
        if text:
            kept.append(Span(text, span.curve, span.faint))
            room -= cells(text)
    if room:
        kept.append(Span(" " * room))
    return tuple(kept)


def legend(
    series: Sequence[Series],
    signs: Sequence[str],
    width: int,
    glyphs: Glyphs,
    *,
    view: View,
    marks: bool,
    best: int | None,
) -> PlotLine:
    """Name every curve, in full where there is room, and say what the marks mean where there is room for that.

    Args:
        series: the curves.
        signs: what each is drawn with.
        width: columns.
        glyphs: the characters of the frame.
        view: smoothing and scale are named.
        marks: whether checkpoints are marked.
        best: the step of the best one.
    """
    how = [f"smoothed {view.smoothing:g}"] * bool(view.smoothing) + ["log"] * view.log_scale
    looks = [Span(" ".join(how))] if how else []
    meanings = [Span(f"{glyphs.checkpoint} checkpoint", CHECKPOINT)] if marks else []
    if best is not None:
        meanings.append(Span(f"{glyphs.best} best {best}", BEST))
    spans: list[Span] = []
    full = [safe_line(one.label, 40) for one in series]
    short = [_short(one) for one in series]
    tiny = [name[:6].rstrip() for name in short]
    for names, shown in (
        (full, [*meanings, *looks]),
        (short, [*meanings, *looks]),
        (short, [*meanings[1:], *looks]),
        (short, looks),
        (short, []),
        (tiny, []),
    ):
        curves = [
            Span(f"{sign * 2 if len(sign) == 1 and not sign.isascii() else sign} {name}", one.name)
            for sign, one, name in zip(signs, series, names, strict=True)
        ]
        spans = [part for entry in (*curves, *shown) for part in (entry, Span("  "))][:-1]
        if sum(cells(span.text) for span in spans) <= width:
            break
    return fit(spans, width)


def reading_line(
    cursor: int, readings: Sequence[Reading], series: Sequence[Series], signs: Sequence[str], width: int
) -> PlotLine:
    """The step under the cursor and the values there; a value from an earlier step says from which."""
    sign_of = {one.name: sign for one, sign in zip(series, signs, strict=True)}
    short = {one.name: _short(one) for one in series}
    spans: list[Span] = []
    for name_cells, dated in ((40, True), (16, True), (16, False), (5, False)):
        spans = [Span(f"step {cursor}" if name_cells > 5 else str(cursor))]
        for one in readings:
            name = safe_line(one.label, 40) if name_cells == 40 else short[one.curve][:name_cells].rstrip()
            since = f" (step {one.step})" if dated and one.step != cursor else ""
            spans += [Span("  "), Span(f"{sign_of[one.curve]} {name} {one.value:.4g}{since}", one.curve)]
        if sum(cells(span.text) for span in spans) <= width:
            break
    return fit(spans, width)


def _short(series: Series) -> str:
    return safe_line(series.title or SHORT_NAMES.get(series.name, series.label), 16)


def curve_letter(place: int) -> str:
    """The letter the curve at a place in the order is drawn with where colour cannot tell."""
    return CURVE_LETTERS[place % len(CURVE_LETTERS)]


def value_rows(ticks: Sequence[float], names: Sequence[str], axis: AxisRange, height: int) -> dict[int, str]:
    """The label of each row that has one, rows counted from the top."""
    rows: dict[int, str] = {}
    for tick, name in zip(ticks, names, strict=True):
        row = round((1 - axis.share(tick)) * (height - 1))
        if 0 <= row < height:
            rows[row] = name
    return rows


def column_of(step: float, axis: AxisRange, width: int) -> int:
    """The column a step lies in, from 0."""
    return min(max(round(axis.share(step) * (width - 1)), 0), width - 1)


def step_axis(
    ticks: Sequence[int],
    axis: AxisRange,
    width: int,
    glyphs: Glyphs,
    checkpoints: Sequence[int],
    best: int | None,
    cursor: int | None = None,
) -> PlotLine:
    """The line under a plot, with ticks, checkpoints, the best one and the cursor's column marked."""
    marks: dict[int, Span] = {column_of(tick, axis, width): Span(glyphs.tick_below) for tick in ticks}
    if cursor is not None:
        marks[cursor] = Span(glyphs.cursor)
    marks |= {column_of(step, axis, width): Span(glyphs.checkpoint, CHECKPOINT) for step in checkpoints}
    if best is not None:
        marks[column_of(best, axis, width)] = Span(glyphs.best, BEST)
    line: list[Span] = []
    plain = ""
    for column in range(width):
        mark = marks.get(column)
        if mark is None or mark.curve is None:
            plain += mark.text if mark else glyphs.horizontal
            continue
        line += [Span(plain), mark] if plain else [mark]
        plain = ""
    return (*line, Span(plain)) if plain else tuple(line)


def step_labels(ticks: Sequence[int], axis: AxisRange, width: int) -> str:
    """The steps under their ticks; a label that would touch its neighbour is left out."""
    row = [" "] * width
    free_from = 0
    for tick in ticks:
        text = str(tick)
        start = min(max(column_of(tick, axis, width) - len(text) // 2, 0), width - len(text))
        if start < free_from or start < 0:
            continue
        row[start : start + len(text)] = text
        free_from = start + len(text) + 1
    return "".join(row)


def too_small(width: int, height: int, text: str) -> tuple[PlotLine, ...]:
    """An area of the size asked for with a sentence in its middle."""
    middle = max(height - 1, 0) // 2
    return tuple(
        fit((Span(" " * max((width - cells(text)) // 2, 0)), Span(text)) if row == middle else (), max(width, 0))
        for row in range(max(height, 0))
    )
