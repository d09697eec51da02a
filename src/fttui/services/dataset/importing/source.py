"""Any file or folder as rows: which reader it takes, and its first rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from fttui.domain.dataset.mapping.field_path import as_text
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.byte_stream import FileBytes
from fttui.services.dataset.importing.dataset_folder import choose_files, split_names
from fttui.services.dataset.importing.rows import BadRow, Reading, SourceRow
from fttui.services.folder import COMPRESSED_SUFFIXES

FIRST_ROWS = 200
_FIRST_CHARACTERS = 8 * 1024 * 1024


class SourceFormat(StrEnum):
    """How a file holds its rows."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    JSON = "json"
    TEXT = "txt"
    PARQUET = "parquet"


FORMATS = {
    ".csv": SourceFormat.CSV,
    ".tsv": SourceFormat.TSV,
    ".tab": SourceFormat.TSV,
    ".xlsx": SourceFormat.XLSX,
    ".xlsm": SourceFormat.XLSX,
    ".json": SourceFormat.JSON,
    ".jsonl": SourceFormat.JSON,
    ".ndjson": SourceFormat.JSON,
    ".txt": SourceFormat.TEXT,
    ".text": SourceFormat.TEXT,
    ".md": SourceFormat.TEXT,
    ".parquet": SourceFormat.PARQUET,
    ".pq": SourceFormat.PARQUET,
    ".arrow": SourceFormat.PARQUET,
}
"""By the endings of names."""
_HAS_LINES = (SourceFormat.CSV, SourceFormat.TSV, SourceFormat.JSON, SourceFormat.TEXT)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a person says about a file because nothing in it does; None to tell it from the file."""

    encoding: str | None = None
    sheet: str | None = None
    split: str | None = None
    delimiter: str | None = None
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Rows to import. `files` are read one after the other; `described` is the mapping a folder says it needs."""

    path: Path
    format: SourceFormat
    files: tuple[Path, ...]
    options: SourceOptions = field(default_factory=SourceOptions)
    notes: tuple[str, ...] = ()
    described: Proposal | None = None

    @property
    def unit(self) -> str:
        """What row numbers count."""
        return "line" if self.format in _HAS_LINES else "row"

    def read(self) -> Reading:
        """Begin to read.

        Raises:
            UnreadableFileError: the (first) file cannot be read.
        """
        if len(self.files) == 1:
            return reading_of(self.files[0], self.format, self.options)
        return _FilesReading(self)


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The beginning of a source. `is_all` where there is no more."""

    rows: tuple[SourceRow, ...]
    bad: tuple[BadRow, ...]
    notes: tuple[str, ...]
    is_all: bool


def open_source(path: Path, options: SourceOptions | None = None) -> Source:
    """Find out what a file or folder is.

    Raises:
        UnreadableFileError: it cannot be opened, or is of a kind that nobody here reads.
    """
    options = options or SourceOptions()
    if path.is_dir():
        choice = choose_files(path, options.split)
        format_ = format_of(choice.files[0])
        return Source(path, format_, choice.files, options, choice.notes, choice.described)
    return Source(path, format_of(path), (path,), options)


def format_of(path: Path) -> SourceFormat:
    """How a file holds its rows, by its first bytes where they tell, else by its name.

    Raises:
        UnreadableFileError: neither tells, or it is of a kind that is not read.
    """
    file = FileBytes(path)
    try:
        head = file.read(4096) or b""
    finally:
        file.close()
    name = path.name.lower()
    for packed in COMPRESSED_SUFFIXES:
        name = name.removesuffix(packed)
    named = next((kind for suffix, kind in FORMATS.items() if name.endswith(suffix)), None)
    if head.startswith((b"PAR1", b"ARROW1")) or (
        named is SourceFormat.PARQUET and head.startswith(b"\xff\xff\xff\xff")
    ):
        return SourceFormat.PARQUET
    if head.startswith(b"PK\x03\x04"):
        return SourceFormat.XLSX
    if head.startswith(_OLD_EXCEL):
        raise UnreadableFileError(
            f"{path} is an old Excel file (.xls), or one with a password", hint="Save it as .xlsx or csv."
        )
    if named in (SourceFormat.XLSX, SourceFormat.PARQUET):
        raise UnreadableFileError(f"{path} is called {named.value} but is none", hint="Look at what it really is.")
    if named is not None:
        return named
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return SourceFormat.JSON
    raise UnreadableFileError(
        f"{path} is of no known kind", hint="Known are csv, tsv, xlsx, json, jsonl, txt, parquet and folders of them."
    )


def parts_of(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook or the splits of a folder; none for anything else.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    if path.is_dir():
        return split_names(path)
    if format_of(path) is not SourceFormat.XLSX:
        return ()
    from fttui.services.dataset.importing.workbook import WorkbookReading

    reading = WorkbookReading(path)
    try:
        return reading.sheets
    finally:
        reading.close()


def reading_of(path: Path, format_: SourceFormat, options: SourceOptions) -> Reading:
    """Begin to read one file."""
    match format_:
        case SourceFormat.CSV | SourceFormat.TSV:
            from fttui.services.dataset.importing.delimited import DelimitedReading

            delimiter = options.delimiter or ("\t" if format_ is SourceFormat.TSV else None)
            return DelimitedReading(path, options.encoding, delimiter, has_header=options.has_header)
        case SourceFormat.XLSX:
            from fttui.services.dataset.importing.workbook import WorkbookReading

            return WorkbookReading(path, options.sheet, has_header=options.has_header)
        case SourceFormat.JSON:
            from fttui.services.dataset.importing.json_rows import JsonReading

            return JsonReading(path, options.encoding)
        case SourceFormat.TEXT:
            from fttui.services.dataset.importing.text_rows import TextReading

            return TextReading(path, options.encoding)
        case SourceFormat.PARQUET:
            from fttui.services.dataset.importing.parquet import ParquetReading

            return ParquetReading(path)


def first_rows(source: Source, count: int = FIRST_ROWS) -> FirstRows:
    """The first rows of a source, fewer where they are very long.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    rows: list[SourceRow] = []
    bad: list[BadRow] = []
    characters, is_all = 0, True
    reading = source.read()
    try:
        for row in reading.rows():
            if isinstance(row, BadRow):
                bad.append(row)
            else:
                rows.append(row)
                characters += sum(len(as_text(value)) for value in row.value.values())
            if len(rows) >= count or len(bad) >= count or characters > _FIRST_CHARACTERS:
                is_all = False
                break
        notes = (*source.notes, *reading.notes)
    finally:
        reading.close()
    return FirstRows(tuple(rows), tuple(bad), notes, is_all)


class _FilesReading:
    """Several files, one after the other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._place = 0
        self._current = reading_of(source.files[0], source.format, source.options)
        self.notes: list[str] = list(self._current.notes)

    @property
    def share(self) -> float | None:
        """How much was read, each file counted alike."""
        return (self._place + (self._current.share or 0.0)) / len(self._source.files)

    def close(self) -> None:
        """Let go of the file in hand."""
        self._current.close()

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows; see `Reading`."""
        for place, path in enumerate(self._source.files):
            self._place = place
            if place:
                self._current.close()
                self._current = reading_of(path, self._source.format, self._source.options)
            for row in self._current.rows():
                if isinstance(row, BadRow):
                    yield BadRow(row.number, row.reason, path.name)
                else:
                    yield SourceRow(row.number, row.value, path.name)
        self.notes = list(dict.fromkeys((*self.notes, *self._current.notes)))
