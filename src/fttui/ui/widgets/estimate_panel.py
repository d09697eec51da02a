"""Facts, a line each, beside or below a form."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from fttui.ui.cells import wrap
from fttui.ui.launch_facts import Fact

NAME_CELLS = 10


class EstimatePanel(Static):
    """Shows facts as they change; long ones go on in the next line under their own column."""

    DEFAULT_CSS = "EstimatePanel { height: auto; min-height: 1; }"

    def __init__(self, *, name_cells: int = NAME_CELLS, id: str | None = None) -> None:
        super().__init__(Content(""), id=id)
        self._name_cells = name_cells
        self._facts: Sequence[Fact] = ()

    def show(self, facts: Sequence[Fact]) -> None:
        """Show these facts and no others."""
        if facts != self._facts:
            self._facts = facts
            self._draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if not self.content_size.width:
            return
        room = max(self.content_size.width - self._name_cells, 12)
        lines: list[Content] = []
        for fact in self._facts:
            for place, part in enumerate(wrap(fact.value, room)):
                name = fact.name if place == 0 else ""
                lines.append(Content.assemble((f"{name:<{self._name_cells}}", "$text-muted"), (part, fact.tone.value)))
        self.update(Content("\n").join(lines))
