"""Plain text: each line that is not blank is a row with the one field ``text``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fttui.services.dataset.importing.byte_stream import ByteStream
from fttui.services.dataset.importing.json_rows import lines
from fttui.services.dataset.importing.rows import BadRow, SourceRow


class TextReading:
    """A text being read.

    Args:
        path: the file.
        encoding: its encoding, or None to tell it.
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self._bytes = ByteStream(path, encoding)
        self.notes = self._bytes.notes

    @property
    def share(self) -> float | None:
        """How much of the file was read."""
        return self._bytes.share

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows; see `Reading`."""
        for number, line in lines(self._bytes.blocks()):
            if line is None:
                yield BadRow(number, "longer than 16 MiB")
                continue
            try:
                text = line.decode()
            except UnicodeDecodeError:
                yield BadRow(number, "bytes that are not UTF-8")
                continue
            if text.strip():
                yield SourceRow(number, {"text": text})
