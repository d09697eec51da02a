"""Walks the file system: recent files first, then one folder, filtered and sorted, listed as it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from fttui.domain.errors import FttuiError
from fttui.domain.text import safe_line
from fttui.services.folder import Entry, describe, list_folder
from fttui.ui import present
from fttui.ui.cells import cut
from fttui.ui.file_choices import with_tilde
from fttui.ui.widgets.ask_bar import AskBar
from fttui.ui.widgets.file_list import FileList, FileRow, file_rows, shown_path

RECENT_SHOWN = 5
MANY = 3000
"""Entries from which a folder is sorted and filtered away from the event loop."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder ready to be drawn: rows, and how many of the entries are what."""

    rows: tuple[FileRow, ...] = ()
    shown: int = 0
    data: int = 0
    others: int = 0


def arrange(
    folder: Path, recent: Sequence[Entry], entries: Sequence[Entry], wanted: str, show_hidden: bool, sample: bool
) -> Listing:
    """Filter and sort, folders first, by name; long work for a folder of many thousands."""
    wanted = wanted.casefold()
    visible = (entry for entry in entries if show_hidden or not entry.is_hidden)
    found = sorted(
        (entry for entry in visible if wanted in entry.name.casefold()),
        key=lambda entry: (not entry.is_folder, entry.name.casefold()),
    )
    lately = [entry for entry in recent if wanted in entry.name.casefold()]
    data = sum(entry.is_data for entry in found)
    others = sum(not entry.is_folder for entry in found) - data
    return Listing(file_rows(lately, folder, found, sample=sample and not wanted), len(found), data, others)


class FileBrowser(Vertical):
    """A folder to choose a file from."""

    DEFAULT_CSS = """
    FileBrowser {
        & > .where { height: 1; }
        & > .said { height: 1; }
        & > .said.-failed { height: auto; max-height: 3; }
    }
    """
    BINDINGS = [
        Binding("slash", "filter", "Filter", key_display="/", id="browser.filter"),
        Binding("h,backspace,left", "up", "Up", key_display="h", id="browser.up"),
        Binding("l,right", "enter_folder", "Into folder", show=False, id="browser.into"),
        Binding("full_stop", "toggle_hidden", "Hidden files", show=False, key_display=".", id="browser.hidden"),
        Binding("tilde", "home_folder", "Home folder", show=False, key_display="~", id="browser.home"),
        Binding("r", "reload", "Reload", show=False, id="browser.reload"),
    ]

    folder: reactive[Path | None] = reactive[Path | None](None)
    show_hidden: reactive[bool] = reactive(False)
    wanted: reactive[str] = reactive("")
    """What names must contain."""

    file_list = getters.query_one("#files", FileList)
    where = getters.query_one(".where", Static)
    said = getters.query_one(".said", Static)
    ask = getters.query_one("#browser-ask", AskBar)

    @dataclass
    class FileChosen(Message):
        """A file is to be opened."""

        path: Path

    class SampleChosen(Message):
        """The sample that ships with the program is to be opened."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: list[Entry] = []
        self._recent: tuple[Entry, ...] = ()
        self._came_from: Path | None = None
        self._offers_sample = False
        self._listing = False
        self._failure = ""

    def compose(self) -> ComposeResult:
        yield Static(Content(""), classes="where")
        yield FileList(id="files")
        yield Static(Content(""), classes="said")
        yield AskBar(id="browser-ask")

    # Where we are

    def go(self, folder: Path, *, came_from: Path | None = None, at_recent: bool = False) -> None:
        """Show another folder, or the same one anew; with `at_recent` the cursor starts at the recent files."""
        self._came_from = came_from
        self.file_list.starts_in_folder = not at_recent
        self.wanted = ""
        self.folder = folder
        self._list(folder)

    def look_again(self, newcomer: Path | None = None) -> None:
        """Read the folder once more, the cursor where it is, or on a file that was written meanwhile if it is there."""
        if self.folder is not None and not self._listing:
            self._list_again(self.folder, newcomer)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Show these files above the folder, those of them that are still there; without any, offer the sample."""
        self._describe_recent(tuple(paths))

    @work(group="browser.recent", exclusive=True)
    async def _describe_recent(self, paths: Sequence[Path]) -> None:
        found = [await describe(path) for path in paths]
        self._recent = tuple(entry for entry in found if entry is not None and not entry.is_folder)[:RECENT_SHOWN]
        self._offers_sample = not self._recent
        self._show()

    @work(group="browser.list", exclusive=True)
    async def _list(self, folder: Path) -> None:
        self._entries = []
        self._failure = ""
        self._listing = True
        self._show(keep=False)
        try:
            async for batch in list_folder(folder):
                self._entries.extend(batch)
                self._show()
        except FttuiError as error:
            self._failure = error.message
        self._listing = False
        self._show()

    @work(group="browser.list", exclusive=True)
    async def _list_again(self, folder: Path, newcomer: Path | None) -> None:
        entries: list[Entry] = []
        try:
            async for batch in list_folder(folder):
                entries.extend(batch)
        except FttuiError as error:
            self._failure = error.message
        self._entries = entries
        if newcomer is not None:
            self._came_from, self._failure = newcomer, ""
        self._show()

    # Drawing

    def _show(self, *, keep: bool = True) -> None:
        """Draw what is known; a big folder is sorted away from the event loop, and only when it is read."""
        if self.folder is None:
            return
        asked = (self.folder, self._recent, tuple(self._entries), self.wanted, self.show_hidden, self._offers_sample)
        if len(self._entries) <= MANY:
            self.workers.cancel_group(self, "browser.arrange")
            self._draw(arrange(*asked), keep)
        elif not self._listing:
            self._arrange_apart(asked, keep)
        else:
            self.said.update(Content(self._summary(Listing())))

    @work(group="browser.arrange", exclusive=True)
    async def _arrange_apart(
        self, asked: tuple[Path, tuple[Entry, ...], tuple[Entry, ...], str, bool, bool], keep: bool
    ) -> None:
        self._draw(await asyncio.to_thread(arrange, *asked), keep)

    def _draw(self, listing: Listing, keep: bool) -> None:
        if self.folder is None or not self.screen.display:
            return
        self.file_list.show_rows(listing.rows, keep=keep)
        self.where.update(Content(cut(shown_path(self.folder), max(self.size.width - 2, 20))))
        self.said.update(Content(self._summary(listing)))
        self.said.set_class(bool(self._failure), "-failed")
        if self._came_from is not None and not self._listing:
            self.file_list.put_cursor_on(self._came_from)
            self._came_from = None

    def _summary(self, listing: Listing) -> str:
        if self._failure:
            return safe_line(self._failure)
        if self._listing:
            return f"reading the folder, {present.counted(len(self._entries), 'entry', 'entries')} so far"
        if not self._entries:
            return "This folder is empty."
        words = [present.counted(listing.data, "file that can be training data", "files that can be training data")]
        if listing.others:
            words.append(present.counted(listing.others, "other file"))
        if self.wanted:
            words.append(f"names with “{safe_line(self.wanted, 30)}”")
        elif hidden := len(self._entries) - listing.shown:
            words.append(f"{present.count(hidden)} hidden")
        return " · ".join(words)

    def say_failure(self, error: FttuiError) -> None:
        """Say in the bottom line why a file could not be opened."""
        words = f"{error.message}. {error.hint}" if error.hint else error.message
        self._failure = with_tilde(words)
        self._show()

    def watch_show_hidden(self) -> None:
        if self.is_mounted:
            self._show()

    def watch_wanted(self) -> None:
        if self.is_mounted:
            self._show()

    # Keys

    @on(FileList.Chosen)
    def _open_chosen(self, event: FileList.Chosen) -> None:
        event.stop()
        entry = self.file_list.entry
        if self.file_list.is_on_sample:
            self.post_message(self.SampleChosen())
        if entry is None:
            return
        if entry.is_folder:
            self._enter(entry.path)
        else:
            self._failure = ""
            self.post_message(self.FileChosen(entry.path))

    def _enter(self, path: Path) -> None:
        is_up = self.folder is not None and path == self.folder.parent
        self.go(path, came_from=self.folder if is_up else None)

    def action_enter_folder(self) -> None:
        """Go into the folder that the cursor is on."""
        entry = self.file_list.entry
        if entry is not None and entry.is_folder:
            self._enter(entry.path)

    def action_up(self) -> None:
        """Go to the folder above."""
        if self.folder is not None and self.folder.parent != self.folder:
            self.go(self.folder.parent, came_from=self.folder)

    def action_home_folder(self) -> None:
        """Go to the home folder."""
        self.go(Path.home())

    def action_reload(self) -> None:
        """List the folder anew."""
        if self.folder is not None:
            self.go(self.folder)

    def action_toggle_hidden(self) -> None:
        """Show or leave out what starts with a dot."""
        self.show_hidden = not self.show_hidden

    def action_filter(self) -> None:
        """Type a part of a name."""
        self.ask.ask("filter", "Names with", self.wanted)

    @on(AskBar.Typed)
    def _narrow(self, event: AskBar.Typed) -> None:
        event.stop()
        self.wanted = event.text

    @on(AskBar.Accepted)
    def _keep_filter(self, event: AskBar.Accepted) -> None:
        event.stop()
        self.file_list.focus()

    @on(AskBar.Dropped)
    def _drop_filter(self, event: AskBar.Dropped) -> None:
        event.stop()
        self.wanted = ""
        self.file_list.focus()
