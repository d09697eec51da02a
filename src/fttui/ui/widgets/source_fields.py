"""The fields of a file that is imported, each with samples of what stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message

from fttui.domain.dataset.mapping.field_facts import FieldFacts
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import cut, fill
from fttui.ui.widgets.line_list import LineList, Piece

_KINDS = {
    "a string": "text",
    "a number": "number",
    "a list": "list",
    "an object": "object",
    "true or false": "yes/no",
    "null": "empty",
}


class SourceFields(LineList):
    """Two lines for each field: its name with kind and share of filled rows, and a sample."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "source-fields--name",
        "source-fields--used",
        "source-fields--kind",
        "source-fields--sample",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Insert", id="import.insert"),
    ]

    @dataclass
    class Wanted(Message):
        """A field is to be put into the form."""

        path: str

    def __init__(self) -> None:
        super().__init__()
        self._fields: Sequence[FieldFacts] = ()
        self._used: frozenset[str] = frozenset()

    def show(self, fields: Sequence[FieldFacts]) -> None:
        """Show the fields of another file."""
        self._fields = fields
        self.count = 2 * len(fields)
        self.cursor = 0
        self.refresh()

    def mark(self, used: Iterable[str]) -> None:
        """Say which fields the mapping looks at."""
        self._used = frozenset(used)
        self.refresh()

    @property
    def chosen(self) -> FieldFacts | None:
        """The field under the cursor."""
        place = self.cursor // 2
        return self._fields[place] if place < len(self._fields) else None

    def selectable(self, number: int) -> bool:
        """Samples cannot be chosen."""
        return number % 2 == 0

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """A name with its facts at the right, or a sample below it."""
        facts = self._fields[number // 2]
        if number % 2:
            samples = " · ".join(safe_line(sample, 200).strip() for sample in facts.samples) or "nothing in it"
            yield f"   {cut(samples, max(width - 4, 1))}", "source-fields--sample"
            return
        kind = _KINDS.get(facts.kind, facts.kind)
        about = kind if facts.filled in (0, 1) else f"{kind} {present.percent(facts.filled)}"
        used = facts.path in self._used
        room = width - cell_len(about) - 3
        yield (
            f"{'•' if used else ' '} {fill(safe_line(facts.path), max(room, 4))}",
            ("source-fields--used" if used else "source-fields--name"),
        )
        yield f"{about} ", "source-fields--kind"

    def action_choose(self) -> None:
        """Put the field into the form."""
        if self.chosen is not None:
            self.post_message(self.Wanted(self.chosen.path))
