"""A job's status as a sign and a word, never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.text import safe_line


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a status is shown; `tone` names the theme variable of its colour."""

    sign: str
    plain_sign: str
    word: str
    tone: str


# None of the signs is of ambiguous width.
_LOOKS = {
    "validating_files": StatusLook("⋯", ".", "checking files", "$text-muted"),
    "queued": StatusLook("⋯", ".", "queued", "$text-muted"),
    "running": StatusLook("▸", ">", "running", "$text-primary"),
    "paused": StatusLook("ǁ", "=", "paused", "$text-warning"),
    "succeeded": StatusLook("✓", "+", "succeeded", "$text-success"),
    "failed": StatusLook("✗", "x", "failed", "$text-error"),
    "cancelled": StatusLook("⊘", "-", "cancelled", "$text-muted"),
}


def look_of(status: str) -> StatusLook:
    """The look of a status; one that is not known is shown in the provider's own word."""
    return _LOOKS.get(status) or StatusLook("?", "?", safe_line(status.replace("_", " "), 20), "$text-warning")
