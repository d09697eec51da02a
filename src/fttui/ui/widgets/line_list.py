"""A list of one-line rows that draws only what is visible, however many rows there are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

Piece = tuple[str, str]
"""A text and the component class it is drawn in; an empty name for the row's own style."""


class LineList(ScrollView, can_focus=True):
    """Rows with a cursor. Subclasses say what a row looks like, and set `count`.

    Row numbers start at 0. The list asks for rows as they come into view and keeps none of them.
    """

    COMPONENT_CLASSES = {"line-list--row", "line-list--cursor"}
    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        overflow-x: hidden;
        background: transparent;
        scrollbar-size-vertical: 1;
        & > .line-list--cursor { background: $block-cursor-blurred-background; color: $text; }
        &:focus > .line-list--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """
    BINDINGS = [
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("pagedown", "page(1.0)", "Page down", show=False, id="list.page-down"),
        Binding("pageup", "page(-1.0)", "Page up", show=False, id="list.page-up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="list.half-down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="list.half-up"),
        Binding("home,g", "first", "First row", show=False, id="list.first"),
        Binding("end,G", "last", "Last row", show=False, id="list.last"),
        Binding("enter", "choose", "Open", show=False, id="list.choose"),
    ]

    count: reactive[int] = reactive(0)
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Highlighted(Message):
        """The cursor has come to a row."""

        source: LineList
        number: int

        @property
        def control(self) -> LineList:
            """The list, for selectors."""
            return self.source

    @dataclass
    class Chosen(Message):
        """A row was chosen with enter or a second click."""

        source: LineList
        number: int

        @property
        def control(self) -> LineList:
            """The list, for selectors."""
            return self.source

    @abstractmethod
    def row(self, number: int, width: int) -> Iterable[Piece]:
        """What stands in a row: pieces that together take at most `width` cells."""

    def selectable(self, number: int) -> bool:
        """Whether the cursor may rest on a row."""
        return True

    def render_line(self, y: int) -> Strip:
        number = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        names = ["line-list--row"]
        if number == self.cursor and number < self.count:
            names.append("line-list--cursor")
        base = self.get_visual_style(*names).rich_style
        if number >= self.count:
            return Strip.blank(width, base)
        # Under the cursor everything has its colours: others may not stand out from it.
        plain = number == self.cursor
        segments = [
            Segment(text, base if plain or not name else self.get_visual_style(*names, name).rich_style)
            for text, name in self.row(number, width)
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def watch_count(self, count: int) -> None:
        self.virtual_size = Size(0, count)
        if self.cursor >= count:
            self.cursor = max(count - 1, 0)
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, before: int, cursor: int) -> None:
        self.refresh_line(before)
        self.refresh_line(cursor)
        self.show_cursor()
        self.post_message(self.Highlighted(self, cursor))

    def on_resize(self, _event: events.Resize) -> None:
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll so that the cursor is in view."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def action_move(self, step: int) -> None:
        number = self.cursor + step
        while 0 <= number < self.count:
            if self.selectable(number):
                self.cursor = number
                return
            number += step
        if step < 0:
            self.scroll_to(y=0, animate=False)

    def action_page(self, share: float) -> None:
        step = max(1, int(abs(share) * self.scrollable_content_region.height))
        self.go_to(self.cursor + (step if share > 0 else -step))

    def action_first(self) -> None:
        self.go_to(0)

    def action_last(self) -> None:
        self.go_to(self.count - 1)

    def go_to(self, number: int) -> None:
        """Put the cursor on a row, or the nearest one that can be chosen."""
        number = max(0, min(number, self.count - 1))
        later = range(number, self.count)
        earlier = range(number - 1, -1, -1)
        for candidate in (*later[:20], *earlier[:20]):
            if self.selectable(candidate):
                self.cursor = candidate
                return

    def action_choose(self) -> None:
        if self.count:
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        number = self.scroll_offset.y + event.y
        if number >= self.count or not self.selectable(number):
            return
        if number == self.cursor and event.chain > 1:
            self.action_choose()
        else:
            self.cursor = number
