"""Tables with a row in each line: csv, tsv and their kin. Cells stay the text that they are."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Literal, cast

from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.byte_stream import BlockStream, ByteStream
from fttui.services.dataset.importing.rows import BadRow, SourceRow
from fttui.services.dataset.opener import LINE_LIMIT

_SNIFFED_RECORDS = 50
_SNIFFED_TEXT = 64 * 1024
_CHUNK_BYTES = 4 * 1024 * 1024
_PATIENCE = 128 * 1024 * 1024
_MOST_COLUMNS = 2000
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines of a table are written. `columns` counts the cells of the first row."""

    delimiter: str
    columns: int
    quoted: bool


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
        self._has_header = has_header
        head = self._bytes.text_head()
        if not head.strip():
            self.close()
            raise UnreadableFileError(f"{path} is empty", hint="A table has a row of headings and rows below it.")
        self._dialect = sniff(head, delimiter)
        self.notes = self._bytes.notes
        if self._dialect.columns > 1 and self._dialect.delimiter in (";", "|"):
            self.notes.append(f"cells are parted by {_NAMES[self._dialect.delimiter]}")
        if self._dialect.columns > _MOST_COLUMNS:
            self.close()
            raise UnreadableFileError(f"{path} has {self._dialect.columns:,} columns", hint="Is it a table at all?")

    @property
    def share(self) -> float | None:
        """How much of the file was read."""
        return self._bytes.share

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows by their headings; see `Reading`."""
        names: Sequence[str] | None = None if self._has_header else numbered(self._dialect.columns)
        line = 0
        for record in self._records():
            here, line = line, line + 1 + sum(cell.count("\n") for cell in record)
            if not any(record):
                continue
            *cells, extra = record
            if names is None:
                names = headings(cells)
            else:
                yield _row(here, names, cells, extra)

    def _records(self) -> Iterator[list[str]]:
        """The cells of each row, one more than there are columns; the last holds what is too many."""
        import pandas
        from pandas.errors import ParserError

        count = self._dialect.columns + 1
        # A first row of our own, which is passed over as empty: the reader wants to see the spare column once.
        spare = (self._dialect.delimiter * (count - 1) + "\n").encode()
        stream = BlockStream(chain((spare,), self._bytes.blocks()), _PATIENCE)
        lines = max(self._bytes.head.count(b"\n"), 1)
        per_row = max(len(self._bytes.head) // lines, 1)
        try:
            chunks = pandas.read_csv(
                cast("IO[bytes]", io.BufferedReader(stream, 256 * 1024)),
                sep=self._dialect.delimiter,
                header=None,
                names=list(range(count)),
                # Cells beyond these are dropped without a word, which is why there is one column to spare.
                usecols=list(range(count)),
                index_col=False,
                dtype=object,
                keep_default_na=False,
                na_filter=False,
                skip_blank_lines=False,
                quoting=csv.QUOTE_MINIMAL if self._dialect.quoted else csv.QUOTE_NONE,
                encoding="utf-8",
                encoding_errors="surrogateescape",
                chunksize=max(min(_CHUNK_BYTES // per_row, 5000), 16),
                engine="c",
            )
            with chunks:
                for chunk in chunks:
                    stream.progressed()
                    yield from chunk.values.tolist()
        except (ParserError, ValueError, UnicodeError, OSError) as error:
            raise stream.trouble or _damaged(self._path, error) from error


def _row(number: int, names: Sequence[str], cells: Sequence[str], extra: str) -> SourceRow | BadRow:
    if extra:
        return BadRow(number, "more cells than headings")
    for cell in cells:
        if len(cell) > LINE_LIMIT:
            return BadRow(number, "a cell longer than 16 MiB")
        if not cell.isascii() and any("\udc80" <= character <= "\udcff" for character in cell):
            return BadRow(number, "bytes that are not UTF-8")
    return SourceRow(number, dict(zip(names, cells, strict=True)))


def _damaged(path: Path, error: Exception) -> UnreadableFileError:
    if "EOF inside string" in str(error):
        row = re.search(r"row (\d+)", str(error))
        where = f" in row {row[1]}" if row else ""
        return UnreadableFileError(
            f"{path}: a quotation mark is opened{where} and never closed",
            hint="Close it, or double marks inside cells.",
        )
    return UnreadableFileError(f"{path} cannot be read as a table: {error}", hint="Look at it in a text editor.")


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


def sniff(head: str, delimiter: str | None = None) -> Dialect:
    """Tell how a table is written from its beginning: the way in which most rows have the same number of cells."""
    text = head[:_SNIFFED_TEXT]
    if len(head) > len(text):
        text = text[: text.rfind("\n") + 1] or text
    best: tuple[float, Dialect] | None = None
    for candidate in (delimiter,) if delimiter else tuple(_NAMES):
        for quoted in (True, False):
            counts = _cell_counts(text, candidate, quoted=quoted)
            if not counts:
                continue
            usual, times = Counter(counts).most_common(1)[0]
            regular = times / len(counts)
            score = regular if usual > 1 else 0.1 * regular
            # A table with quotation marks is the rule; without them only where that alone makes rows regular.
            score += 0.05 if quoted else 0.0
            if best is None or score > best[0] + 1e-9:
                best = score, Dialect(candidate, counts[0] or 1, quoted)
    return best[1] if best is not None else Dialect(delimiter or ",", 1, quoted=True)


def _cell_counts(text: str, delimiter: str, *, quoted: bool) -> list[int]:
    counts: list[int] = []
    how: Literal[0, 3] = 0 if quoted else 3  # csv.QUOTE_MINIMAL and csv.QUOTE_NONE
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=how):
            if any(record):
                counts.append(len(record))
            if len(counts) == _SNIFFED_RECORDS:
                break
    except csv.Error:
        # One cell beyond what the sniffing reader takes; what came before it tells enough.
        return counts
    return counts
