"""How the lines of a table are written, told from its beginning."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Literal

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may stand between cells, and how it is called."""
_SNIFFED_RECORDS = 50
_SNIFFED_TEXT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines of a table are written. `columns` counts the cells of the first row."""

    delimiter: str
    columns: int
    quoted: bool


def sniff(head: str, delimiter: str | None = None) -> Dialect:
    """Tell how a table is written from its beginning: the way in which most rows have the same number of cells."""
    text = head[:_SNIFFED_TEXT]
    if len(head) > len(text):
        text = text[: text.rfind("\n") + 1] or text
    best: tuple[float, Dialect] | None = None
    for candidate in (delimiter,) if delimiter else tuple(DELIMITERS):
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
