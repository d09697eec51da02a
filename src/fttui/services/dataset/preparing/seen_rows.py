"""Rows on their way through a pass, and what is kept of those that stay: numbers only."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from fttui.domain.dataset.identity import Facets, key
from fttui.domain.dataset.preparation.mender import MendedRow
from fttui.domain.dataset.preparation.sampling import is_labelled, joined

_BATCH, _BATCH_ROWS = 256 * 1024, 1000
"""Characters, and rows, that are looked at together."""


@dataclass(slots=True)
class KeptRows:
    """What is known of the rows that stay, in their order."""

    lines: array[int] = field(default_factory=lambda: array("L"))
    contents: array[int] = field(default_factory=lambda: array("Q"))
    questions: array[int] = field(default_factory=lambda: array("Q"))
    labels: array[int] = field(default_factory=lambda: array("Q"))
    likes: array[int] = field(default_factory=lambda: array("L"))
    """The place of an earlier row that is nearly the same, or a row's own place."""

    def add(self, line: int, row: Facets, like: int | None = None) -> None:
        """Add a row, and the line of an earlier one that is nearly the same, if there is one."""
        place = len(self.lines)
        earlier = place if like is None else bisect_left(self.lines, like)
        self.likes.append(earlier if earlier < place and self.lines[earlier] == like else place)
        self.lines.append(line)
        self.contents.append(row.content)
        # Where nothing is asked, as in texts to be continued, only rows that say the same belong together.
        self.questions.append(row.question or key(row.said))
        self.labels.append(row.label)

    @property
    def alike(self) -> list[int]:
        """A number for each row, the same for rows that ask the same or are nearly the same, one leading to another."""
        return joined(self.questions, self.likes)

    @property
    def labelled(self) -> bool:
        """Whether answers look like labels of classes."""
        return is_labelled(self.labels)


@dataclass(slots=True)
class SeenRow:
    """A line on its way through a pass; `seen` is what it is compared by, None if it goes anyway."""

    line: int
    row: MendedRow
    seen: Facets | None
    is_empty: bool
    like: int | None = None
    """The line of an earlier row that is nearly the same and stays."""


def batches(rows: Iterator[SeenRow]) -> Iterator[list[SeenRow]]:
    """A few hundred kilobytes of rows at a time."""
    batch: list[SeenRow] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row.seen.said) if row.seen is not None else 0
        if size > _BATCH or len(batch) >= _BATCH_ROWS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
