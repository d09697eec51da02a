"""Rows before and after a fix, line by line: what goes is marked with a minus, what comes with a plus."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from fttui.domain.dataset.preparation.difference import Mark
from fttui.domain.dataset.preparation.plan import PlannedFix, Sample
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import wrap

_STYLES = {Mark.GONE: ".difference--gone", Mark.NEW: ".difference--new", Mark.SAME: ".difference--same"}


class DifferenceView(VerticalScroll):
    """A few rows of one fix."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "difference--gone",
        "difference--new",
        "difference--same",
        "difference--place",
    }
    DEFAULT_CSS = """
    DifferenceView { height: 1fr; & > Static { height: auto; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_down", "Down", show=False, id="difference.down"),
        Binding("up,k", "scroll_up", "Up", show=False, id="difference.up"),
    ]

    entry: reactive[PlannedFix | None] = reactive[PlannedFix | None](None, always_update=True, init=False)
    """The fix whose rows are shown."""

    text = getters.query_one("#difference", Static)

    def compose(self) -> ComposeResult:
        yield Static(Content(""), id="difference")

    def watch_entry(self, entry: PlannedFix | None) -> None:
        self.text.update(self._words(entry))
        self.scroll_home(animate=False)

    def on_resize(self) -> None:
        self.text.update(self._words(self.entry))

    def _words(self, entry: PlannedFix | None) -> Content:
        if entry is None:
            return Content("")
        if not entry.samples:
            return Content.styled(_without_rows(entry), ".difference--place")
        pieces: list[Content] = []
        for sample in entry.samples:
            pieces += self._sample(sample)
        if entry.count > len(entry.samples):
            more = f"… and {present.counted(entry.count - len(entry.samples), 'more row')}"
            pieces.append(Content.styled(more, ".difference--place"))
        return Content("\n").join(pieces)

    def _sample(self, sample: Sample) -> list[Content]:
        head = f"line {present.count(sample.line)}"
        if sample.remark:
            head += f" · {safe_line(sample.remark)}"
        lines = [Content.styled(head, ".difference--place")]
        width = max(self.scrollable_content_region.width - 2, 20)
        for line in sample.lines:
            text = safe_line(line.text)
            pad = " " * (len(text) - len(text.lstrip(" ")))
            # A line that takes several has its mark at each: colour alone must not tell.
            parts = wrap(text[len(pad) :], width - len(pad))
            lines += [Content.styled(f"{line.mark.value} {pad}{part}", _STYLES[line.mark]) for part in parts]
        return [*lines, Content("")]


def _without_rows(entry: PlannedFix) -> str:
    if entry.count:
        return "It changes how lines are written, not what they say."
    return f"Nothing to do. Needs {entry.fix.needs}: s sets it." if entry.fix.needs else "Nothing to do."
