"""Parquet and Arrow files, read a thousand rows at a time."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol, cast

from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.byte_stream import FileBytes, missing_parquet
from fttui.services.dataset.importing.rows import BadRow, SourceRow

BATCH = 1024
BYTES_LIMIT = 8 * 1024**3
"""Bytes that may come out of a file; what its footer says about that is not believed."""


class _Batch(Protocol):
    nbytes: int

    def to_pylist(self) -> list[dict[str, object]]: ...


class ParquetReading:
    """A Parquet or Arrow file being read.

    Args:
        path: the file.

    Raises:
        UnreadableFileError: it is damaged, or pyarrow is not installed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notes: list[str] = []
        self._rows_known: int | None = None
        self._rows_done = 0
        try:
            import pyarrow
        except ModuleNotFoundError as error:
            raise missing_parquet(path, "is a Parquet or Arrow file") from error
        self._file = FileBytes(path)
        try:
            self._batches = self._opened()
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            self._file.close()
            raise self._damaged(error) from error

    def _opened(self) -> Iterator[_Batch]:
        import pyarrow
        import pyarrow.ipc
        import pyarrow.parquet

        magic = self._file.read(6) or b""
        self._file.seek(0)
        source = pyarrow.PythonFile(cast("IO[bytes]", self._file), mode="r")
        if magic.startswith(b"PAR1"):
            parquet = pyarrow.parquet.ParquetFile(source, pre_buffer=False)
            self._rows_known = parquet.metadata.num_rows
            return cast("Iterator[_Batch]", parquet.iter_batches(BATCH))
        if magic == b"ARROW1":
            reader = pyarrow.ipc.open_file(source)
            return cast("Iterator[_Batch]", (reader.get_batch(place) for place in range(reader.num_record_batches)))
        return cast("Iterator[_Batch]", iter(pyarrow.ipc.open_stream(source)))

    @property
    def share(self) -> float | None:
        """How many of the rows it says it has were read."""
        return min(self._rows_done / self._rows_known, 1.0) if self._rows_known else None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows; see `Reading`."""
        import pyarrow

        out = 0
        try:
            for batch in self._batches:
                out += batch.nbytes
                if out > BYTES_LIMIT:
                    raise UnreadableFileError(f"{self._path} gives more than {BYTES_LIMIT // 1024**3} GiB of data")
                for row in batch.to_pylist():
                    self._rows_done += 1
                    yield SourceRow(self._rows_done, cast("dict[str, object]", plain(row)))
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from error
        self._file.check_unchanged()

    def _damaged(self, error: Exception) -> UnreadableFileError:
        return UnreadableFileError(f"{self._path} cannot be read as Parquet or Arrow: {error}", hint="Fetch it again.")


def plain(value: object) -> object:
    """A value as JSON knows it."""
    match value:
        case None | str() | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(key): plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [plain(entry) for entry in value]
        case bytes():
            return value.decode("utf-8", "replace")
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return json.loads(json.dumps(value, default=str))
