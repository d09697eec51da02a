"""What must be settled before the screens are loaded: whether there is a terminal, and how much it can take.

Textual reads its environment when it is imported, so this module must not import it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping

from fttui.domain.errors import UsageError
from fttui.domain.text import safe_line

# A line over SSH pays for every redraw; the user's own values win.
_THRIFTY = {"TEXTUAL_FPS": "10", "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"}
_HOPELESS_TERMINALS = ("", "dumb", "unknown")
_ADVICE = "The commands work without one: fttui --help lists them."


class NoTerminalError(UsageError):
    """The screens need a terminal and there is none that will do."""

    title = "No terminal"


def refuse_without_terminal(environ: Mapping[str, str] = os.environ) -> None:
    """Refuse to open the screens where they could only do harm.

    Raises:
        NoTerminalError: a standard stream leads elsewhere, or the terminal cannot move its cursor.
    """
    streams = {"input": sys.__stdin__, "output": sys.__stdout__, "error": sys.__stderr__}
    elsewhere = [name for name, stream in streams.items() if stream is None or stream.closed or not stream.isatty()]
    if elsewhere:
        raise NoTerminalError(
            f"The screens need a terminal, but standard {' and '.join(elsewhere)} is not one", hint=_ADVICE
        )
    kind = environ.get("TERM", "")
    if kind in _HOPELESS_TERMINALS:
        described = f"The terminal calls itself {safe_line(kind, 20)}" if kind else "TERM is not set"
        raise NoTerminalError(f"{described}, so nothing can be drawn on it", hint=_ADVICE)


def is_slow_line(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is at the far end of a network."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def prepare_environment(slow: bool = False, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set what Textual reads when it is imported; call before importing it.

    Args:
        slow: be thrifty with bytes even where no SSH is seen.
        environ: where to look and what to change.
    """
    if slow or is_slow_line(environ):
        for name, value in _THRIFTY.items():
            environ.setdefault(name, value)


def must_be_ascii(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is known to lack box-drawing and braille characters."""
    return environ.get("TERM") in ("linux", "vt100", "vt220", "ansi")
