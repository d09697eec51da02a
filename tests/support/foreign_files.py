"""Files of other people's, written and read for tests of importing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from fttui.services.dataset.importing.rows import BadRow, SourceRow
from fttui.services.dataset.importing.source import SourceOptions, open_source


def read(path: Path, options: SourceOptions | None = None) -> list[SourceRow | BadRow]:
    """Every row of a file."""
    reading = open_source(path, options).read()
    try:
        return list(reading.rows())
    finally:
        reading.close()


def values(path: Path, options: SourceOptions | None = None) -> list[object]:
    """The rows that can be had, and the reasons for the others."""
    return [row.value if isinstance(row, SourceRow) else row.reason for row in read(path, options)]


def write_xlsx(path: Path, rows: Sequence[Sequence[object]], *sheets: str) -> None:
    """A workbook of one sheet with rows, and further ones with hardly anything."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for sheet in sheets:
        book.create_sheet(sheet).append(["x"])
    book.save(path)


def write_parquet(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """A Parquet file; the test is skipped where pyarrow is not installed."""
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(pyarrow.Table.from_pylist(rows), path)
