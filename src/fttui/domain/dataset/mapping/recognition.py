"""Common shapes of data sets told from a few rows, each with a mapping, a reason and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fttui.domain.dataset.mapping.column_shapes import column_shapes
from fttui.domain.dataset.mapping.field_facts import field_facts
from fttui.domain.dataset.mapping.list_shapes import list_shapes
from fttui.domain.dataset.mapping.proposal import Proposal

SURE = 0.7
"""From which confidence on a shape is used without asking."""
AHEAD = 0.1
"""By how much it must lead the next one that says something else."""

_BESIDE = 0.5


def recognise(rows: Sequence[Mapping[str, object]]) -> tuple[Proposal, ...]:
    """The shapes that rows may have, the likeliest first; none where nothing fits.

    Args:
        rows: the first rows, some hundred at most.
    """
    fields = field_facts(rows)
    lists, columns = list(list_shapes(rows, fields)), list(column_shapes(rows, fields))
    if any(proposal.name == "preference" and proposal.confidence >= SURE for proposal in columns):
        # The conversation that two answers belong to is no training row by itself.
        lists = [replace(proposal, confidence=min(proposal.confidence, _BESIDE)) for proposal in lists]
    rounded = [replace(proposal, confidence=round(proposal.confidence, 2)) for proposal in (*lists, *columns)]
    return tuple(sorted(rounded, key=lambda proposal: -proposal.confidence))


def sure_of(proposals: Sequence[Proposal]) -> Proposal | None:
    """The proposal to use without asking, or None where that would be a guess."""
    if not proposals or proposals[0].confidence < SURE:
        return None
    if len(proposals) > 1 and proposals[0].confidence - proposals[1].confidence < AHEAD:
        return None
    return proposals[0]
