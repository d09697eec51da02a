"""Looks for a word in the rows of a file, in short pieces that hold nothing up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fttui.services.dataset.dataset_file import DatasetFile

ROWS_AT_ONCE = 400
BYTES_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, as it may stand in the bytes of a row: as UTF-8, or with JSON's escapes.

    Case counts only where the query itself has a capital letter.
    """

    needles: tuple[bytes, ...]
    any_case: bool

    @classmethod
    def of(cls, text: str) -> Query:
        """Prepare a text that was typed."""
        any_case = text == text.lower()
        forms = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
        encoded = {form.encode("utf-8", "surrogatepass") for form in forms}
        return cls(tuple(sorted(form.lower() if any_case else form for form in encoded)), any_case)

    def found_in(self, raw: bytes) -> bool:
        """Whether a row holds it."""
        row = raw.lower() if self.any_case else raw
        return any(needle in row for needle in self.needles)


async def find_row(
    dataset: DatasetFile,
    text: str,
    start: int,
    step: int,
    progress: Callable[[int, int], None] | None = None,
) -> int | None:
    """The next row that holds a text, going round once.

    Args:
        dataset: the file; rows that are not indexed yet are not looked at.
        text: what to look for.
        start: 0-based row to begin with, itself included.
        step: 1 to go down, -1 to go up.
        progress: called with rows looked at and rows in all.
    """
    rows = dataset.lines_known
    query = Query.of(text)
    done = 0
    while done < rows:
        order = [(start + step * offset) % rows for offset in range(done, min(done + ROWS_AT_ONCE, rows))]
        found, looked_at = await asyncio.to_thread(_first, dataset, query, order)
        if found is not None:
            return found
        done += looked_at
        if progress is not None:
            progress(done, rows)
    return None


def _first(dataset: DatasetFile, query: Query, order: Sequence[int]) -> tuple[int | None, int]:
    """The first row of some that holds the query, and how many were looked at before enough bytes were read."""
    read = 0
    for place, number in enumerate(order):
        raw = dataset.raw_line(number)
        if query.found_in(raw):
            return number, place + 1
        read += len(raw)
        if read > BYTES_AT_ONCE:
            return None, place + 1
    return None, len(order)
