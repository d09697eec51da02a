"""Rows of foreign values printed in columns that line up, Chinese and other wide text included."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from fttui.domain.text import safe_line


def cell_width(text: str) -> int:
    """Terminal cells a text takes: two for wide and full-width characters, none for combining marks."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Lay rows out in columns.

    Args:
        headings: one per column.
        rows: cells as text of any origin.
        right: columns aligned to the right, by place.

    Returns:
        Lines without trailing blanks, the headings first.
    """
    cells = [[*headings], *([safe_line(cell) for cell in row] for row in rows)]
    widths = [max(cell_width(row[place]) for row in cells) for place in range(len(headings))]
    return ["  ".join(_padded(cell, widths[at], at in right) for at, cell in enumerate(row)).rstrip() for row in cells]


def _padded(cell: str, width: int, to_the_right: bool) -> str:
    blanks = " " * (width - cell_width(cell))
    return blanks + cell if to_the_right else cell + blanks
