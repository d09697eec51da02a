"""Tables with a row in each line: csv, tsv and their kin. Cells stay the text that they are."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.byte_stream import ByteStream
from fttui.services.dataset.importing.dialect import DELIMITERS, sniff
from fttui.services.dataset.importing.recent_lines import RecentLines
from fttui.services.dataset.importing.rows import BadRow, SourceRow
from fttui.services.dataset.importing.table_cells import BrokenTableError, table_cells
from fttui.services.dataset.opener import LINE_LIMIT

UNCLOSED = "a quotation mark is opened and never closed"
_MOST_STRAYS = 20
"""Lines with such a mark after which reading begins again; each one takes another way through the file."""
_MOST_COLUMNS = 2000


@dataclass(frozen=True, slots=True)
class _GoOn:
    """Reading is to begin anew below a line, row by row where one of the next rows cannot be read."""

    line: int
    one_by_one: bool = False


class DelimitedReading:
    """A table being read, in pieces and through pandas.

    Args:
        path: the file.
        encoding: its encoding, or None to tell it.
        delimiter: what stands between cells, or None to tell it.
        has_header: whether the first row names the columns.
    """

    def __init__(
        self, path: Path, encoding: str | None = None, delimiter: str | None = None, *, has_header: bool = True
    ) -> None:
        self._bytes = ByteStream(path, encoding)
        self._path = path
        head = self._bytes.text_head()
        if not head.strip():
            self.close()
            raise UnreadableFileError(f"{path} is empty", hint="A table has a row of headings and rows below it.")
        self._dialect = sniff(head, delimiter)
        self.notes = self._bytes.notes
        if self._dialect.columns > 1 and self._dialect.delimiter in (";", "|"):
            self.notes.append(f"cells are parted by {DELIMITERS[self._dialect.delimiter]}")
        if self._dialect.columns > _MOST_COLUMNS:
            self.close()
            raise UnreadableFileError(f"{path} has {self._dialect.columns:,} columns", hint="Is it a table at all?")
        self._names: Sequence[str] | None = None if has_header else numbered(self._dialect.columns)
        self._furthest = 0.0

    @property
    def share(self) -> float | None:
        """How much of the file was read; never less than before."""
        self._furthest = max(self._furthest, self._bytes.share or 0.0)
        return self._furthest

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows by their headings; see `Reading`.

        A quotation mark without a partner makes a bad row of its line, and reading goes on in the line below.
        """
        strays, then = 0, _GoOn(0)
        while True:
            after = yield from self._rows_below(then.line, one_by_one=then.one_by_one)
            if after is None:
                return
            strays += not after.one_by_one
            if strays > _MOST_STRAYS:
                raise self._damaged(f"{strays} times {UNCLOSED}, last in line {after.line}")
            then = after
            self._begin_again()

    def _rows_below(self, line: int, *, one_by_one: bool) -> Generator[SourceRow | BadRow, None, _GoOn | None]:
        """The rows below a line; returns where to go on, or None once all were read."""
        begin = line
        written = RecentLines(self._bytes.blocks(), line)
        try:
            for cells in table_cells(iter(written), self._dialect, self._row_bytes, one_by_one=one_by_one):
                here, line = line, line + 1 + sum(cell.count("\n") for cell in cells)
                written.forget(here - 1)
                if not any(cells):
                    continue
                if self._names is None:
                    self._names = headings(cells[:-1])
                elif self._has_swallowed(cells, written, here, line):
                    yield BadRow(here, UNCLOSED)
                    return _GoOn(here)
                else:
                    yield _row(here, self._names, cells[:-1], cells[-1])
        except BrokenTableError as error:
            if error.unclosed and not one_by_one:
                # Rows before the broken one, in the same piece, are still to be had.
                return _GoOn(max(line - 1, begin), one_by_one=True)
            if not error.unclosed or self._names is None or b"\n" not in self._bytes.head:
                raise self._damaged(UNCLOSED if error.unclosed else str(error)) from error
            yield BadRow(line, UNCLOSED)
            return _GoOn(line)
        return None

    def _has_swallowed(self, cells: Sequence[str], written: RecentLines, here: int, line: int) -> bool:
        """Whether a quotation mark without a partner made one row of several, up to the next mark."""
        if line - here < 2 or not any(map(self._looks_like_rows, cells)):
            return False
        text = written.text(here - 1, line - 1).removesuffix(b"\r").decode("utf-8", "replace")
        return not is_well_quoted(text, self._dialect.delimiter)

    def _looks_like_rows(self, cell: str) -> bool:
        marks = self._dialect.columns - 1
        *inside, last = cell.split("\n")[1:] or [""]
        rows = inside or [last]
        return marks > 0 and all(row.count(self._dialect.delimiter) >= marks for row in rows)

    @property
    def _row_bytes(self) -> int:
        head = self._bytes.head
        return len(head) // max(head.count(b"\n"), 1)

    def _begin_again(self) -> None:
        before = self._bytes
        before.file.check_unchanged()
        self._bytes = ByteStream(self._path, before.encoding)
        before.close()

    def _damaged(self, why: str) -> UnreadableFileError:
        hint = "Close the mark, or double marks inside cells." if UNCLOSED in why else "Look at it in a text editor."
        return UnreadableFileError(f"{self._path} cannot be read as a table: {why}", hint=hint)


def is_well_quoted(row: str, delimiter: str) -> bool:
    """Whether quotation marks stand around whole cells and double inside them, and nowhere else begin a cell."""
    mark = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]++|"")*+"|[^"{mark}\n][^{mark}\n]*+|)'
    return re.fullmatch(rf"{cell}(?:{mark}{cell})*+", row) is not None


def _row(number: int, names: Sequence[str], cells: Sequence[str], extra: str) -> SourceRow | BadRow:
    if extra:
        return BadRow(number, "more cells than headings")
    for cell in cells:
        if len(cell) > LINE_LIMIT:
            return BadRow(number, "a cell longer than 16 MiB")
        if not cell.isascii() and any("\udc80" <= character <= "\udcff" for character in cell):
            return BadRow(number, "bytes that are not UTF-8")
    return SourceRow(number, dict(zip(names, cells, strict=True)))


def headings(cells: Sequence[str]) -> list[str]:
    """The names of the columns: each one once, none empty."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {place}"
        again = 2
        while name in names:
            name = f"{cell.strip() or f'column {place}'} {again}"
            again += 1
        names.append(name)
    return names


def numbered(count: int) -> list[str]:
    """Names for columns without headings."""
    return [f"column {place}" for place in range(1, count + 1)]
