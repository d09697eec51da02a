"""What a mapping makes of the first rows, ready to be shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fttui.domain.dataset.mapping.mapper import Mapper, Skipped, encoded
from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.dataset.mapping.settings import checked
from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.sensitive_findings import fit_to_show
from fttui.domain.errors import MappingError
from fttui.services.dataset.importing.source import FirstRows
from fttui.ui import present
from fttui.ui.dataset_rows import ReadRow, RowFormat


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A result, and the number of the row that it comes from."""

    number: int
    line: bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """The results of the first rows; `problem` says why there are none where the mapping is wrong."""

    rows: tuple[PreviewRow, ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()
    looked_at: int = 0
    problem: str = ""
    hint: str = ""

    def skipped_words(self) -> str:
        """How many rows became none, and the main reasons."""
        count = sum(number for _, number in self.skipped)
        if not count:
            return ""
        reasons = ", ".join(f"{reason} ({number})" for reason, number in self.skipped[:2])
        more = ", …" if len(self.skipped) > 2 else ""
        return f"{present.count(count)} skipped: {reasons}{more}"


def preview(first: FirstRows, mapping: RowMapping) -> Preview:
    """Map the first rows; may take long where they are long."""
    try:
        mapper = Mapper(checked(mapping))
    except MappingError as error:
        return Preview(problem=error.message, hint=error.hint)
    made: list[PreviewRow] = []
    skipped: Counter[str] = Counter(row.reason for row in first.bad)
    for row in first.rows:
        result = mapper.apply(row.value)
        line = result if isinstance(result, Skipped) else encoded(result)
        if isinstance(line, Skipped):
            skipped[line.reason] += 1
        else:
            made.append(PreviewRow(row.number, line))
    looked_at = len(first.rows) + len(first.bad)
    return Preview(tuple(made), tuple(skipped.most_common()), looked_at)


def read_row(row: PreviewRow) -> ReadRow:
    """A result as the Data place would read it, with what the rules have to say about it."""
    checked_line = check_line(row.line, 1)
    findings = tuple(map(fit_to_show, checked_line.findings))
    return ReadRow(row.number, row.line, RowFormat.JSON_LINES, checked_line.record, findings)
