"""Common shapes of data sets told from a few rows, each with a mapping, a reason and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fttui.domain.dataset.mapping import shapes
from fttui.domain.dataset.mapping.row_mapping import RowMapping

SURE = 0.7
"""From which confidence on a shape is used without asking."""
AHEAD = 0.1
"""By how much it must lead the next one that says something else."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A shape that rows may have. `confidence` is 0 to 1; `reason` names the fields that tell."""

    name: str
    label: str
    mapping: RowMapping
    reason: str
    confidence: float


_SHAPES: tuple[Callable[[Sequence[Row]], Iterator[Proposal | shapes.Guess]], ...] = ()


def recognise(rows: Sequence[Row]) -> tuple[Proposal, ...]:
    """The shapes that rows may have, the likeliest first; none where nothing fits.

    Args:
        rows: the first rows, some hundred at most.
    """
    if not rows:
        return ()
    guesses = [guess for shape in shapes.SHAPES for guess in shape(rows)]
    proposals = [
        Proposal(guess.name, guess.label, guess.mapping, guess.reason, round(guess.confidence, 2)) for guess in guesses
    ]
    return tuple(sorted(proposals, key=lambda proposal: -proposal.confidence))


def sure_of(proposals: Sequence[Proposal]) -> Proposal | None:
    """The proposal to use without asking, or None where that would be a guess."""
    if not proposals or proposals[0].confidence < SURE:
        return None
    rivals = [other for other in proposals[1:] if replace(other.mapping) != proposals[0].mapping]
    if rivals and proposals[0].confidence - rivals[0].confidence < AHEAD:
        return None
    return proposals[0]
