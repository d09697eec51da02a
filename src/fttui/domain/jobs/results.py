"""The result file of a job, in whatever wrapping it comes: plain, with a byte order mark, base64, gzip."""

from __future__ import annotations

import base64
import binascii
import csv
import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fttui.domain.jobs.job import JobEvent
from fttui.domain.jobs.series import Point, Series
from fttui.domain.text import safe_line

LARGEST = 256 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_MOST_WRAPPINGS = 4

# Names other providers and older files use for the same metric (OpenAI's and Microsoft's documentation, 2026-10).
ALIASES: Mapping[str, str] = {
    "train_accuracy": "train_mean_token_accuracy",
    "validation_loss": "valid_loss",
    "validation_mean_token_accuracy": "valid_mean_token_accuracy",
    "full_validation_loss": "full_valid_loss",
}

Cell = float | str | None


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Metrics by row, under the names the provider gave them; an empty cell is None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def curves(self) -> tuple[Series, ...]:
        """Every numeric column by step, under its usual name."""
        if "step" not in self.columns:
            return ()
        at = self.columns.index("step")
        return tuple(
            self._curve(place, ALIASES.get(name, name), at) for place, name in enumerate(self.columns) if place != at
        )

    def events(self, job_id: str, at: int) -> tuple[JobEvent, ...]:
        """The steps as a job would have told of them, for a job whose own log is gone.

        Args:
            job_id: the job, for ids that are the same each time.
            at: when they came, unix seconds; the file does not say.
        """
        by_step: dict[int, dict[str, float]] = {}
        for curve in self.curves():
            for point in curve.points:
                by_step.setdefault(point.step, {})[curve.name] = point.value
        last = max(by_step, default=0)
        return tuple(
            JobEvent(
                f"results-{job_id}-{step}", at, "info", f"Step {step}/{last}, from the result file", "metrics",
                step, last, values,
            )
            for step, values in sorted(by_step.items())
        )  # fmt: skip

    def _curve(self, place: int, name: str, step_place: int) -> Series:
        points = [
            Point(int(step), value)
            for row in self.rows
            if isinstance(step := row[step_place], float) and isinstance(value := row[place], float)
        ]
        return Series(name, tuple(sorted(points, key=lambda point: point.step)))


def decode_results(content: bytes) -> ResultTable:
    """Unwrap and read a result file.

    Raises:
        ValueError: with a sentence that says what it is instead.
    """
    return _read(_unwrapped(content))


def _unwrapped(content: bytes) -> str:
    for _ in range(_MOST_WRAPPINGS):
        content = content.removeprefix(_BOM).strip()
        if content.startswith(_GZIP):
            content = _gunzipped(content)
        elif _looks_like_table(content):
            break
        else:
            try:
                content = base64.b64decode(b"".join(content.split()), validate=True)
            except (binascii.Error, ValueError):
                break
    if not _looks_like_table(content):
        raise ValueError("The result file is not a table with steps")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("The result file is not UTF-8 text") from None


def _looks_like_table(content: bytes) -> bool:
    header = content.split(b"\n", 1)[0]
    return b"," in header and b"step" in header.lower()


def _gunzipped(content: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        unpacked = reader.decompress(content, LARGEST)
    except zlib.error:
        raise ValueError("The result file is damaged: it cannot be unpacked") from None
    if reader.unconsumed_tail:
        raise ValueError(f"The result file is larger than {LARGEST // 2**20} MB")
    if not reader.eof:
        raise ValueError("The result file is damaged: its end is missing")
    return unpacked


def _read(text: str) -> ResultTable:
    lines = csv.reader(text.splitlines())
    try:
        header = next(lines)
        rows = [row for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ValueError(f"The result file cannot be read as a table: {error}") from None
    names = tuple(safe_line(name.strip(), 80) for name in header)
    return ResultTable(names, tuple(_cells(row, len(names)) for row in rows))


def _cells(row: Iterable[str], width: int) -> tuple[Cell, ...]:
    cells = [_cell(text.strip()) for text in row][:width]
    return (*cells, *[None] * (width - len(cells)))


def _cell(text: str) -> Cell:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return safe_line(text, 200)
    return number if math.isfinite(number) else text


def as_objects(table: ResultTable) -> list[dict[str, Cell]]:
    """Every row as an object, for JSON; of columns of the same name the last counts."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def as_csv_rows(table: ResultTable) -> list[list[str]]:
    """The table as cells of text that no spreadsheet takes for a formula."""
    return [[_defused(name) for name in table.columns], *([_written(cell) for cell in row] for row in table.rows)]


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return _defused(cell)


def _defused(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
