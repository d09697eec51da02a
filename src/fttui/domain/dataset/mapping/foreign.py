"""Whether rows have a shape that the import knows, and are no training rows yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fttui.domain.dataset.mapping.mapper import Mapper
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.mapping.recognition import recognise, sure_of
from fttui.domain.dataset.mapping.row_mapping import TurnList


def foreign_shape(rows: Sequence[Mapping[str, object]]) -> Proposal | None:
    """The shape of rows that are for the import; None for training rows, and where no shape is known.

    Args:
        rows: the first rows, or one of them.
    """
    if any({"prompt", "completion"} <= {key.strip().lower() for key in row} for row in rows):
        return None
    shape = sure_of(recognise(rows))
    if shape is None or shape.mapping.turn_list == TurnList("messages"):
        return None
    is_preference = shape.name == "preference" and Mapper(shape.mapping).apply(rows[0]) == rows[0]
    return None if is_preference else shape
