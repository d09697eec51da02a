"""What the fields of some rows are: their paths, kinds, how often they are filled, and samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.dataset.mapping.field_path import as_text, structure
from fttui.domain.dataset.row import kind_of

DEPTH = 3
MOST_FIELDS = 300
_SAMPLES = 3
_SAMPLE_LENGTH = 400
_ENTRIES = 20
"""Entries of a list that are looked at."""


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A field of the rows.

    `path` is how a template names it; `kind` its JSON type in words; `filled` the share of rows, 0 to 1, in which
    there is something in it; `samples` are texts of different values, shortened; `entry_keys` are the keys of the
    objects in a list.
    """

    path: str
    kind: str
    filled: float
    samples: tuple[str, ...] = ()
    entry_keys: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether turns may stand in it."""
        return self.kind == "a list"


def field_facts(rows: Sequence[Mapping[str, object]]) -> tuple[FieldFacts, ...]:
    """Every field of some rows in the order they are met; objects inside rows are taken apart, lists are not."""
    found: dict[str, list[object]] = {}
    for row in rows:
        for path, value in leaves(row):
            # Nothing can be said in a template about a field without a name.
            if path.strip() and (path in found or len(found) < MOST_FIELDS):
                found.setdefault(path, []).append(value)
    return tuple(_facts(path, values, len(rows)) for path, values in found.items())


def leaves(row: Mapping[str, object], before: str = "", depth: int = DEPTH) -> Iterator[tuple[str, object]]:
    """The paths of a row that lead to texts, numbers and lists, with their values."""
    for key, value in row.items():
        path = f"{before}.{key}" if before else key
        if isinstance(value, dict) and value and depth > 1:
            yield from leaves(value, path, depth - 1)
        else:
            yield path, value


def _facts(path: str, values: Sequence[object], rows: int) -> FieldFacts:
    read = [structure(value) for value in values]
    filled = [value for value in read if value is not None and value not in ("", [], {})]
    samples: dict[str, None] = {}
    for value in filled:
        if len(samples) < _SAMPLES:
            samples.setdefault(as_text(value)[:_SAMPLE_LENGTH])
    kinds = {kind_of(value) for value in filled}
    kind = next(iter(kinds)) if len(kinds) == 1 else "mixed" if kinds else "empty"
    keys: dict[str, None] = {}
    for value in filled:
        for entry in value[:_ENTRIES] if isinstance(value, list) else ():
            keys.update(dict.fromkeys(entry if isinstance(entry, dict) else ()))
    return FieldFacts(path, kind, len(filled) / max(rows, 1), tuple(samples), tuple(keys))
