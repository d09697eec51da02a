"""Rows held against the rows before them, and against another file: copies, near copies, contradictions, leaks."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fttui.domain.dataset.identity import Facets, key
from fttui.domain.dataset.similarity import NearDuplicates, sketch

NEAR_ROWS = 100_000
"""Rows up to which near duplicates are counted though nobody asked for it; each takes about half a kilobyte."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The row that a row is a twin of, by its line, and the fix that this calls for."""

    code: str
    line: int

    @property
    def words(self) -> str:
        """What was found, in words."""
        match self.code:
            case "drop-duplicates":
                return f"the same as line {self.line}"
            case "drop-near-duplicates":
                return f"nearly the same as line {self.line}"
            case "drop-conflicts":
                return f"the prompt of line {self.line} with another answer"
            case _:
                return f"line {self.line} of the validation file is the same"


@dataclass(slots=True)
class OtherFile:
    """The rows of the validation file, as keys."""

    contents: dict[int, int] = field(default_factory=dict)
    normalised: dict[int, int] = field(default_factory=dict)
    near: NearDuplicates = field(default_factory=NearDuplicates)

    def add(self, row: Facets, line: int) -> None:
        """Remember a row."""
        self.contents.setdefault(row.content, line)
        self.normalised.setdefault(key(row.said), line)
        self.near.keep(sketch(row.said), line)

    def twin_of(self, row: Facets, plain: int, pieces: Sequence[int] | None) -> int | None:
        """The line of a row that is the same, the same apart from case and spaces, or nearly the same."""
        found = self.contents.get(row.content)
        if found is None:
            found = self.normalised.get(plain)
        if found is None and pieces is not None:
            found = self.near.first_like(pieces)
        return found


class SetFilter:
    """Says of each row, in the order of the file, whether an earlier one or another file makes it superfluous.

    Only rows that stay are remembered, so what stays passes a second time.

    Args:
        accepted: the codes of the fixes that are made.
        other: the validation file, if there is one.
    """

    def __init__(self, accepted: frozenset[str], other: OtherFile | None = None) -> None:
        self._accepted = accepted
        self._other = other
        self._contents: dict[int, int] = {}
        self._prompts: dict[int, int] = {}
        """Key of a prompt to the place of its first row in the two below."""
        self._answers = array("Q")
        self._lines = array("L")
        self._normalised: dict[int, int] = {}
        self._near = NearDuplicates()

    @property
    def wants_sketches(self) -> bool:
        """Whether near duplicates are looked for: when asked for, and as long as there are not too many rows."""
        return "drop-near-duplicates" in self._accepted or len(self._contents) < NEAR_ROWS

    def twins(self, row: Facets, line: int, pieces: Sequence[int] | None = None) -> list[Twin]:
        """What is found, up to the first twin that makes the row go; later rows are held against those that stay.

        Args:
            row: what the row is compared by.
            line: where it stands.
            pieces: the sketch of what it says; None where near duplicates are not looked for.
        """
        found: list[Twin] = []
        if self._goes(found, "drop-duplicates", self._contents.get(row.content)):
            return found
        plain = key(row.said) if pieces is not None or self._other is not None else 0
        near = self._near_twin(plain, pieces) if pieces is not None and not found else None
        if self._goes(found, "drop-near-duplicates", near):
            return found
        first = self._prompts.get(row.prompt) if row.prompt and row.answer else None
        contradicts = first is not None and self._answers[first] != row.answer
        if first is not None and contradicts and self._goes(found, "drop-conflicts", self._lines[first]):
            return found
        leak = self._other.twin_of(row, plain, pieces) if self._other is not None else None
        if self._goes(found, "drop-leaked", leak):
            return found
        self._remember(row, plain, pieces, line)
        return found

    def near_pairs(self, some: Iterable[int], others: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Lines of which one is nearly the same as one of the others, with that one; lines are of rows that stay."""
        beside = NearDuplicates()
        for line in others:
            if pieces := self._near.remembered(line):
                beside.keep(pieces, line)
        for line in some:
            pieces = self._near.remembered(line)
            like = beside.first_like(pieces) if pieces else None
            if like is not None:
                yield line, like

    def _remember(self, row: Facets, plain: int, pieces: Sequence[int] | None, line: int) -> None:
        self._contents.setdefault(row.content, line)
        if row.prompt and row.answer and row.prompt not in self._prompts:
            self._prompts[row.prompt] = len(self._lines)
            self._answers.append(row.answer)
            self._lines.append(line)
        if pieces is not None:
            self._normalised.setdefault(plain, line)
            self._near.keep(pieces, line)

    def _goes(self, found: list[Twin], code: str, line: int | None) -> bool:
        if line is None:
            return False
        found.append(Twin(code, line))
        return code in self._accepted

    def _near_twin(self, plain: int, pieces: Sequence[int]) -> int | None:
        same = self._normalised.get(plain)
        return same if same is not None else self._near.first_like(pieces)
