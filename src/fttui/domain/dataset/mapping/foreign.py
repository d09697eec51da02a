"""Whether rows have a shape that the import knows, and are no training rows yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fttui.domain.dataset.mapping.mapper import Mapper
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.mapping.recognition import recognise, sure_of

_PASSES = frozenset({"openai-chat", "preference"})
"""Shapes that may be those of training rows, which then go through an import as they are."""


def foreign_shape(rows: Sequence[Mapping[str, object]]) -> Proposal | None:
    """The shape of rows that are for the import; None for training rows, and where no shape is known.

    Args:
        rows: the first rows, or one of them.
    """
    if any({"prompt", "completion"} <= {key.strip().lower() for key in row} for row in rows):
        return None
    shape = sure_of(recognise(rows))
    if shape is None or (shape.name == "openai-chat" and "messages" in rows[0]):
        return None
    if shape.name in _PASSES and Mapper(shape.mapping).apply(rows[0]) == rows[0]:
        return None
    return shape
