"""A shape that rows may have, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.dataset.mapping.row_mapping import RowMapping


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recognised shape. `confidence` is 0 to 1; `reason` names the fields that tell."""

    name: str
    label: str
    mapping: RowMapping
    reason: str
    confidence: float
