"""The bottom line: the few keys that matter now, as many as fit."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

ALWAYS = ("app.help", "app.palette", "app.quit")
"""Binding ids that stand at the right end whatever else is shown."""


class KeyLine(Widget):
    """Shows the bindings marked `show`, nearest to the focus first; what does not fit is left to the help."""

    DEFAULT_CSS = "KeyLine { height: 1; }"

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, _: Screen[object]) -> None:
        self.refresh()

    def entries(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Key and word of each binding: those of the place, and those that are always there."""
        near: dict[str, tuple[str, str]] = {}
        fixed: dict[str, tuple[str, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            identity = binding.id or binding.action
            if not binding.show or not binding.description or identity in near or identity in fixed:
                continue
            entry = (self.app.get_key_display(binding), binding.description)
            (fixed if identity in ALWAYS else near)[identity] = entry
        return list(near.values()), [fixed[name] for name in ALWAYS if name in fixed]

    def fitting(self, width: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """The entries that fit a width, in cells."""
        near, fixed = self.entries()
        room = width - sum(_width(entry) for entry in fixed)
        kept: list[tuple[str, str]] = []
        for entry in near:
            room -= _width(entry)
            if room < 0:
                break
            kept.append(entry)
        return kept, fixed

    def render(self) -> RenderResult:
        kept, fixed = self.fitting(self.size.width)
        gap = self.size.width - sum(_width(entry) for entry in (*kept, *fixed))
        return Content("").join([*_pieces(kept), Content(" " * max(gap, 0)), *_pieces(fixed)])


def _width(entry: tuple[str, str]) -> int:
    return cell_len(entry[0]) + cell_len(entry[1]) + 3


def _pieces(entries: list[tuple[str, str]]) -> Iterator[Content]:
    for key, word in entries:
        yield Content.assemble(" ", (key, "$footer-key-foreground bold"), f" {word} ")
