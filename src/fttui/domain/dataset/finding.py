"""What validation has to say about one place in a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is: an error is refused or harmful, a warning deserves a look, info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return (Severity.ERROR, Severity.WARNING, Severity.INFO).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, or worth knowing, at one place.

    `code` names the rule (kebab-case, stable); `line` is 1-based in the file, 0 for the file as a whole;
    `path` reads like ``messages[2].content``, empty for the whole row; `message` says what and what to do.
    `offset` counts bytes from the start of the file, unpacked and in UTF-8, to the exact place, or to the start of
    the line where none is known; None while it has not been looked for, and for the file as a whole.
    """

    code: str
    severity: Severity
    line: int
    path: str
    message: str
    offset: int | None = None
