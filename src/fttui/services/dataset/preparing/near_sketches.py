"""Sketches of many texts at once, for the search for near duplicates."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from fttui.services.dataset.word_table import row_sketches, word_table


def near_sketches(texts: Sequence[str]) -> list[array[int]]:
    """The sketch of each text, as `fttui.domain.dataset.similarity.sketch` makes it, several times as fast.

    Args:
        texts: in normal form.
    """
    import numpy as np

    if not texts:
        return []
    table = word_table([text.replace("\0", "\x01") for text in texts])
    pieces, lengths = row_sketches(table, np.arange(len(texts)), len(texts))
    sketches, begin = [], 0
    for length in lengths.tolist():
        sketches.append(array("I", pieces[begin : begin + length].tobytes()))
        begin += length
    return sketches
