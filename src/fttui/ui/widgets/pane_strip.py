"""Names of panes that share one place on a narrow screen, with the one in view marked."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class PaneStrip(Widget):
    """One line of names."""

    DEFAULT_CSS = "PaneStrip { height: 1; }"

    names: reactive[Sequence[str]] = reactive[Sequence[str]](())
    at: reactive[int] = reactive(0)

    def render(self) -> Content:
        """The names, the one in view standing out without colour too."""
        parts = [
            Content.styled(f"[{name}]", "bold $text-primary") if place == self.at else Content(f" {name} ")
            for place, name in enumerate(self.names)
        ]
        return Content(" ").join(parts)
