"""Puts the stretches of a file together, in order, into the verdict on the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePath

from fttui.domain.counts import counted
from fttui.domain.dataset.distribution import distribution_of
from fttui.domain.dataset.encodings import Encoding
from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import FindingGroup, Report, TokenTotals
from fttui.domain.dataset.row_sheet import RowSheet
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.dataset.ruling import BY_OPENAI, SetSize, in_order
from fttui.domain.dataset.stretch import EXAMPLES_PER_CODE, Stretch
from fttui.domain.dataset.tokens import REPLY_TOKENS
from fttui.domain.jobs.estimate import auto_epochs, training_cost


@dataclass(frozen=True, slots=True)
class Subject:
    """What a verdict is about."""

    file: PurePath
    size: int
    format: DataFormat | None
    model: str | None
    encoding: Encoding | None
    """What tokens were counted with; None if they were not."""
    is_validation: bool = False
    example_limit: int | None = None
    """Tokens of an example beyond which it is cut."""


class Tally:
    """Adds up stretches in the order of the file.

    Args:
        subject: what the verdict is about.
        others: fingerprints of another file's lines with their line numbers, to find what stands in both.
    """

    def __init__(self, subject: Subject, others: dict[int, int] | None = None) -> None:
        self._subject = subject
        self._others = others or {}
        self._whole = Stretch()
        self._token_counts: Counter[int] = Counter()
        self._turn_counts: Counter[int] = Counter()
        self.sheet = RowSheet()
        """What rows are compared by."""
        self.copies: set[int] = set()
        self.leaked: set[int] = set()
        """Lines that stand in the file before, and in the other file, byte by byte."""
        self.prints: dict[int, int] = {}
        """Fingerprint of every example to the line where it stands first."""
        self.marks: list[tuple[int, int]] = []
        """Where some lines start: the lines before, and the bytes."""

    @property
    def examples(self) -> int:
        """Examples so far."""
        return self._whole.examples

    @property
    def findings(self) -> int:
        """Findings so far."""
        return self._whole.counts.total()

    def note(self, *findings: Finding) -> None:
        """Add findings about the file as a whole."""
        for finding in findings:
            self._whole.note(finding)

    def add(self, stretch: Stretch) -> None:
        """Add the stretch that follows the ones added so far."""
        whole, before = self._whole, self._whole.lines
        self.marks += [(before + lines, start) for lines, start in stretch.marks]
        for code, findings in stretch.findings.items():
            kept = whole.findings.setdefault(code, [])
            room = EXAMPLES_PER_CODE - len(kept)
            kept += [replace(finding, line=finding.line + before) for finding in findings[:room]]
        whole.counts.update(stretch.counts)
        whole.roles.update(stretch.roles)
        whole.refused.update(stretch.refused)
        whole.lines += stretch.lines
        whole.examples += stretch.examples
        whole.valid += stretch.valid
        whole.trained += stretch.trained
        whole.masked += stretch.masked
        whole.estimated += stretch.estimated
        whole.windows_line_ends += stretch.windows_line_ends
        self.sheet.extend(stretch.sheet, before)
        self._add_prints(stretch, before)
        self._add_tokens(stretch)

    def _add_prints(self, stretch: Stretch, before: int) -> None:
        seen, others = self.prints, self._others
        fresh = dict(zip(stretch.prints, range(before + 1, before + 1 + len(stretch.prints)), strict=True))
        are_new = seen.keys().isdisjoint(fresh) and others.keys().isdisjoint(fresh)
        if are_new and len(fresh) == len(stretch.prints) and 0 not in fresh:
            seen.update(fresh)
            return
        for line, print_ in enumerate(stretch.prints, before + 1):
            if not print_:
                continue
            first = seen.setdefault(print_, line)
            if first != line:
                self.copies.add(line)
                self.note(found("duplicate-example", line, "", f"The same as line {first}; keep one of them"))
            if print_ in others:
                self.leaked.add(line)
                sentence = f"Line {others[print_]} of the validation file is the same; remove it from one of them"
                self.note(found("leaked-example", line, "", sentence))

    def _add_tokens(self, stretch: Stretch) -> None:
        self._token_counts.update(stretch.tokens)
        self._turn_counts.update(stretch.turns)

    def report(self, seconds: float) -> Report:
        """The verdict, once every stretch was added."""
        whole, subject = self._whole, self._subject
        self._judge_the_whole()
        epochs = auto_epochs(whole.valid) if whole.valid and not subject.is_validation else None
        tokens = self._token_totals()
        cost = None
        if subject.model and epochs and tokens and subject.format is not DataFormat.REINFORCEMENT:
            cost = training_cost(subject.model, tokens.billable, epochs, tokens.uncertain)
        return Report(
            file=subject.file,
            format=subject.format,
            examples=whole.examples,
            valid_examples=whole.valid,
            findings=self._groups(),
            tokens=tokens,
            turns=distribution_of(self._turn_counts) if self._turn_counts else None,
            epochs=epochs,
            cost=cost,
            seconds=seconds,
            size=subject.size,
            roles=tuple(whole.roles.most_common()),
            refused=tuple(sorted(whole.refused.items())),
        )

    def _judge_the_whole(self) -> None:
        whole, subject = self._whole, self._subject
        if whole.windows_line_ends:
            self.note(
                found("windows-line-end", 0, "", f"{counted(whole.windows_line_ends, 'line')} with CR LF; harmless")
            )
        if not whole.examples and not whole.counts:
            self.note(found("empty-file", 0))
        size = SetSize(subject.format, whole.examples, whole.counts["image"], subject.size, subject.is_validation)
        self.note(*BY_OPENAI.beyond(size))

    def _token_totals(self) -> TokenTotals | None:
        encoding, limit = self._subject.encoding, self._subject.example_limit
        if encoding is None or not self._token_counts:
            return None
        spread = distribution_of(self._token_counts)
        counts = self._token_counts.items()
        cut = sum(number for value, number in counts if limit is not None and value > limit)
        billable = sum(min(value, limit or value) * number for value, number in counts)
        uncertain = REPLY_TOKENS * self._whole.examples + self._whole.estimated
        return TokenTotals(
            encoding=encoding.name,
            exact=encoding.exact and not self._whole.estimated,
            total=spread.total,
            billable=billable,
            trained=self._whole.trained,
            masked=self._whole.masked,
            truncated_examples=cut,
            per_example=spread,
            uncertain=uncertain if limit is None else min(uncertain, limit * self._token_counts.total() - billable),
        )

    def _groups(self) -> tuple[FindingGroup, ...]:
        whole = self._whole
        return in_order(
            FindingGroup(
                code, BY_CODE[code].severity, whole.counts[code], BY_CODE[code].summary, tuple(whole.findings[code])
            )
            for code in +whole.counts
        )
