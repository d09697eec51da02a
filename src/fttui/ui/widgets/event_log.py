"""A job's log: bounded, wrapped to the width, following the end unless somebody scrolled up to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fttui.domain.jobs.job import JobEvent
from fttui.domain.text import safe_line
from fttui.ui.cells import wrap

TIME_CELLS = 9
"""``HH:MM:SS`` and a space."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line on screen; a continued event has no time."""

    time: str
    text: str
    part: str
    """The component class the text is drawn with."""


class EventLog(ScrollView, can_focus=True):
    """Events, oldest first. `show` takes the whole log each time and draws only what is new."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "event-log--time",
        "event-log--text",
        "event-log--step",
        "event-log--warning",
        "event-log--error",
    }
    DEFAULT_CSS = """
    EventLog {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """
    BINDINGS = [
        Binding("j", "scroll_down", "Down", show=False, id="log.down"),
        Binding("k", "scroll_up", "Up", show=False, id="log.up"),
        Binding("g", "scroll_home", "First event", show=False, id="log.first"),
        Binding("G", "scroll_end", "Last event", show=False, id="log.last"),
    ]

    LIMIT: ClassVar[int] = 2000
    """Events kept on screen; older ones are named by their number in the first line."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._events: Sequence[JobEvent] = ()
        self._lines: list[_Line] = []
        self._width = 0

    def on_mount(self) -> None:
        """Stay at the end until somebody scrolls away from it."""
        self.anchor()

    def show(self, events: Sequence[JobEvent]) -> None:
        """Show a log that has grown, or another one altogether."""
        known = len(self._events)
        grew = known <= len(events) and (known == 0 or events[known - 1].id == self._events[-1].id)
        fresh = events[known:] if grew else events
        if grew and not fresh:
            return
        self._events = events
        if self._width == 0:
            return
        if grew and len(events) <= self.LIMIT:
            self._lines.extend(self._lay_out(fresh))
            self._draw()
        else:
            self._lay_out_all()

    def _on_resize(self, event: Resize) -> None:
        width = self.scrollable_content_region.width
        if width != self._width:
            self._width = width
            self._lay_out_all()

    def _lay_out_all(self) -> None:
        kept = self._events[-self.LIMIT :]
        left_out = len(self._events) - len(kept)
        self._lines = [_Line("", f"{left_out} earlier events are not shown", "step")] if left_out else []
        self._lines.extend(self._lay_out(kept))
        self._draw()

    def _lay_out(self, events: Iterable[JobEvent]) -> Iterable[_Line]:
        room = max(self._width - TIME_CELLS, 10)
        for event in events:
            time = datetime.fromtimestamp(event.created_at).astimezone().strftime("%H:%M:%S")
            for number, text in enumerate(wrap(safe_line(event.message), room)):
                yield _Line(time if number == 0 else "", text, _part_of(event))

    def _draw(self) -> None:
        self.virtual_size = Size(self._width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the log as it scrolls by."""
        number = y + self.scroll_offset.y
        base = self.rich_style
        if number >= len(self._lines):
            return Strip.blank(self.size.width, base)
        line = self._lines[number]
        strip = Strip(
            [
                Segment(line.time.ljust(TIME_CELLS), self.get_component_rich_style("event-log--time")),
                Segment(line.text, self.get_component_rich_style(f"event-log--{line.part}")),
            ]
        )
        return strip.adjust_cell_length(self.size.width, base)

    @property
    def text(self) -> str:
        """The log as plain lines, for tests and for copying."""
        return "\n".join(f"{line.time:<{TIME_CELLS}}{line.text}".rstrip() for line in self._lines)


def _part_of(event: JobEvent) -> str:
    if event.level in ("error", "warning"):
        return event.level
    if event.level == "warn":
        return "warning"
    return "text" if event.step is None else "step"
