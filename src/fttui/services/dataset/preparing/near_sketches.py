"""Sketches of many texts at once, for the search for near duplicates."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from fttui.services.dataset.folded_text import folded, joined, unspaced
from fttui.services.dataset.row_sketches import row_sketches


def near_sketches(texts: Sequence[str]) -> list[array[int]]:
    """The sketch of each text, as `fttui.domain.dataset.similarity.sketch` makes it, several times as fast.

    Args:
        texts: in normal form.
    """
    if not texts:
        return []
    text = folded(joined([[text] for text in texts]))
    found = row_sketches(text, unspaced(text))
    sketches, begin = [], 0
    for length in found.lengths.tolist():
        sketches.append(array("I", found.pieces[begin : begin + length].tobytes()))
        begin += length
    return sketches
