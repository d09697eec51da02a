"""The line that always says which profile, whose key, what the engine does and what is running."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from fttui.domain.text import safe_line


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line says; every part is plain words, empty where there is nothing to say."""

    profile: str = ""
    key: str = ""
    engine: str = ""
    running: str = ""
    condition: str = ""
    """A condition that lasts, such as being offline."""


class StatusLine(Widget):
    """One line about the state of the program."""

    DEFAULT_CSS = "StatusLine { height: 1; }"

    status: reactive[Status] = reactive(Status())

    def render(self) -> RenderResult:
        status = self.status
        parts = [f"profile {safe_line(status.profile, 24)}"]
        parts += [safe_line(part) for part in (status.key, status.engine) if part]
        text = Content(" " + " · ".join(parts))
        for words, style in ((status.running, "$text-success"), (status.condition, "$text-warning")):
            if words:
                text = Content.assemble(text, " · ", (safe_line(words), style))
        return text.truncate(self.size.width, ellipsis=True)
