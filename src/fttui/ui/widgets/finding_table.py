"""What validation found, grouped by rule, worst first; a group opens to its first examples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from textual.binding import Binding
from textual.message import Message

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.report import FindingGroup
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import cut, fill, fill_left
from fttui.ui.widgets.line_list import LineList, Piece

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
PLAIN_MARKS = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.INFO: "i"}
SEVERITY_COLUMN = 9
COUNT_COLUMN = 7
CODE_COLUMN, PATH_COLUMN = 30, 44
"""Cells that codes and paths take at most; they take no more than they need, nor more than a third of the width."""

Row = FindingGroup | Finding


def sorted_groups(groups: Iterable[FindingGroup]) -> list[FindingGroup]:
    """Worst first, then most frequent, then by code."""
    return sorted(groups, key=lambda group: (group.severity.rank, -group.count, group.code))


def _place(finding: Finding) -> str:
    return f"line {present.count(finding.line)}" if finding.line else "whole file"


class FindingTable(LineList):
    """Groups and their examples as rows; enter opens a group, and jumps to an example."""

    COMPONENT_CLASSES = {
        "finding--error",
        "finding--warning",
        "finding--info",
        "finding--code",
        "finding--place",
    }
    BINDINGS = [
        Binding("enter", "choose", "Open", id="report.open"),
        Binding("right,l", "unfold(True)", "Open the group", show=False, id="report.unfold"),
        Binding("left,h", "unfold(False)", "Close the group", show=False, id="report.fold"),
    ]

    @dataclass
    class ExampleChosen(Message):
        """A person wants to see the row of a finding."""

        finding: Finding

    def __init__(self, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii = ascii
        self._groups: list[FindingGroup] = []
        self._open: set[str] = set()
        self._rows: list[Row] = []
        self._code_width = self._place_width = self._path_width = 0

    def show_groups(self, groups: Iterable[FindingGroup]) -> None:
        """Show other findings, all groups closed."""
        self._groups = sorted_groups(groups)
        self._open.clear()
        self._arrange()
        self.cursor = 0

    def _arrange(self) -> None:
        self._rows = []
        for group in self._groups:
            self._rows.append(group)
            if group.code in self._open:
                self._rows.extend(group.examples)
        self.count = len(self._rows)
        found = [row for row in self._rows if isinstance(row, Finding)]
        self._code_width = max((len(group.code) for group in self._groups), default=0)
        self._place_width = max((cell_len(_place(finding)) for finding in found), default=0)
        self._path_width = max((cell_len(safe_line(finding.path)) for finding in found), default=0)
        self.refresh()

    @property
    def current(self) -> Row | None:
        """What the cursor is on."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        row = self._rows[number]
        return self._example_row(row, width) if isinstance(row, Finding) else self._group_row(row, width)

    def _group_row(self, group: FindingGroup, width: int) -> Iterable[Piece]:
        is_open = group.code in self._open
        fold = ("v " if is_open else "> ") if self._ascii else ("▾ " if is_open else "▸ ")
        marks = PLAIN_MARKS if self._ascii else MARKS
        style = f"finding--{group.severity.value}"
        code_column = min(CODE_COLUMN, self._code_width, width // 3)
        yield fold, "finding--place"
        yield fill(f"{marks[group.severity]} {group.severity.value}", SEVERITY_COLUMN + 1), style
        yield fill_left(present.count(group.count), COUNT_COLUMN) + "  ", ""
        yield fill(group.code, code_column) + "  ", "finding--code"
        left = width - 2 - SEVERITY_COLUMN - 1 - COUNT_COLUMN - 2 - code_column - 2
        yield cut(safe_line(group.message), left), ""

    def _example_row(self, finding: Finding, width: int) -> Iterable[Piece]:
        path_column = min(PATH_COLUMN, self._path_width, width // 3)
        yield "      " + fill(_place(finding), self._place_width) + "  ", "finding--place"
        if path_column:
            yield fill(safe_line(finding.path), path_column) + "  ", "finding--code"
        used = 6 + self._place_width + 2 + (path_column + 2 if path_column else 0)
        yield cut(safe_line(finding.message), width - used), ""

    def action_choose(self) -> None:
        """Open or close the group, or jump to the example."""
        row = self.current
        if isinstance(row, FindingGroup):
            self._fold(row, row.code not in self._open)
        elif row is not None:
            self.post_message(self.ExampleChosen(row))

    def action_unfold(self, wanted: bool) -> None:
        """Open the group under the cursor, or close the group the cursor is in."""
        row = self.current
        if isinstance(row, FindingGroup):
            self._fold(row, wanted)
        elif row is not None and not wanted:
            code = row.code
            self._open.discard(code)
            self._arrange()
            self.cursor = next(at for at, one in enumerate(self._rows) if one.code == code)

    def _fold(self, group: FindingGroup, wanted: bool) -> None:
        (self._open.add if wanted else self._open.discard)(group.code)
        self._arrange()
