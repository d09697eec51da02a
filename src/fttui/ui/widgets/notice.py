"""A few sentences in place of what a screen would show."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from fttui.domain.errors import FttuiError
from fttui.domain.text import safe, safe_line
from fttui.ui.file_choices import with_tilde


class Notice(Static):
    """Why there is nothing, and what leads on."""

    DEFAULT_CSS = "Notice { height: 1fr; padding: 1 2; }"

    def __init__(self, words: str = "", *, id: str | None = None) -> None:
        super().__init__(Content(words), id=id)

    def say(self, title: str, words: str) -> None:
        """Say something else."""
        self.update(Content.assemble((safe_line(title), "bold"), "\n\n", safe(words)))

    def say_failure(self, error: FttuiError, ways: str) -> None:
        """Say what went wrong, what can be done about it, and which keys lead on."""
        self.say(error.title, "\n\n".join(filter(None, (with_tilde(error.message), error.hint, ways))))
