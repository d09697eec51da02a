"""What every row of a stretch of a file is compared by with all others: numbers only, and counts of what recurs."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from fttui.domain.dataset.similarity import SKETCH_SIZE

LABELS_KEPT = 2000
"""Different short answers that are counted; with more, answers are no labels."""
MOST_PIECES = 26_000_000
"""Pieces of sketches that are kept in all, a hundred megabytes; with more, sketches are made shorter."""
SMALLEST_SKETCH = 16
LABEL_LENGTH = 40
"""Characters of the longest answer that may be a label here."""


@dataclass(slots=True)
class Seen:
    """How often something occurs, and in which line first."""

    count: int
    line: int


@dataclass(slots=True)
class Affixes:
    """What all texts of a column have in common: how they begin, and how they end."""

    rows: int = 0
    start: str = ""
    end: str = ""
    spaced: int = 0
    """Texts that begin with a space."""
    longest: int = 0

    def add(self, text: str) -> None:
        """Count a text."""
        self.merge(Affixes(1, text[:AFFIX], text[-AFFIX:], int(text.startswith(" ")), len(text)))

    def merge(self, other: Affixes) -> None:
        """Add what other texts have in common."""
        if not other.rows:
            return
        if self.rows:
            self.start = _common_start(self.start, other.start)
            self.end = _common_start(self.end[::-1], other.end[::-1])[::-1]
        else:
            self.start, self.end = other.start, other.end
        self.rows += other.rows
        self.spaced += other.spaced
        self.longest = max(self.longest, other.longest)


AFFIX = 64
"""Characters at both ends of a text that are looked at."""


@dataclass(slots=True)
class RowSheet:
    """An entry per example that could be read, in the order of the file, and counts over all of them.

    `said`, `prompts` and `answers` are keys of the words alone: case and spaces do not count; 0 where there is
    nothing. `sketches` holds one sketch after the other, `sketch_lengths` how long each is. `systems` counts system
    prompts by key, `labels` short answers by their words, `scripts` the scripts that rows are mostly written in,
    `refusals` answers that decline, all together.
    """

    lines: array[int] = field(default_factory=lambda: array("I"))
    tokens: array[int] = field(default_factory=lambda: array("I"))
    said: array[int] = field(default_factory=lambda: array("Q"))
    prompts: array[int] = field(default_factory=lambda: array("Q"))
    answers: array[int] = field(default_factory=lambda: array("Q"))
    sketch_lengths: array[int] = field(default_factory=lambda: array("B"))
    sketches: array[int] = field(default_factory=lambda: array("I"))
    labels: dict[str, Seen] = field(default_factory=dict)
    systems: dict[str, Seen] = field(default_factory=dict)
    scripts: dict[str, Seen] = field(default_factory=dict)
    refusals: dict[str, Seen] = field(default_factory=dict)
    sketch_size: int = SKETCH_SIZE
    """Pieces kept of each row at most; half of them, and half again, where there are too many rows for more."""
    prompt_ends: Affixes = field(default_factory=Affixes)
    completion_ends: Affixes = field(default_factory=Affixes)

    @property
    def rows(self) -> int:
        """How many examples there are."""
        return len(self.lines)

    def extend(self, other: RowSheet, before: int) -> None:
        """Add the sheet of the stretch that follows, which `before` lines precede."""
        self.lines.extend([line + before for line in other.lines])
        while self.sketch_size > SMALLEST_SKETCH and len(self.sketches) + len(other.sketches) > MOST_PIECES:
            self.shorten(self.sketch_size // 2)
        other.shorten(self.sketch_size)
        for name in ARRAYS[1:]:
            getattr(self, name).extend(getattr(other, name))
        for name in COUNTS:
            _add(getattr(self, name), getattr(other, name), before)
        self.prompt_ends.merge(other.prompt_ends)
        self.completion_ends.merge(other.completion_ends)

    def shorten(self, size: int) -> None:
        """Keep no more than the first pieces of every sketch, which are a sketch themselves."""
        if self.sketch_size <= size:
            return
        kept, begin = array("I"), 0
        for length in self.sketch_lengths:
            kept.extend(self.sketches[begin : begin + min(length, size)])
            begin += length
        self.sketches, self.sketch_size = kept, size
        self.sketch_lengths = array("B", [min(length, size) for length in self.sketch_lengths])


ARRAYS = ("lines", "tokens", "said", "prompts", "answers", "sketch_lengths", "sketches")
"""The arrays of a sheet by name, the lines first."""
COUNTS = ("labels", "systems", "scripts", "refusals")
"""The counts of a sheet by name."""


def see(seen: dict[str, Seen], thing: str, line: int) -> None:
    """Count one more of something; new things only up to a number."""
    known = seen.get(thing)
    if known is not None:
        known.count += 1
    elif len(seen) <= LABELS_KEPT:
        seen[thing] = Seen(1, line)


def _add(mine: dict[str, Seen], others: Mapping[str, Seen], before: int) -> None:
    for thing, seen in others.items():
        known = mine.get(thing)
        if known is not None:
            known.count += seen.count
        elif len(mine) <= LABELS_KEPT:
            mine[thing] = Seen(seen.count, seen.line + before)


def _common_start(first: str, second: str) -> str:
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return first[:length]
