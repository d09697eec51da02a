"""Which of the rows that stay go to the validation file."""

from __future__ import annotations

from collections.abc import Sequence

from fttui.domain.dataset.preparation.sampling import Split, SplitBy, joined, validation_places
from fttui.domain.errors import UsageError
from fttui.services.dataset.preparing.pipeline import Pipeline

_ROUNDS = 6
"""How often rows that are nearly the same on both sides are put together before it is let be."""


def validation_lines(pipeline: Pipeline, split: Split | None, undone: Sequence[str] = ()) -> frozenset[int]:
    """The lines of the rows for the validation file; none without a split.

    Args:
        pipeline: has seen all rows.
        split: how to split them.
        undone: codes of fixes that would mend something and are not made.

    Raises:
        UsageError: there would be none, because too many rows belong together.
    """
    if split is None:
        return frozenset()
    kept = pipeline.kept
    if split.by is SplitBy.PROMPT:
        places = _apart(pipeline, split)
    else:
        places = validation_places(split, kept.contents, kept.labels)
    if not places:
        ways = [f"make the fixes as well (--accept {','.join(undone)})"] if undone else []
        ways += ["split at random (--split-by random)"] if split.by is SplitBy.PROMPT else []
        hint = " or ".join([*ways, "ask for more rows"])
        sentence = "No row would go to the validation file: too many rows belong together"
        raise UsageError(sentence, hint=f"{hint[0].upper()}{hint[1:]}.")
    return frozenset(kept.lines[place] for place in places)


def _apart(pipeline: Pipeline, split: Split) -> frozenset[int]:
    """Places such that no row asks the same, or is nearly the same, as one on the other side.

    Where nearly all rows are alike, so that not half of those that are wanted could go, only what asks the same stays
    together.
    """
    kept = pipeline.kept
    groups: Sequence[int] = kept.alike
    places = validation_places(split, groups, kept.labels)
    for _ in range(_ROUNDS):
        links = _links(pipeline, places)
        if not links:
            break
        groups = joined(groups, [links.get(place, place) for place in range(len(groups))])
        places = validation_places(split, groups, kept.labels)
    if 2 * len(places) < split.rows(len(kept.lines)):
        return validation_places(split, kept.questions, kept.labels)
    return places


def _links(pipeline: Pipeline, places: frozenset[int]) -> dict[int, int]:
    """Places outside with a place inside that is nearly the same."""
    lines = pipeline.kept.lines
    place_of = {line: place for place, line in enumerate(lines)}
    inside = [lines[place] for place in sorted(places)]
    outside = [line for place, line in enumerate(lines) if place not in places]
    pairs = pipeline.filter.near_pairs(outside, inside)
    return {place_of[line]: place_of[like] for line, like in pairs}
