"""What an import is told as: lines for people, an object for programs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.counts import counted
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.dataset.mapping.settings import settings_of
from fttui.domain.dataset.mapping.template import one_line
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.dataset.importing.conversion import ImportResult, SkipCount
    from fttui.services.dataset.importing.source import Source

_PLACES_SHOWN = 8
_PREVIEW_WIDTH = 600


def settings_line(mapping: RowMapping) -> str:
    """A mapping as it is given on a command line."""
    return " ".join(f"--map {shlex.quote(f'{key}={one_line(value)}')}" for key, value in settings_of(mapping))


def plan_lines(mapping: RowMapping, preview: Sequence[object]) -> Iterator[str]:
    """The mapping, and the first rows it makes."""
    width = max(len(key) for key, _ in settings_of(mapping))
    for key, value in settings_of(mapping):
        yield f"{key:<{width}}  {safe_line(one_line(value))}"
    yield ""
    for row in preview:
        yield safe_line(json.dumps(row, ensure_ascii=False), _PREVIEW_WIDTH)
    yield ""


def result_lines(source: Source, result: ImportResult, target: Path) -> Iterator[str]:
    """What was read, what became of it, and where it is."""
    for note in result.notes:
        yield f"note: {safe_line(note)}"
    drawn = f", {result.written:,} drawn" if result.written != result.made else ""
    yield f"{counted(result.read, 'row')} read, {result.made:,} made{drawn}, {result.read - result.made:,} skipped"
    for skip in result.skipped:
        yield f"{skip.count:>7,}  {safe_line(skip.reason)}: {places(skip, source.unit)}"
    if not result.written:
        yield "nothing would be written"
    elif result.out is None:
        yield f"would be written to {safe_line(str(target))}"
    else:
        yield f"written to {safe_line(str(result.out))}"


def places(skip: SkipCount, unit: str) -> str:
    """Where the first of some rows stand, in words."""
    shown = skip.places[:_PLACES_SHOWN]
    words = ", ".join(f"{safe_line(place.file)}:{place.number}" if place.file else str(place.number) for place in shown)
    more = skip.count - len(shown)
    return f"{unit}{'s' if skip.count > 1 else ''} {words}" + (f" and {more:,} more" if more else "")


def result_object(
    source: Source,
    mapping: RowMapping,
    proposal: Proposal | None,
    result: ImportResult,
    target: Path,
    preview: Sequence[object] | None,
) -> dict[str, object]:
    """The same for programs; line numbers count from 1."""
    shape = {"name": proposal.name, "confidence": proposal.confidence, "reason": proposal.reason} if proposal else None
    return {
        "file": source.path,
        "format": source.format,
        "files": source.files,
        "shape": shape,
        "mapping": [{"key": key, "value": value} for key, value in settings_of(mapping)],
        "out": result.out,
        "would_write": target if result.out is None else None,
        "rows": {"read": result.read, "made": result.made, "written": result.written},
        "skipped": [
            {"reason": skip.reason, "count": skip.count, f"{source.unit}s": skip.places} for skip in result.skipped
        ],
        "notes": result.notes,
        **({} if preview is None else {"preview": preview}),
    }
