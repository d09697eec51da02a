"""Picks the surface on which a person meets an error."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from fttui.domain.errors import (
    FttuiError,
    KeyRefusedError,
    RateLimitedError,
    RefusedError,
    UnreachableError,
    UnreadableFileError,
)
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


class Surface(Enum):
    """Where an error is shown."""

    TOAST = "toast"
    DIALOG = "dialog"


def surface_for(error: FttuiError) -> Surface:
    """A toast for what passes or is plain, a dialog for what must be read, copied or decided."""
    match error:
        case KeyRefusedError():
            return Surface.DIALOG
        case UnreachableError() | RateLimitedError() | UnreadableFileError():
            return Surface.TOAST
        case RefusedError():
            return Surface.DIALOG
        case _:
            return Surface.DIALOG if error.hint else Surface.TOAST


def details(error: FttuiError) -> str:
    """Everything known about an error, as text to read and copy."""
    lines = [error.message]
    if isinstance(error, RefusedError):
        known = {"status": error.status, "code": error.code, "parameter": error.param, "request": error.request_id}
        lines += ["", *(f"{name}: {value}" for name, value in known.items() if value)]
    if error.hint:
        lines += ["", error.hint]
    return "\n".join(lines)


def show(app: FttuiApp, error: FttuiError) -> None:
    """Tell the person."""
    if surface_for(error) is Surface.TOAST:
        sentence = f"{error.message}. {error.hint}" if error.hint else error.message
        app.notify(safe_line(sentence), title=safe_line(error.title), severity="error", markup=False)
        return
    from fttui.ui.dialogs import ErrorDialog

    app.push_screen(ErrorDialog(error))
