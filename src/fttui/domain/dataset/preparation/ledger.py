"""Counts what fixes do, and keeps a few rows of each to be shown."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence

from fttui.domain.dataset.preparation.columns import ColumnChange, Columns
from fttui.domain.dataset.preparation.difference import difference
from fttui.domain.dataset.preparation.fix import JsonObject
from fttui.domain.dataset.preparation.mender import Hit
from fttui.domain.dataset.preparation.plan import SAMPLES, Sample
from fttui.domain.dataset.sensitive import masked

_REMARKS = 100_000
"""Rows of a fix about which something is remembered."""
_FIRST_ROWS = 40
"""Rows kept to show what a change to a column would do."""


class Ledger:
    """What a preparation has found so far.

    What accepted fixes did stays; what declined ones would do is counted anew in every pass.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.unread = 0
        """Rows that nobody can read and that stay all the same."""
        self.details: dict[str, str] = {}
        self.long_lines = array("L")
        self.long_rows: list[tuple[int, JsonObject]] = []
        self.remarks: defaultdict[str, dict[int, str]] = defaultdict(dict)
        """What there is to say about single rows, by fix and line."""
        self._done: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
        self._possible: dict[str, int] = {}
        self._samples: defaultdict[str, list[Sample]] = defaultdict(list)
        self._first_rows: list[tuple[int, JsonObject]] = []

    def begin_pass(self) -> None:
        """Forget what is counted anew in every pass."""
        for code in self._possible:
            self._samples[code].clear()
        self._possible.clear()
        self._first_rows.clear()
        self.long_lines = array("L")
        self.long_rows.clear()
        self.unread = 0

    def note(self, hit: Hit, line: int) -> None:
        """Count what a fix did to a row, once and for all."""
        self._done[hit.code].append(line)
        if hit.remark and len(self.remarks[hit.code]) < _REMARKS:
            self.remarks[hit.code][line] = masked(hit.remark)
        self._show(hit, line)

    def note_possible(self, hit: Hit, line: int) -> None:
        """Count what a declined fix would do to a row."""
        self._possible[hit.code] = self._possible.get(hit.code, 0) + 1
        self._show(hit, line)

    def note_lines(
        self, code: str, lines: Sequence[int], shown: Sequence[tuple[int, JsonObject]], *, done: bool
    ) -> None:
        """Count rows that a fix drops, or would drop."""
        if not lines:
            return
        if done:
            self._done[code].extend(lines)
        else:
            self._possible[code] = len(lines)
        for line, value in shown:
            self._show(Hit(code, value, None), line)

    def note_column(self, change: ColumnChange, columns: Columns) -> None:
        """Count what a declined change to a column would do."""
        self._possible[change.code] = columns.affected(change)
        for line, value in self._first_rows:
            after = change.apply(value)
            if after is not value:
                self._show(Hit(change.code, value, after), line)

    def remember(self, line: int, value: JsonObject) -> None:
        """Keep one of the first rows, to show changes on."""
        if len(self._first_rows) < _FIRST_ROWS:
            self._first_rows.append((line, value))

    def remember_long(self, line: int, value: JsonObject) -> None:
        """Keep the line of a very long row, and a few of the rows."""
        self.long_lines.append(line)
        if len(self.long_rows) < SAMPLES:
            self.long_rows.append((line, value))

    def _show(self, hit: Hit, line: int) -> None:
        samples = self._samples[hit.code]
        if len(samples) < SAMPLES and hit.before != "":
            samples.append(Sample(line, difference(hit.before, hit.after), masked(hit.remark)))

    def count(self, code: str) -> int:
        """How many rows a fix changes, or would change."""
        done = self._done.get(code)
        return (len(set(done)) if done else 0) + self._possible.get(code, 0)

    def samples(self, code: str) -> tuple[Sample, ...]:
        """The first few rows of a fix."""
        return tuple(self._samples.get(code, ()))
