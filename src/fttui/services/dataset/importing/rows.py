"""What every reader of foreign files gives: rows, and for those that cannot be had, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row. `number` is its line where the format has lines, else its place, both from 1."""

    number: int
    value: Mapping[str, object]
    file: str = ""
    """Which file of several it stands in."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be had, and the reason in words that many rows may share."""

    number: int
    reason: str
    file: str = ""


class Reading(Protocol):
    """A file being read from its beginning."""

    @property
    def notes(self) -> list[str]:
        """What is worth knowing about the file as a whole; complete once all rows were read."""
        ...

    @property
    def share(self) -> float | None:
        """How much of the file was read, 0 to 1; None where that cannot be told."""
        ...

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows in order, once.

        Raises:
            UnreadableFileError: reading cannot go on.
        """
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
