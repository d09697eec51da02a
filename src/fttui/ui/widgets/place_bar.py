"""The top line: all places with their number keys, the present one marked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget


class PlaceBar(Widget):
    """One line that says where one is and where one can go; without room, the other places are their keys alone.

    Args:
        places: number and label of each place, in order.
        present: the number of the place shown.
    """

    def __init__(self, places: Sequence[tuple[int, str]], present: int) -> None:
        self.places = places
        self.present = present
        super().__init__()

    def render(self) -> RenderResult:
        whole = [(number, f" {number} {label} ") for number, label in self.places]
        if sum(cell_len(text) for _, text in whole) > self.size.width:
            whole = [(number, text if number == self.present else f" {number} ") for number, text in whole]
        return Content("").join(self._piece(number, text) for number, text in whole)

    def _piece(self, number: int, text: str) -> Content:
        here = number == self.present
        style = "$block-cursor-foreground on $block-cursor-background bold" if here else "$foreground"
        return Content.styled(text, style)
