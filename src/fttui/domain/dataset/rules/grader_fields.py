"""A rule for reinforcement rows beside each other: what a grader looks at is there in all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.strict_json import quoted

NOT_FIELDS = frozenset({"messages", "tools", "parallel_tool_calls"})
FIELDS_KEPT = 1000
"""Different fields that are counted; a set has a handful."""
USUAL = 0.5
"""Share of the rows that have a field, above which the others are found to lack it."""


class GraderFields:
    """Counts which fields rows have beside the conversation."""

    def __init__(self) -> None:
        self.rows = 0
        self.counts: Counter[str] = Counter()

    def add(self, row: Mapping[str, object]) -> None:
        """Count a row."""
        self.rows += 1
        for key in row.keys() - NOT_FIELDS:
            if key in self.counts or len(self.counts) < FIELDS_KEPT:
                self.counts[key] += 1

    def missing_in(self, row: Mapping[str, object], line: int) -> Iterator[Finding]:
        """The fields that a row lacks and most others have; null counts as lacking where they are not null."""
        if not row.keys() - NOT_FIELDS:
            # A row without any field has a finding of its own.
            return
        for key, count in self.counts.items():
            if count > USUAL * self.rows and row.get(key) is None:
                share = f"{count:,} of {self.rows:,} rows have"
                sentence = f"No value of {quoted(key)}, which {share}; a grader that reads it fails on this row"
                yield found("missing-grader-field", line, key, sentence)
