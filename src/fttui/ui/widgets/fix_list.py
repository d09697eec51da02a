"""The fixes that a file calls for, each with a box to tick, how many rows it changes, and its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from fttui.domain.dataset.preparation.catalogue import REQUIRED
from fttui.domain.dataset.preparation.plan import Plan, PlannedFix
from fttui.ui import present
from fttui.ui.cells import cut, fill_left
from fttui.ui.widgets.line_list import LineList, Piece

COUNT_COLUMN = 9


class FixList(LineList):
    """Fixes in the order in which they are made; those with nothing to do that may still be wanted come last."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "fix-list--on",
        "fix-list--off",
        "fix-list--count",
        "fix-list--drop",
        "fix-list--idle",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter,x", "choose", "On/off", key_display="space", id="prepare.toggle"),
    ]

    @dataclass
    class Toggled(Message):
        """A fix is wanted, or no longer."""

        code: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._fixes: list[PlannedFix] = []
        self._accepted: frozenset[str] = frozenset()

    def show(self, plan: Plan, accepted: frozenset[str]) -> None:
        """Show the fixes of a plan, the cursor where it was."""
        under = self.current
        idle = [entry for entry in plan.fixes if not entry.count and (entry.fix.needs or entry.fix.code == "rebalance")]
        self._fixes = [*plan.found, *idle]
        self._accepted = accepted
        self.count = len(self._fixes)
        codes = [entry.fix.code for entry in self._fixes]
        if under is not None and under.fix.code in codes:
            self.cursor = codes.index(under.fix.code)
        else:
            first = next((at for at, entry in enumerate(self._fixes) if entry.mends), 0)
            self.cursor = min(self.cursor, first) if under is not None else first
        self.refresh()
        if under is None:
            self.call_after_refresh(self._begin_at_top)

    def _begin_at_top(self) -> None:
        # Before the first layout there was no height, so the cursor alone was brought into view.
        self.scroll_to(y=0, animate=False, force=True)
        self.show_cursor()

    def tick(self, accepted: frozenset[str]) -> None:
        """Show other fixes as wanted."""
        self._accepted = accepted
        self.refresh()

    @property
    def current(self) -> PlannedFix | None:
        """The fix under the cursor."""
        return self._fixes[self.cursor] if self.cursor < len(self._fixes) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """Box, count, name."""
        entry = self._fixes[number]
        code = entry.fix.code
        on = code in self._accepted
        idle = not entry.count
        box = "[=]" if code in REQUIRED else "[x]" if on else "[ ]"
        yield f" {box} ", "fix-list--idle" if idle or code in REQUIRED else "fix-list--on" if on else "fix-list--off"
        sign = "-" if entry.drops else "~"
        counted = f"{sign}{present.count(entry.count)}" if entry.count else "·"
        yield fill_left(counted, COUNT_COLUMN), "fix-list--drop" if entry.drops and not idle else "fix-list--count"
        yield f"  {cut(entry.fix.title, width - COUNT_COLUMN - 7)}", "fix-list--idle" if idle else ""

    def action_choose(self) -> None:
        """Want the fix under the cursor, or no longer."""
        entry = self.current
        if entry is not None:
            self.post_message(self.Toggled(entry.fix.code))
