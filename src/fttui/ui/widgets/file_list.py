"""Files and folders in one list: those opened lately, then what is in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from rich.cells import cell_len
from textual.binding import Binding

from fttui.domain.text import safe_line
from fttui.services.folder import Entry
from fttui.ui import present
from fttui.ui.cells import cut, fill, fill_left
from fttui.ui.widgets.line_list import LineList, Piece

SIZE_COLUMN = 8
DATE_COLUMN = 16
DATES_FROM = 60
"""Cells from which the time of the last change is shown."""


class RowKind(Enum):
    """What a row of the list is."""

    HEADING = auto()
    SAMPLE = auto()
    RECENT = auto()
    UP = auto()
    ENTRY = auto()


_ABOVE = (RowKind.RECENT, RowKind.ENTRY, RowKind.SAMPLE)
_IN_FOLDER = (RowKind.ENTRY, RowKind.UP)
SAMPLE = "A sample: requests to a smart home, each answered with JSON"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row: a heading or the sample with its text, or something with its entry."""

    kind: RowKind
    entry: Entry | None = None
    text: str = ""


def file_rows(
    recent: Sequence[Entry], folder: Path, entries: Sequence[Entry], *, sample: bool = False
) -> tuple[FileRow, ...]:
    """The rows of a listing: recent files or the sample first, then the way up, folders, files."""
    rows: list[FileRow] = []
    if recent:
        rows.append(FileRow(RowKind.HEADING, text="Opened lately"))
        rows.extend(FileRow(RowKind.RECENT, entry) for entry in recent)
    elif sample:
        rows.append(FileRow(RowKind.HEADING, text="To try it out"))
        rows.append(FileRow(RowKind.SAMPLE, text=SAMPLE))
    if rows:
        rows.append(FileRow(RowKind.HEADING, text="This folder"))
    if folder.parent != folder:
        rows.append(FileRow(RowKind.UP, Entry(folder.parent, is_folder=True)))
    rows.extend(FileRow(RowKind.ENTRY, entry) for entry in entries)
    return tuple(rows)


class FileList(LineList):
    """Shows rows it is given; what can be training data stands out."""

    COMPONENT_CLASSES = {
        "file-list--heading",
        "file-list--folder",
        "file-list--data",
        "file-list--other",
        "file-list--detail",
    }
    BINDINGS = [Binding("enter", "choose", "Open", id="browser.open")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[FileRow, ...] = ()
        self.starts_in_folder = False
        """Whether the cursor starts in the folder rather than at what is above it."""

    def show_rows(self, rows: tuple[FileRow, ...], *, keep: bool = True) -> None:
        """Show other rows; with `keep` the cursor stays on what a person put it on."""
        held = self.entry if keep and self.cursor != self._first_choice() else None
        self._rows = rows
        self.count = len(rows)
        self.go_to(self._place_of(held))
        self.refresh()

    def _first_choice(self) -> int:
        kinds = _IN_FOLDER if self.starts_in_folder else _ABOVE
        places = {row.kind: number for number, row in reversed(list(enumerate(self._rows)))}
        return next((places[kind] for kind in kinds if kind in places), 0)

    def _place_of(self, held: Entry | None) -> int:
        if held is not None:
            for number, row in enumerate(self._rows):
                if row.entry is not None and row.entry.path == held.path:
                    return number
        return self._first_choice()

    def put_cursor_on(self, path: Path) -> None:
        """Put the cursor on an entry of the folder, if it is there."""
        for number, row in enumerate(self._rows):
            if row.kind is RowKind.ENTRY and row.entry is not None and row.entry.path == path:
                self.cursor = number
                return

    @property
    def is_on_sample(self) -> bool:
        """Whether the cursor is on the sample."""
        return self.cursor < len(self._rows) and self._rows[self.cursor].kind is RowKind.SAMPLE

    @property
    def entry(self) -> Entry | None:
        """What the cursor is on."""
        return self._rows[self.cursor].entry if self.cursor < len(self._rows) else None

    def entry_at(self, number: int) -> Entry | None:
        """What a row stands for."""
        return self._rows[number].entry if number < len(self._rows) else None

    def selectable(self, number: int) -> bool:
        return self._rows[number].kind is not RowKind.HEADING

    def row(self, number: int, width: int) -> Iterable[Piece]:
        row = self._rows[number]
        entry = row.entry
        if row.kind is RowKind.SAMPLE:
            return ((cut(f"  {row.text}", width), "file-list--data"),)
        if entry is None:
            return ((cut(f" {row.text}", width), "file-list--heading"),)
        if row.kind is RowKind.UP:
            return (("  ../", "file-list--folder"),)
        return self._entry_row(entry, width, is_recent=row.kind is RowKind.RECENT)

    def _entry_row(self, entry: Entry, width: int, *, is_recent: bool) -> Iterable[Piece]:
        detail = ""
        if not entry.is_folder:
            detail = fill_left("" if entry.size is None else present.size(entry.size), SIZE_COLUMN)
            if width >= DATES_FROM:
                detail += "  " + fill("" if entry.changed is None else present.moment(entry.changed), DATE_COLUMN)
        room = width - len(detail) - 4
        name = safe_line(entry.name) + ("/" if entry.is_folder else "")
        style = "file-list--folder" if entry.is_folder else "file-list--data" if entry.is_data else "file-list--other"
        shown = cut(name, room)
        yield f"  {shown}", style
        where = "  " + shown_path(entry.path.parent) if is_recent else ""
        yield fill(where, room - cell_len(shown)) + " ", "file-list--detail"
        yield f"{detail} ", "file-list--detail"


def shown_path(path: Path) -> str:
    """A path fit to be shown, the home folder as a tilde."""
    return safe_line(present.place(path, Path.home()))
