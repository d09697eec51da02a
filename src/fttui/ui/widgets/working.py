"""What a screen shows of work that a person waits for: what is done, how far it is, and a sentence about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


class Working(Vertical):
    """Work on files; it is told of every step, on the event loop."""

    DEFAULT_CSS = """
    Working {
        height: 1fr;
        padding: 1 2;
        color: $text-muted;
        & > Static { height: auto; }
        & > ProgressLine { margin: 1 0; }
    }
    """

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        # Work may go on for a moment when the screen is closed already, and its parts cannot be asked for.
        self._title, self._line, self._words = Static(Content("")), ProgressLine(), Static(Content(""))
        self._began = 0.0

    def compose(self) -> ComposeResult:
        yield from (self._title, self._line, self._words)

    def begin(self, title: str, words: str) -> None:
        """Name the work, and say what it consists of."""
        self._began = self.app.clock.now()
        self._title.update(Content(safe_line(title)))
        self._line.show(0.0)
        self._words.update(Content(words))

    def tell(self, done: int, total: int, words: str = "") -> None:
        """Say how many bytes are done, how fast, and how long the rest will take; and other words, if there are."""
        after = f"{present.size(done)} of {present.size(total)}"
        seconds = self.app.clock.now() - self._began
        if seconds > 0 and done:
            rate = done / seconds
            after += f" · {present.size(round(rate))}/s · {present.duration(max(total - done, 0) / rate)} left"
        self._line.show(min(done / total, 1.0) if total else 1.0, "", after)
        if words:
            self._words.update(Content(words))
