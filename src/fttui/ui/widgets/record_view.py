"""One row of a data set for reading: scrolls over a page that was laid out for its width."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from rich.segment import Segment
from textual import events, work
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fttui.ui.page import Page

LONG = 20_000
"""Characters of a row from which it is laid out away from the event loop."""

Layout = Callable[[int], Page]
"""Lays a row out for a width in cells."""


class RecordView(ScrollView, can_focus=True):
    """Shows whatever page it is given a way to lay out, again at each new width."""

    COMPONENT_CLASSES = {
        "record-view--role",
        "record-view--note",
        "record-view--untrained",
        "record-view--call",
        "record-view--key",
        "record-view--section",
        "record-view--marked",
        "record-view--found",
        "finding--error",
        "finding--warning",
        "finding--info",
        "fate--trained",
        "fate--against",
        "fate--context",
        "fate--masked",
        "fate--cut",
        "role--system",
        "role--developer",
        "role--user",
        "role--assistant",
        "role--tool",
        "role--other",
    }
    DEFAULT_CSS = """
    RecordView {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .record-view--role { text-style: bold; }
    }
    """
    BINDINGS = [
        Binding("down,j", "lines(1)", "Down", show=False, id="record.down"),
        Binding("up,k", "lines(-1)", "Up", show=False, id="record.up"),
        Binding("pagedown,space", "pages(1.0)", "Page down", show=False, id="record.page-down"),
        Binding("pageup", "pages(-1.0)", "Page up", show=False, id="record.page-up"),
        Binding("ctrl+d", "pages(0.5)", "Half a page down", show=False, id="record.half-down"),
        Binding("ctrl+u", "pages(-0.5)", "Half a page up", show=False, id="record.half-up"),
        Binding("home,g", "top", "Top", show=False, id="record.top"),
        Binding("end,G", "bottom", "Bottom", show=False, id="record.bottom"),
    ]

    page: reactive[Page] = reactive(Page(()), init=False)

    @dataclass
    class LaidOut(Message):
        """A page is ready and drawn."""

        view: RecordView

        @property
        def control(self) -> RecordView:
            """The view, for selectors."""
            return self.view

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._layout: Layout = lambda _width: Page(())
        self._length = 0
        self._target: str | None = None
        self._width = 0
        """What the page was laid out for."""

    def show(self, layout: Layout, length: int, *, path: str | None = "") -> None:
        """Show another row.

        Args:
            layout: lays it out.
            length: its size in characters, to judge whether that may take long.
            path: the place in the row to scroll to; empty for the top, None to stay where we are.
        """
        self._layout = layout
        self._length = length
        self._target = path
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        self._width = width
        if self._length < LONG:
            self.workers.cancel_group(self, "record.layout")
            self._show_page(self._layout(width))
        else:
            self._lay_out_apart(width)

    @work(group="record.layout", exclusive=True)
    async def _lay_out_apart(self, width: int) -> None:
        self._show_page(await asyncio.to_thread(self._layout, width))

    def _show_page(self, page: Page) -> None:
        self.page = page
        if self._target is not None:
            top = page.top_for(self._target, self.scrollable_content_region.height)
            self.scroll_to(y=top, animate=False, force=True)
            self._target = None
        self.post_message(self.LaidOut(self))
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        # A scroll bar that has come or gone takes or gives a column, of which no resize tells.
        if self.is_attached and self.scrollable_content_region.width != self._width:
            self._lay_out()

    def watch_page(self, page: Page) -> None:
        self.virtual_size = Size(0, len(page.lines))
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        base = self.rich_style
        number = self.scroll_offset.y + y
        if number >= len(self.page.lines):
            return Strip.blank(width, base)
        segments = [
            Segment(text, self.get_visual_style(*names.split()).rich_style if names else base)
            for text, names in self.page.lines[number]
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def action_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=lines, animate=False)

    def action_pages(self, pages: float) -> None:
        """Scroll by a share of what is visible, keeping a line of it."""
        height = self.scrollable_content_region.height
        step = max(int(abs(pages) * height) - 1, 1)
        self.scroll_relative(y=step if pages > 0 else -step, animate=False)

    def action_top(self) -> None:
        """Scroll to the first line."""
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """Scroll to the last line."""
        self.scroll_to(y=self.max_scroll_y, animate=False)
