"""Excel workbooks: one sheet, read from beginning to end within limits, the values that formulas had last."""

from __future__ import annotations

import datetime
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Protocol, cast

from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.byte_stream import FileBytes
from fttui.services.dataset.importing.delimited import headings, numbered
from fttui.services.dataset.importing.rows import BadRow, SourceRow

CELL_LIMIT = 1_000_000
SECONDS = 60.0
UNPACKED_LIMIT = 300 * 1024**2
RATIO_LIMIT = 200
RATIO_FROM = 64 * 1024**2
_HINT = "Save the sheet as csv and import that."


class _Sheet(Protocol):
    title: str

    def iter_rows(self, *, values_only: bool) -> Iterator[Sequence[object]]: ...


class WorkbookReading:
    """A sheet being read.

    Args:
        path: the workbook.
        sheet: the name of the sheet; the first one if absent.
        has_header: whether the first row that holds anything names the columns.
    """

    def __init__(self, path: Path, sheet: str | None = None, *, has_header: bool = True) -> None:
        self._path = path
        self._file = FileBytes(path)
        self._has_header = has_header
        self.notes: list[str] = []
        try:
            formulas = self._look_inside()
            self._book = self._opened()
            self._sheet = self._choose(sheet)
        except BaseException:
            self._file.close()
            raise
        if formulas:
            self.notes.append(
                "formulas count with the values they had when it was saved; those never worked out are empty"
            )

    @property
    def share(self) -> float | None:
        """Nobody knows how many rows a sheet has before its end."""
        return None

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()
        self._file.close()

    def _look_inside(self) -> bool:
        """Refuse what unpacks without measure; whether there are formulas in it."""
        try:
            with zipfile.ZipFile(cast("IO[bytes]", self._file)) as archive:
                entries = archive.infolist()
                out, packed = sum(entry.file_size for entry in entries), max(self._file.size, 1)
                if out > UNPACKED_LIMIT or (out > RATIO_FROM and out / packed > RATIO_LIMIT):
                    raise UnreadableFileError(
                        f"{self._path} unpacks to {out // 1024**2:,} MiB from {packed // 1024:,} KiB", hint=_HINT
                    )
                if not any(entry.filename == "xl/workbook.xml" for entry in entries):
                    raise UnreadableFileError(f"{self._path} is a zip archive and no Excel workbook")
                return any(_has_formulas(archive, entry) for entry in entries)
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise UnreadableFileError(f"{self._path} is no Excel workbook: {error}", hint=_HINT) from error

    def _opened(self) -> _Book:
        import openpyxl
        import openpyxl.xml

        if not openpyxl.xml.DEFUSEDXML:
            raise UnreadableFileError(
                f"{self._path} is not opened without protection from hostile XML", hint="pip install defusedxml"
            )
        self._file.seek(0)
        try:
            book = openpyxl.load_workbook(
                cast("IO[bytes]", self._file), read_only=True, data_only=True, keep_links=False
            )
        except Exception as error:
            raise self._damaged(error) from error
        return cast("_Book", book)

    def _choose(self, name: str | None) -> _Sheet:
        sheets = [sheet for sheet in self._book.worksheets if hasattr(sheet, "iter_rows")]
        names = ", ".join(sheet.title for sheet in sheets)
        self.sheets = tuple(sheet.title for sheet in sheets)
        if not sheets:
            raise UnreadableFileError(f"{self._path} has no sheet with cells")
        if name is None:
            if len(sheets) > 1:
                self.notes.append(f"the first of {len(sheets)} sheets is read: {sheets[0].title}")
            return sheets[0]
        for sheet in sheets:
            if sheet.title == name:
                return sheet
        raise UnreadableFileError(f"{self._path} has no sheet {name}", hint=f"It has: {names}.")

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows; see `Reading`."""
        names: Sequence[str] | None = None
        cells, end = 0, time.monotonic() + SECONDS
        try:
            for number, values in enumerate(self._sheet.iter_rows(values_only=True), 1):
                cells += len(values)
                self._keep_within(cells, end)
                texts = [plain(value) for value in values]
                if all(value in (None, "") for value in texts):
                    continue
                if names is None:
                    names = _names(texts) if self._has_header else numbered(len(texts))
                    if self._has_header:
                        continue
                if any(value not in (None, "") for value in texts[len(names) :]):
                    yield BadRow(number, "more cells than headings")
                else:
                    padded = [*texts, *[None] * (len(names) - len(texts))]
                    yield SourceRow(number, dict(zip(names, padded, strict=False)))
        except UnreadableFileError:
            raise
        except Exception as error:
            raise self._damaged(error) from error
        self._file.check_unchanged()

    def _keep_within(self, cells: int, end: float) -> None:
        if cells > CELL_LIMIT or time.monotonic() > end:
            limit = f"{CELL_LIMIT:,} cells" if cells > CELL_LIMIT else f"{SECONDS:.0f} s of reading"
            raise UnreadableFileError(f"{self._path} is too large: more than {limit}", hint=_HINT)

    def _damaged(self, error: Exception) -> UnreadableFileError:
        words = str(error) or type(error).__name__
        return UnreadableFileError(f"{self._path} cannot be read as an Excel workbook: {words}", hint=_HINT)


def _has_formulas(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a sheet has a formula in its first 32 MiB."""
    if not entry.filename.startswith("xl/worksheets/"):
        return False
    with archive.open(entry) as sheet:
        before = b""
        for _ in range(32):
            block = sheet.read(1024 * 1024)
            if b"<f>" in before + block or b"<f " in before + block:
                return True
            if not block:
                break
            before = block[-2:]
    return False


class _Book(Protocol):
    worksheets: Sequence[_Sheet]

    def close(self) -> None: ...


def _names(texts: Sequence[object]) -> list[str]:
    named = max((place for place, text in enumerate(texts, 1) if text not in (None, "")), default=0)
    return headings(["" if text is None else str(text) for text in texts[:named]])


def plain(value: object) -> object:
    """A cell as JSON knows it: texts and numbers as they are, dates written out."""
    match value:
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case datetime.timedelta():
            return str(value)
        case None | str() | bool() | int() | float():
            return value
        case _:
            return str(value)
