"""What stands in place of a screen on a terminal too small for it."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

LEAST = Size(40, 12)
"""Columns and lines with which every screen can be used."""


def fits(size: Size) -> bool:
    """Whether a terminal is large enough."""
    return size.width >= LEAST.width and size.height >= LEAST.height


class TooSmall(Widget):
    """One line that says how large the terminal must be, as much of it as there is room for."""

    DEFAULT_CSS = "TooSmall { height: 1; }"

    def render(self) -> RenderResult:
        here = self.app.size
        least = f"{LEAST.width} x {LEAST.height}"
        words = f"needs {least}, this is {here.width} x {here.height}"
        forms = (f"The terminal is too small: fttui {words}", words, f"needs {least}", least)
        return Content(next((form for form in forms if len(form) <= here.width), least))
