"""An open data set as the Data screen needs it: what each row says in short, and how to lay it out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.parsing import check_line, found
from fttui.domain.dataset.record import (
    ChatRecord,
    CompletionRecord,
    Message,
    PreferenceRecord,
    Record,
    ReinforcementRecord,
    turns,
)
from fttui.domain.dataset.tokens import example_tokens, message_tokens
from fttui.domain.text import safe_line
from fttui.services.dataset.dataset_file import DatasetFile
from fttui.services.dataset.opener import LINE_LIMIT
from fttui.services.ports import TokenCounter
from fttui.ui import present
from fttui.ui.cells import wrap
from fttui.ui.page import Line, Page, json_page, text_page
from fttui.ui.record_page import RowTokens, TokenCount, record_page
from fttui.ui.row_summary import RowSummary, summarise, summarise_plain

BEGINNING = 8192
"""Bytes of a row that the list looks at."""
SNIFFED = 65_536
MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
PLAIN_MARKS = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.INFO: "i"}


class RowFormat(Enum):
    """What the rows of a file look like."""

    JSON_LINES = auto()
    TEXT = auto()
    NOT_TEXT = auto()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row read whole. `record` is None for rows that are no training example."""

    number: int
    raw: bytes
    format: RowFormat
    record: Record | None = None
    findings: tuple[Finding, ...] = ()

    def describe(self) -> str:
        """What the row is, in a few words."""
        if self.format is not RowFormat.JSON_LINES:
            return "a line of text"
        if self.record is None:
            return "not a training example"
        messages = present.counted(len(turns(self.record)), "message")
        match self.record:
            case ChatRecord():
                return messages
            case CompletionRecord():
                return "prompt and completion"
            case PreferenceRecord():
                return f"preference · {messages}"
            case ReinforcementRecord():
                return f"reinforcement · {messages}"

    def page(self, width: int, *, raw: bool, ascii: bool, tokens: RowTokens | None) -> Page:
        """Lay the row out; with `raw` as JSON, else for reading, its findings on top."""
        if self.format is not RowFormat.JSON_LINES:
            return text_page(self.raw.decode("utf-8", "replace"), width)
        if raw:
            return json_page(self.raw, width)
        found = tuple(self._finding_lines(width, PLAIN_MARKS if ascii else MARKS))
        if self.record is None:
            page = json_page(self.raw, width)
        else:
            page = record_page(self.record, width, tokens, ascii=ascii)
        if not found:
            return page
        below = {path: line + len(found) + 1 for path, line in page.anchors.items()}
        return Page((*found, (), *page.lines), below)

    def _finding_lines(self, width: int, marks: dict[Severity, str]) -> Iterator[Line]:
        for finding in sorted(self.findings, key=lambda finding: finding.severity.rank):
            place = f"{safe_line(finding.path, 80)}: " if finding.path else ""
            for count, line in enumerate(wrap(place + safe_line(finding.message), width - 2)):
                mark = f"{marks[finding.severity]} " if count == 0 else "  "
                yield ((mark + line, f"finding--{finding.severity.value}"),)


class DatasetRows:
    """The rows of an open file.

    Args:
        dataset: the file; closing it stays with the owner.
    """

    def __init__(self, dataset: DatasetFile) -> None:
        self.dataset = dataset
        self.format = _sniff(dataset)

    def summary(self, number: int) -> RowSummary:
        """A row in short; cheap whatever its length."""
        beginning = self.dataset.preview(number, BEGINNING)
        if self.format is RowFormat.JSON_LINES:
            return summarise(beginning, number + 1, complete=len(beginning) < BEGINNING)
        return summarise_plain(beginning)

    def read(self, number: int) -> ReadRow:
        """A whole row; may take long for a long one."""
        raw = self.dataset.raw_line(number)
        if self.format is not RowFormat.JSON_LINES:
            return ReadRow(number, raw, self.format)
        if len(raw) == LINE_LIMIT:
            # Only the beginning of a longer line is read, and that alone is no JSON.
            return ReadRow(number, raw, self.format, findings=(found("line-too-long", number + 1),))
        checked = check_line(raw, number + 1)
        return ReadRow(number, raw, self.format, checked.record, checked.findings)


def count_tokens(record: Record, counter: TokenCounter) -> RowTokens:
    """Tokens of each turn and of the whole record; the first call with a counter may take long."""
    counted = tuple(
        _turn_tokens(turn, counter, framed=not isinstance(record, CompletionRecord)) for turn in turns(record)
    )
    whole = example_tokens(record, counter)
    return RowTokens(counted, TokenCount(whole.total, counter.exact and not whole.estimated), counter.encoding)


def _turn_tokens(turn: Message, counter: TokenCounter, *, framed: bool) -> TokenCount:
    number = message_tokens(turn, counter) if framed else counter.count(turn.text)
    return TokenCount(number, counter.exact and not (turn.tool_calls or turn.images))


def _sniff(dataset: DatasetFile) -> RowFormat:
    beginning = dataset.preview(0, SNIFFED) if dataset.lines_known else b""
    if b"\0" in beginning or beginning.startswith((b"PK\x03\x04", b"PAR1", b"\x1f\x8b")):
        return RowFormat.NOT_TEXT
    if dataset.path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        return RowFormat.JSON_LINES
    if not beginning.lstrip().startswith(b"{"):
        return RowFormat.TEXT
    try:
        value = json.loads(beginning)
    except (ValueError, RecursionError):
        return RowFormat.JSON_LINES if len(beginning) == SNIFFED else RowFormat.TEXT
    return RowFormat.JSON_LINES if isinstance(value, dict) else RowFormat.TEXT
