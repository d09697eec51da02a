"""A field of a grader that takes several lines."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label, TextArea

from fttui.domain.jobs.grader_kinds import GraderField
from fttui.domain.text import safe_line


class LongField(Horizontal):
    """A field of several lines; it grows with them."""

    DEFAULT_CSS = """
    LongField { height: auto; }
    LongField > .label { width: 18; }
    LongField > TextArea { width: 1fr; height: auto; min-height: 1; max-height: 8; border: none; padding: 0 1; }
    """

    def __init__(self, field: GraderField, text: str) -> None:
        super().__init__()
        self.field_name = field.name
        self._field = field
        self._text = text

    def compose(self) -> ComposeResult:
        yield Label(Content(safe_line(self._field.label)), classes="label")
        yield TextArea(
            self._text,
            compact=True,
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=self._field.help,
        )
