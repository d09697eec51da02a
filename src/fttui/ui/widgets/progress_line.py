"""One line that says how far something is: a bar that only ever shows a known share, and words around it."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from fttui.ui import present

BAR_LIMIT = 40
"""Cells of the widest bar."""


class ProgressLine(Widget):
    """Words, a bar, a percentage, more words; without a share there is no bar."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"progress-line--done", "progress-line--rest", "progress-line--after"}
    DEFAULT_CSS = """
    ProgressLine {
        height: 1;
        & > .progress-line--done { color: $primary; }
        & > .progress-line--rest { color: $foreground 20%; }
        & > .progress-line--after { color: $text-muted; }
    }
    """

    share: reactive[float | None] = reactive[float | None](None)
    """0 to 1, or None where it is not known."""
    before: reactive[str] = reactive("")
    after: reactive[str] = reactive("")

    def show(self, share: float | None, before: str = "", after: str = "") -> None:
        """Say where things stand."""
        self.share = share
        self.before = before
        self.after = after

    def render(self) -> Content:
        """The line at its present width; the words go before the bar does."""
        room = self.content_size.width
        before = f"{self.before}  " if self.before else ""
        if self.share is None:
            words = f"{before}{self.after}"
            return Content(words).truncate(room, ellipsis=True)
        percent = f" {present.percent(self.share):>5}"
        after = f"  {self.after}" if self.after else ""
        taken = Content(before).cell_length + len(percent) + Content(after).cell_length
        cells = min(max(room - taken, 8), BAR_LIMIT)
        done = round(self.share * cells)
        line = Content.assemble(
            before,
            ("━" * done, self._style("done")),
            ("━" * (cells - done), self._style("rest")),
            percent,
            (after, self._style("after")),
        )
        return line.truncate(room, ellipsis=True)

    def _style(self, part: str) -> str:
        return f".progress-line--{part}"
