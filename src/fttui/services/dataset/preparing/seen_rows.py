"""Rows on their way through a pass, and what is kept of those that stay: numbers only."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from fttui.domain.dataset.identity import Facets, key
from fttui.domain.dataset.preparation.mender import MendedRow
from fttui.domain.dataset.preparation.sampling import is_labelled

_BATCH, _BATCH_ROWS = 256 * 1024, 1000
"""Characters, and rows, that are looked at together."""


@dataclass(slots=True)
class KeptRows:
    """What is known of the rows that stay, in their order."""

    lines: array[int] = field(default_factory=lambda: array("L"))
    contents: array[int] = field(default_factory=lambda: array("Q"))
    questions: array[int] = field(default_factory=lambda: array("Q"))
    labels: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, line: int, row: Facets) -> None:
        """Add a row."""
        self.lines.append(line)
        self.contents.append(row.content)
        # Where nothing is asked, as in texts to be continued, only rows that say the same belong together.
        self.questions.append(row.question or key(row.said))
        self.labels.append(row.label)

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
