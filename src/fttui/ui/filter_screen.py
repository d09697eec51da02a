"""What the places with a list have in common: a line that narrows it down."""

from __future__ import annotations

from abc import abstractmethod

from textual import getters, on

from fttui.ui.place import PlaceScreen
from fttui.ui.widgets.filter_line import FilterLine
from fttui.ui.widgets.line_list import LineList


class FilterScreen(PlaceScreen):
    """A place that yields a `FilterLine`, shows what `passes` and binds the action `filter` to a key."""

    filter_line = getters.query_one(FilterLine)

    @property
    @abstractmethod
    def list_in_view(self) -> LineList:
        """The list that is narrowed down."""

    @abstractmethod
    def draw(self) -> None:
        """Show what is there now."""

    @property
    def wanted(self) -> str:
        """What is looked for; empty for everything."""
        return self.filter_line.value.strip()

    def passes(self, text: str) -> bool:
        """Whether every word that is looked for is in a text."""
        folded = text.casefold()
        return all(word in folded for word in self.wanted.casefold().split())

    def action_filter(self) -> None:
        """Narrow the list down."""
        self.filter_line.open()

    @on(FilterLine.Narrowed)
    def _narrow(self) -> None:
        self.draw()

    @on(FilterLine.Left)
    def _to_list(self) -> None:
        self.list_in_view.focus()
