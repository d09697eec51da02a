"""A box to tick that says its state by a sign, not by colour."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox


class Tick(Checkbox):
    """Drawn as ``[x] label`` or ``[ ] label``."""

    DEFAULT_CSS = """
    Tick, Tick:focus { border: none; padding: 0; height: 1; background: transparent; }
    """

    def render(self) -> Content:
        """The box and its label."""
        label_style = self.get_visual_style("toggle--label")
        label = self._label.stylize_before(label_style)
        return Content.assemble("[x] " if self.value else "[ ] ", label)
