"""What a mapping makes of the first rows: one result at a time, drawn as the Data place draws rows."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.import_preview import Preview, read_row
from fttui.ui.page import text_page
from fttui.ui.widgets.record_view import RecordView


class ImportResultPane(Vertical):
    """A heading that says which result this is, and the result.

    Args:
        ascii: use no drawing characters.
    """

    DEFAULT_CSS = """
    ImportResultPane { height: 1fr; }
    ImportResultPane > .heading { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    place: reactive[int] = reactive(0)
    """Which result is shown, from 0."""
    raw: reactive[bool] = reactive(False)
    """Whether it is shown as JSON."""

    view = getters.query_one(RecordView)
    heading = getters.query_one(".heading", Static)

    def __init__(self, *, ascii: bool = False) -> None:
        super().__init__()
        self._ascii = ascii
        self._preview = Preview()
        self._unit = "line"

    def compose(self) -> ComposeResult:
        yield Static(Content(""), classes="heading")
        yield RecordView(id="result")

    def show(self, preview: Preview, unit: str) -> None:
        """Show the results of an edited mapping, the same one in place if it is still there."""
        self._preview = preview
        self._unit = unit
        self.set_reactive(ImportResultPane.place, max(0, min(self.place, len(preview.rows) - 1)))
        self._draw(stay=True)

    def step(self, rows: int) -> None:
        """Go to another result."""
        self.place = max(0, min(self.place + rows, len(self._preview.rows) - 1))

    def watch_place(self) -> None:
        if self.is_mounted:
            self._draw(stay=False)

    def watch_raw(self) -> None:
        if self.is_mounted:
            self._draw(stay=False)

    def _draw(self, *, stay: bool) -> None:
        shown = self._preview
        self.set_class(not shown.rows, "-nothing")
        if not shown.rows:
            trouble = shown.problem or "Nothing comes of the first rows"
            self.heading.update(Content(f"✗ {safe_line(trouble)}"))
            below = "\n".join(line for line in (shown.hint, shown.skipped_words()) if line)
            self.view.show(lambda width: text_page(below, width, "record-view--note"), len(below))
            return
        result = shown.rows[self.place]
        row = read_row(result)
        words = [
            f"Result {present.count(self.place + 1)} of {present.count(len(shown.rows))}",
            f"{self._unit} {present.count(result.number)}",
            row.describe(),
            shown.skipped_words(),
        ]
        self.heading.update(Content(safe_line(" · ".join(word for word in words if word))))
        raw, plain = self.raw, self._ascii
        self.view.show(
            lambda width: row.page(width, raw=raw, ascii=plain, tokens=None),
            len(row.raw),
            path=None if stay else "",
        )
