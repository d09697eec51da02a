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


def weight(filled: float) -> float:
    """What a field that is filled in a share of the rows is worth to a shape; empty rows are skipped, not doubted."""
    return 0.8 + 0.2 * filled if filled >= 0.3 else 0.6
