"""The top line: all places with their number keys, the present one marked."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static


class PlaceBar(Static):
    """One line that says where one is and where one can go.

    Args:
        places: number and label of each place, in order.
        present: the number of the place shown.
    """

    def __init__(self, places: Sequence[tuple[int, str]], present: int) -> None:
        self.places = places
        self.present = present
        super().__init__(self._line())

    def _line(self) -> Content:
        parts: list[Content] = []
        for number, label in self.places:
            here = number == self.present
            style = "$block-cursor-foreground on $block-cursor-background bold" if here else "$foreground"
            parts.append(Content.styled(f" {number} {label} ", style))
        return Content("").join(parts)
