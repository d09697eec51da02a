"""A data set on screen: its rows in a list, the chosen one beside it, search and jumps."""

from __future__ import annotations

from dataclasses import dataclass

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from fttui.domain.errors import UsageError
from fttui.domain.text import safe_line
from fttui.services.dataset.search import find_row
from fttui.ui import present
from fttui.ui.dataset_rows import DatasetRows
from fttui.ui.widgets.ask_bar import AskBar
from fttui.ui.widgets.record_list import RecordList
from fttui.ui.widgets.row_pane import RowPane


class RecordBrowser(Vertical):
    """Shows an open data set; it neither opens nor closes files."""

    DEFAULT_CSS = """
    RecordBrowser {
        & > .file-line { height: 1; }
        & > .said { height: 1; display: none; }
        & > .said.-saying { display: block; }
        & > .rows { height: 1fr; }
        & RecordList { width: 2fr; max-width: 60; }
        & RowPane { width: 3fr; }
        & > .nothing { height: 1fr; display: none; padding: 1 2; }
        &.-nothing > .rows { display: none; }
        &.-nothing > .nothing { display: block; }
        &.-zoomed RecordList { display: none; }
    }
    """
    BINDINGS = [
        Binding("slash", "search", "Search", key_display="/", id="data.search"),
        Binding("n", "again(1)", "Next found", show=False, id="data.next-found"),
        Binding("N", "again(-1)", "Found before", show=False, id="data.previous-found"),
        Binding("colon", "jump", "Go to row", show=False, key_display=":", id="data.jump"),
        Binding("r", "toggle_raw", "Raw", id="data.raw"),
        Binding("x", "toggle_training", "What is trained", show=False, id="data.trained"),
        Binding("z", "zoom", "Whole width", show=False, id="data.zoom"),
        Binding("y", "copy", "Copy row", show=False, id="data.copy"),
        Binding("right,l", "read", "Read the row", show=False, id="data.read"),
        Binding("left,h", "list", "Back to the list", show=False, id="data.list"),
    ]

    rows_known: reactive[int] = reactive(0)
    zoomed: reactive[bool] = reactive(False)

    record_list = getters.query_one("#rows", RecordList)
    pane = getters.query_one(RowPane)
    ask = getters.query_one("#row-ask", AskBar)

    @dataclass
    class CopyWanted(Message):
        """A text is to go to the clipboard."""

        text: str
        what: str

    @dataclass
    class Failed(Message):
        """Something a person should be told."""

        error: UsageError

    def __init__(self, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii = ascii
        self._rows: DatasetRows | None = None
        self._path = ""
        self._wanted = ""
        self._search_from = 0

    def compose(self) -> ComposeResult:
        yield Static(Content(""), classes="file-line")
        with Horizontal(classes="rows"):
            yield RecordList(id="rows")
            yield RowPane(ascii=self._ascii, id="row-pane")
        yield Static(Content(""), classes="nothing")
        yield Static(Content(""), classes="said")
        yield AskBar(id="row-ask")

    def on_mount(self) -> None:
        self.record_list.ascii = self._ascii

    # The file

    def show(self, rows: DatasetRows, line: int = 0, path: str = "") -> None:
        """Show a file from a row on, its index growing or whole.

        Args:
            rows: the open file.
            line: 0-based row to start at; it must be known already.
            path: the message in the row to scroll to.
        """
        self._rows = rows
        self.workers.cancel_group(self, "record.search")
        self.pane.forget()
        self._path = path
        self._want("")
        self.say("")
        self.rows_known = 0
        self.record_list.show_rows(rows.summary)
        self.grow()
        if self._say_nothing_to_show(rows):
            return
        self.record_list.cursor = line
        self._show_row(line)

    def _say_nothing_to_show(self, rows: DatasetRows) -> bool:
        why = rows.nothing_to_show
        self.query_one(".nothing", Static).update(Content(why))
        self.set_class(bool(why), "-nothing")
        return bool(why)

    def grow(self) -> None:
        """More of the file has been indexed."""
        if self._rows is not None:
            self.rows_known = self._rows.dataset.lines_known
            self.record_list.count = self.rows_known
            self._say_file()

    def go_to(self, line: int, path: str = "") -> None:
        """Put the cursor on a row and scroll to a message in it."""
        self._path = path
        if self.record_list.cursor == line:
            self._show_row(line)
        else:
            self.record_list.cursor = line

    def _say_file(self) -> None:
        if self._rows is None:
            return
        dataset = self._rows.dataset
        words = [safe_line(dataset.path.name), present.size(dataset.size), present.counted(self.rows_known, "row")]
        if not dataset.indexed:
            words[-1] += " so far"
        words += filter(None, (dataset.made_from, safe_line(dataset.trouble), self._rows.note))
        self.query_one(".file-line", Static).update(Content(" · ".join(words)))

    # The row under the cursor

    @on(RecordList.Highlighted)
    def _follow_cursor(self, event: RecordList.Highlighted) -> None:
        event.stop()
        if self.pane.number != event.number:
            self._show_row(event.number)

    def _show_row(self, number: int) -> None:
        if self._rows is not None:
            self.pane.show(self._rows, number, self._path)
            self._path = ""

    @on(RecordList.Chosen)
    def action_read(self) -> None:
        """Move into the row that is shown."""
        self.pane.view.focus()

    def action_list(self) -> None:
        """Move back to the list."""
        self.zoomed = False
        self.record_list.focus()

    @on(RowPane.FileChanged)
    def _say_changed(self, event: RowPane.FileChanged) -> None:
        event.stop()
        self.say("The file has changed since it was opened; R opens it again")

    def watch_zoomed(self, zoomed: bool) -> None:
        self.set_class(zoomed, "-zoomed")

    # Search and jumps

    def say(self, words: str) -> None:
        """Show a line below the rows, or take it away."""
        line = self.query_one(".said", Static)
        line.update(Content(words))
        line.set_class(bool(words), "-saying")

    def action_search(self) -> None:
        """Look for a text in the rows as it is typed."""
        self._search_from = self.record_list.cursor
        self.zoomed = False
        self.ask.ask("search", "Search rows for", self._wanted)

    def action_jump(self) -> None:
        """Go to a row by its number."""
        self.zoomed = False
        self.ask.ask("jump", f"Go to row (1 to {present.count(self.rows_known)})")

    @on(AskBar.Typed)
    def _search_typed(self, event: AskBar.Typed) -> None:
        event.stop()
        if event.purpose == "search":
            self._want(event.text)
            self._find(self._search_from, 1)

    @on(AskBar.Accepted)
    def _accept(self, event: AskBar.Accepted) -> None:
        event.stop()
        self.record_list.focus()
        if event.purpose != "jump":
            return
        digits = event.text.strip().replace(",", "")
        if digits.isdecimal() and 1 <= int(digits) <= self.rows_known:
            self.record_list.cursor = int(digits) - 1
        else:
            self.post_message(
                self.Failed(UsageError(f"There is no row {safe_line(event.text, 20)}; rows go to {self.rows_known}"))
            )

    @on(AskBar.Dropped)
    def _drop(self, event: AskBar.Dropped) -> None:
        event.stop()
        if event.purpose == "search":
            self.workers.cancel_group(self, "record.search")
            self._want("")
            self.say("")
            self.record_list.cursor = self._search_from
        self.record_list.focus()

    def _want(self, text: str) -> None:
        """Search for another text, which is highlighted wherever it stands."""
        self._wanted = self.pane.wanted = self.record_list.wanted = text

    def action_again(self, step: int) -> None:
        """Find the next row with the same text, or the one before."""
        if self._wanted and self.rows_known:
            self._find((self.record_list.cursor + step) % self.rows_known, step)

    @work(group="record.search", exclusive=True)
    async def _find(self, start: int, step: int) -> None:
        rows, wanted = self._rows, self._wanted
        if rows is None:
            return
        if not wanted:
            self.say("")
            return
        shown = f"“{safe_line(wanted, 30)}”"

        def tell(done: int, total: int) -> None:
            self.say(f"Looking for {shown}: {present.percent(done / total)} of {present.counted(total, 'row')}")

        found = await find_row(rows.dataset, wanted, start, step, tell)
        if found is None:
            self.say(f"No row has {shown}")
        else:
            self.say(f"{shown} in row {present.count(found + 1)} · n next · N before")
            self.record_list.cursor = found

    # Other keys

    def action_toggle_raw(self) -> None:
        """Show the row as JSON, or for reading."""
        self.pane.training = False
        self.pane.raw = not self.pane.raw

    def action_toggle_training(self) -> None:
        """Show what training does with the row: what is learnt, read, masked, cut off."""
        self.pane.raw = False
        self.pane.training = not self.pane.training

    def action_zoom(self) -> None:
        """Give the row the whole width, or take it back."""
        self.zoomed = not self.zoomed
        (self.pane.view if self.zoomed else self.record_list).focus()

    def action_copy(self) -> None:
        """Copy the row as it stands in the file."""
        row = self.pane.row
        if row is not None:
            self.post_message(self.CopyWanted(row.raw.decode("utf-8", "replace"), f"row {row.number + 1}"))
