"""An open data set as the Data screen needs it: what each row says in short, and how to lay it out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.finding_place import place_in_line
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
from fttui.domain.dataset.sensitive_findings import fit_to_show
from fttui.domain.dataset.tokens import example_tokens, message_tokens
from fttui.domain.text import safe_line
from fttui.services.dataset.dataset_file import DatasetFile
from fttui.services.dataset.opener import LINE_LIMIT
from fttui.services.ports import TokenCounter
from fttui.ui import present
from fttui.ui.cells import cut, wrap
from fttui.ui.page import Line, Page, json_page, text_page
from fttui.ui.record_page import RowTokens, TokenCount, record_page
from fttui.ui.row_summary import RowSummary, summarise, summarise_plain

BEGINNING = 8192
"""Bytes of a row that the list looks at."""
SNIFFED = 65_536
LIST_LINES = 60
"""Lines in which the first entry of a list of rows is looked for."""
UNREADABLE = frozenset({"invalid-json", "invalid-utf8", "nul-byte"})
SEEN_ANYWAY, SEEN_BEFORE = 10, 3
"""Lines from which on the place where a row breaks is scrolled to, and lines that stay visible before it."""
MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
PLAIN_MARKS = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.INFO: "i"}


PACKED = re.compile(r"\.(gz|zst|zstd)$")
EMPTY = "This file is empty: it has no rows."
NOT_TEXT = (
    "This is not a text file, so its rows cannot be shown here. Training files hold one JSON object in each line.\n\n"
    "If it holds a table, press I: Import makes training rows of it."
)
TABLES = {
    (
        ".xlsx",
        ".xlsm",
        ".xls",
    ): "This is a workbook. Press I: Import shows its first sheet and makes training rows of it.",
    (".parquet",): "This is a parquet table. Press I: Import shows its columns and makes training rows of it.",
}
TABLE = "a table; I makes training rows of it"


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
            page = self._broken_page(width, "> " if ascii else "▶ ") or json_page(self.raw, width)
        else:
            page = record_page(self.record, width, tokens, ascii=ascii)
        if not found:
            return page
        moved = len(found) + 1
        return Page(
            (*found, (), *page.lines),
            {path: line + moved for path, line in page.anchors.items()},
            {path: line + moved for path, line in page.ends.items()},
        )

    def _broken_page(self, width: int, sign: str) -> Page | None:
        """A row that is no JSON as it stands, with a line in it where it breaks; None where that is not known."""
        broken = next((finding for finding in self.findings if finding.code in UNREADABLE), None)
        if broken is None:
            return None
        at = place_in_line(broken, self.raw)
        before = text_page(self.raw[:at].decode("utf-8", "replace"), width).lines if at else ()
        after = text_page(self.raw[at:].decode("utf-8", "replace"), width).lines
        here = ((cut(f"{sign}here: {safe_line(broken.message)}", width), "record-view--marked finding--error"),)
        anchors = {"": len(before) - SEEN_BEFORE} if len(before) > SEEN_ANYWAY else {}
        return Page((*before, here, *after), anchors)

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

    @property
    def nothing_to_show(self) -> str:
        """Why there are no rows to show, in a few sentences; empty where there are some."""
        if not self.dataset.size:
            return safe_line(self.dataset.trouble) or EMPTY
        if self.format is not RowFormat.NOT_TEXT:
            return ""
        ending = self.dataset.path.suffix.lower()
        return next((words for endings, words in TABLES.items() if ending in endings), NOT_TEXT)

    @cached_property
    def note(self) -> str:
        """What to know about the file as a whole, in a few words."""
        if self.format is RowFormat.NOT_TEXT:
            return ""
        from fttui.ui.foreign_rows import foreign_words

        beginning = self._beginning()
        foreign = foreign_words(beginning) if beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else ""
        if foreign or self.format is not RowFormat.TEXT:
            return foreign
        return TABLE if self.dataset.path.suffix.lower() in (".csv", ".tsv") else "plain lines, not JSON lines"

    def _beginning(self) -> bytes:
        """The first row; of a file that is no JSON lines its first lines."""
        lines = min(self.dataset.lines_known, 1 if self.format is RowFormat.JSON_LINES else LIST_LINES)
        return b"\n".join(self.dataset.preview(number, SNIFFED) for number in range(lines))

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
        return ReadRow(number, raw, self.format, checked.record, tuple(map(fit_to_show, checked.findings)))


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
    if b"\0" in beginning or beginning.startswith((b"PK\x03\x04", b"PAR1")):
        return RowFormat.NOT_TEXT
    if PACKED.sub("", dataset.path.name.lower()).endswith((".jsonl", ".ndjson")):
        return RowFormat.JSON_LINES
    if not beginning.lstrip().startswith(b"{"):
        return RowFormat.TEXT
    try:
        value = json.loads(beginning)
    except (ValueError, RecursionError):
        return RowFormat.JSON_LINES if len(beginning) == SNIFFED else RowFormat.TEXT
    return RowFormat.JSON_LINES if isinstance(value, dict) else RowFormat.TEXT
