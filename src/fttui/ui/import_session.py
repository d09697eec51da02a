"""A file that is being imported: what it is, its first rows, and what they seem to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fttui.domain.dataset.mapping.field_facts import FieldFacts, field_facts
from fttui.domain.dataset.mapping.field_path import has_place
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.mapping.recognition import recognise, sure_of
from fttui.services.dataset.importing.source import FirstRows, Source, SourceOptions, first_rows, open_source


@dataclass(frozen=True, slots=True)
class ImportSession:
    """An opened source. `best` is the likeliest shape, `is_sure` whether it would be used without asking."""

    source: Source
    first: FirstRows
    fields: tuple[FieldFacts, ...]
    proposals: tuple[Proposal, ...]
    is_sure: bool

    @property
    def best(self) -> Proposal | None:
        """The likeliest shape."""
        return self.proposals[0] if self.proposals else None

    def knows(self, path: str) -> bool:
        """Whether any of the first rows has a field."""
        return any(has_place(row.value, path) for row in self.first.rows)


def open_session(path: Path, options: SourceOptions) -> ImportSession:
    """Look at the beginning of a file or folder; may take long.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    source = open_source(path, options)
    first = first_rows(source)
    values = [row.value for row in first.rows]
    described = (source.described,) if source.described is not None else ()
    proposals = (*described, *recognise(values))
    return ImportSession(
        source, first, field_facts(values), proposals, bool(described) or sure_of(proposals) is not None
    )
