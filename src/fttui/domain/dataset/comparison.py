"""A training file and its validation file side by side, and what stands in both."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.counts import counted
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.report import Report, TokenTotals


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many training rows stand in the validation file too, in three degrees."""

    exact: int
    normalised: int
    near: int

    @classmethod
    def of(cls, report: Report) -> Overlap | None:
        """The overlap that a report found, or None without a validation file."""
        if report.valid is None:
            return None
        counts = {group.code: group.count for group in report.findings}
        degrees = ("leaked-example", "normalised-leak", "near-leak")
        return cls(*(counts.get(code, 0) for code in degrees))

    @property
    def total(self) -> int:
        """Rows in any degree."""
        return self.exact + self.normalised + self.near

    @property
    def words(self) -> str:
        """The overlap in a few words."""
        if not self.total:
            return "no row in both files"
        degrees = f"{self.exact:,} exact, {self.normalised:,} normalised, {self.near:,} near"
        return f"{counted(self.total, 'row')} in both files: {degrees}"


@dataclass(frozen=True, slots=True)
class Consequences:
    """What happens to a file in training: rows that are refused, rows and tokens that are cut, what is learnt."""

    refused: int
    cut_rows: int
    cut_tokens: int
    trained: int
    tokens: int
    masked: int = 0

    @classmethod
    def of(cls, report: Report) -> Consequences:
        """What a report says about it."""
        tokens = report.tokens
        refused = report.examples - report.valid_examples
        if tokens is None:
            return cls(refused, 0, 0, 0, 0)
        return cls(
            refused,
            tokens.truncated_examples,
            max(tokens.total - tokens.billable, 0),
            tokens.trained,
            tokens.total,
            tokens.masked,
        )

    @property
    def trained_share(self) -> float:
        """The share of the tokens that are not cut off which is learnt, 0 to 1."""
        kept = self.tokens - self.cut_tokens
        return self.trained / kept if kept else 0.0

    @property
    def words(self) -> str:
        """All of it in a line."""
        words = [f"{100 * self.trained_share:.0f} % of tokens trained"]
        if self.masked:
            words.append(f"{self.masked:,} masked by weight 0")
        words.append(f"{counted(self.refused, 'row')} refused" if self.refused else "no row refused")
        if self.cut_rows:
            share = 100 * self.cut_tokens / self.tokens
            words.append(f"{counted(self.cut_rows, 'row')} cut ({self.cut_tokens:,} tokens, {share:.1f} %)")
        else:
            words.append("no row cut")
        return " · ".join(words)


def side_by_side(report: Report) -> list[tuple[str, str, str]]:
    """Label, training file, validation file; nothing without a validation file."""
    valid = report.valid
    if valid is None:
        return []
    return [(label, _value(label, report), _value(label, valid)) for label in _LABELS]


_LABELS = (
    "examples",
    "usable",
    "errors",
    "warnings",
    "tokens",
    "median per example",
    "longest",
    "trained",
)


def _value(label: str, report: Report) -> str:
    tokens = report.tokens
    match label:
        case "examples":
            return f"{report.examples:,}"
        case "usable":
            return f"{report.valid_examples:,}"
        case "errors":
            return f"{report.count(Severity.ERROR):,}"
        case "warnings":
            return f"{report.count(Severity.WARNING):,}"
        case _:
            return _token_value(label, tokens) if tokens is not None else "-"


def _token_value(label: str, tokens: TokenTotals) -> str:
    spread = tokens.per_example
    values = {"tokens": tokens.total, "median per example": spread.p50}
    if label == "trained":
        return f"{100 * tokens.trained / tokens.billable:.0f} %" if tokens.billable else "-"
    return f"{values.get(label, spread.maximum):,}"
