"""What was found in one stretch of a file; stretches are looked at apart and put together in order."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.row_sheet import RowSheet
from fttui.domain.dataset.rules.catalogue import REFUSED_AT
from fttui.domain.dataset.sensitive_findings import fit_to_show

EXAMPLES_PER_CODE = 20
"""How many findings of one code are kept in full; the others are counted."""


@dataclass(slots=True)
class Stretch:
    """A tally in the making. Lines are counted from 1 within the stretch; arrays have an entry per line.

    `prints` are fingerprints of the lines' bytes, 0 for a line that is no example; `tokens` and `turns` have an
    entry per example that could be read, in order.
    """

    length: int = 0
    """Bytes of the file that it covers."""
    lines: int = 0
    examples: int = 0
    valid: int = 0
    trained: int = 0
    """Tokens that are learnt, those beyond the model's limit left out."""
    masked: int = 0
    """Tokens of answers that weight 0 keeps from being learnt, likewise."""
    estimated: int = 0
    """Tokens that no published formula covers."""
    windows_line_ends: int = 0
    marks: list[tuple[int, int]] = field(default_factory=list)
    """Now and then the lines before a line, and the byte of the file where it starts."""
    counts: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    """Examples that each kind of provider refuses."""
    roles: Counter[str] = field(default_factory=Counter)
    prints: array[int] = field(default_factory=lambda: array("Q"))
    tokens: array[int] = field(default_factory=lambda: array("I"))
    turns: array[int] = field(default_factory=lambda: array("I"))
    sheet: RowSheet = field(default_factory=RowSheet)
    """What rows are compared by; empty where nobody asked for it."""

    def mark(self, start: int) -> None:
        """Remember at which byte of the file the next line starts."""
        self.marks.append((self.lines, start))

    def note(self, finding: Finding) -> None:
        """Count a finding and keep it while there are few of its code."""
        self.counts[finding.code] += 1
        kept = self.findings.setdefault(finding.code, [])
        if len(kept) < EXAMPLES_PER_CODE:
            kept.append(fit_to_show(finding))

    def note_row(self, findings: Iterable[Finding]) -> None:
        """Note what was found in one row, and which kinds of provider refuse it for that."""
        refusing: set[str] = set()
        for finding in findings:
            self.note(finding)
            refusing |= REFUSED_AT[finding.code]
        self.refused.update(refusing)
