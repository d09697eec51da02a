"""The verdict on a data set: the one value that the Report screen and the command line both show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of one code: how many, what they mean, and the first few of them."""

    code: str
    severity: Severity
    count: int
    message: str
    examples: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a quantity spreads over the examples; `counts` are those of bins of equal width, from the minimum on."""

    total: int
    minimum: int
    maximum: int
    mean: float
    p50: int
    p95: int
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenTotals:
    """Token counts of a file.

    `exact` is False where the encoding or a price rule is only an approximation; `billable` is one epoch's worth,
    every example cut at the model's limit; `truncated_examples` are those longer than the limit; `uncertain` is how
    many more tokens an epoch may turn out to have. `trained` are those that are learnt, `masked` those that weight 0
    keeps from it, neither with what is cut off.
    """

    encoding: str
    exact: bool
    total: int
    billable: int
    trained: int
    truncated_examples: int
    per_example: Distribution
    uncertain: int = 0
    masked: int = 0


@dataclass(frozen=True, slots=True)
class CostRange:
    """What training would cost, as a range, with the day the price was checked; low equals high where it is known.

    `low` is 0 where only the sum is known at which a job is stopped; `free` is for the person's own computer.
    """

    model: str
    low: float
    high: float
    currency: str
    prices_checked: str
    free: bool = False


_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".txt", ".text", ".json", ".parquet", ".pq", ".arrow")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything validation found out about one file."""

    file: PurePath
    format: DataFormat | None
    examples: int
    valid_examples: int
    findings: tuple[FindingGroup, ...]
    tokens: TokenTotals | None
    turns: Distribution | None
    epochs: int | None
    cost: CostRange | None
    seconds: float
    size: int = 0
    roles: tuple[tuple[str, int], ...] = ()
    """How often each role occurs, most frequent first."""
    refused: tuple[tuple[str, int], ...] = ()
    """How many examples each kind of provider refuses, by the kind's name; kinds that refuse none are left out."""
    rules_of: str = ""
    """The profile by whose rules it was judged; empty for OpenAI's, which hold where none is named."""
    valid: Report | None = None
    """The verdict on the validation file that was checked along with this one."""

    def count(self, severity: Severity) -> int:
        """How many findings there are of a severity."""
        return sum(group.count for group in self.findings if group.severity is severity)

    @property
    def worst(self) -> Severity | None:
        """The worst severity found, or None for a clean file."""
        return min((group.severity for group in self.findings), key=lambda severity: severity.rank, default=None)

    @property
    def is_for_import(self) -> bool:
        """Whether no row is an example, but the import may make some: rows of another shape, a table by its name."""
        if self.format is not None or self.valid_examples or not self.examples:
            return False
        name = self.file.name.lower().removesuffix(".gz").removesuffix(".zst")
        return name.endswith(_TABLES) or any(group.code == "unknown-format" for group in self.findings)

    @property
    def offsets_in(self) -> str:
        """What the offsets of findings count in: the file, or the text it was unpacked or converted to."""
        codes = {group.code for group in self.findings}
        return "unpacked text" if codes & {"compressed-file", "utf-16"} else "file"

    def fails(self, threshold: Severity | None) -> bool:
        """Whether anything was found at or above a threshold; None never fails."""
        return threshold is not None and self.worst is not None and self.worst.rank <= threshold.rank
