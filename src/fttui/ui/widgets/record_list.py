"""The rows of a data set, however many, each in one line: number, speakers, first words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable

from textual.reactive import reactive

from fttui.ui.cells import cut, fill, fill_left
from fttui.ui.page_marks import split_found
from fttui.ui.row_summary import RowSummary, role_letters
from fttui.ui.widgets.line_list import LineList, Piece

KEPT = 500
"""Summaries kept; a screen shows far fewer."""

ROLE_COLUMN = 5
NARROW = 40
"""Below this many cells the speakers' column is left out, so that words remain."""


class RecordList(LineList):
    """Draws rows by asking for a summary of each visible one; it knows nothing of files."""

    COMPONENT_CLASSES = {
        "record-list--number",
        "record-list--problem",
        "record-list--found",
        "role--system",
        "role--developer",
        "role--user",
        "role--assistant",
        "role--tool",
        "role--other",
    }

    ascii: reactive[bool] = reactive(False)
    wanted: reactive[str] = reactive("")
    """What was searched for, to stand out where it is seen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._summarise: Callable[[int], RowSummary] = lambda _number: RowSummary("")
        self._kept: OrderedDict[int, RowSummary] = OrderedDict()

    def show_rows(self, summarise: Callable[[int], RowSummary]) -> None:
        """Start on another data set, whose rows the function describes by their 0-based number."""
        self._summarise = summarise
        self._kept.clear()
        self.count = 0
        self.cursor = 0
        self.scroll_to(y=0, animate=False)

    def summary(self, number: int) -> RowSummary:
        """What a row says, read once while it stays near the screen."""
        known = self._kept.get(number)
        if known is None:
            known = self._kept[number] = self._summarise(number)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return known

    def row(self, number: int, width: int) -> Iterable[Piece]:
        summary = self.summary(number)
        digits = max(len(str(self.count)), 3)
        yield fill_left(str(number + 1), digits), "record-list--number"
        left = width - digits - 1
        if summary.problem:
            yield (" x " if self.ascii else " ✗ "), "record-list--problem"
            yield from self._words(summary, left - 2, "record-list--problem")
            return
        yield " ", ""
        if width >= NARROW and summary.roles:
            yield from self._speakers(summary)
            left -= ROLE_COLUMN + 1
        yield from self._words(summary, left)

    def _words(self, summary: RowSummary, width: int, style: str = "") -> Iterable[Piece]:
        for text, is_found in split_found(cut(summary.words, width), self.wanted):
            yield text, "record-list--found" if is_found else style

    def _speakers(self, summary: RowSummary) -> Iterable[Piece]:
        room = ROLE_COLUMN - 1 if summary.is_preference else ROLE_COLUMN
        letters = role_letters(summary.roles, room)
        for letter, role in zip(letters, (*summary.roles, *[""] * ROLE_COLUMN), strict=False):
            yield letter, role_class(role) if letter.isalpha() else ""
        rest = ("*" if self.ascii else "±") if summary.is_preference else ""
        yield fill(rest, ROLE_COLUMN + 1 - len(letters)), ""


def role_class(role: str) -> str:
    """The component class a role is drawn in."""
    match role:
        case "system" | "developer" | "user" | "assistant" | "tool":
            return f"role--{role}"
        case "prompt":
            return "role--user"
        case "completion":
            return "role--assistant"
        case "function":
            return "role--tool"
        case _:
            return "role--other"
