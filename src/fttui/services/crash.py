"""Keeps keys out of sight when things go wrong: redaction, crash reports, and what the process may leak.

A traceback is printed without local variables; every known key, and whatever looks like one, is cut out.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType

from fttui.domain.profiles.secret import Secret
from fttui.domain.text import safe

_LOOKS_LIKE_A_KEY = re.compile(r"\bsk-[A-Za-z0-9_-]{6,}|\b(Bearer|Basic)\s+[^\s'\",;]{8,}", re.IGNORECASE)
_SHORTEST_SECRET = 6
_CUT = "[key removed]"
_PR_SET_DUMPABLE = 4


class Redactor:
    """Cuts keys out of text: those it was told of, and what looks like one."""

    def __init__(self) -> None:
        self._known: set[Secret] = set()

    def learn(self, key: Secret) -> None:
        """Remember a key that must never be printed."""
        self._known.add(key)

    def __call__(self, text: str) -> str:
        """Return the text without keys."""
        for key in sorted((known.reveal() for known in tuple(self._known)), key=len, reverse=True):
            if len(key) >= _SHORTEST_SECRET:
                text = text.replace(key, _CUT)
        return _LOOKS_LIKE_A_KEY.sub(_CUT, text)


redact = Redactor()
"""The redactor of this process: hooks, logs and screens share what it knows."""


def harden() -> None:
    """Make the process tight before it does anything: private files, no core, no look into its memory, safe hooks."""
    import os
    import resource

    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    for name in ("TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL"):
        # These write every key typed or pasted, API keys included, to files or a socket.
        os.environ.pop(name, None)
    # Without a handler, logging would print warnings on the terminal as they are.
    logging.getLogger().addHandler(logging.NullHandler())
    sys.excepthook = _report_uncaught
    threading.excepthook = _report_thread


def crash_text(error: BaseException) -> str:
    """Write a traceback without locals, keys or control characters."""
    lines = traceback.TracebackException.from_exception(error, capture_locals=False).format()
    return safe(redact("".join(lines)))


def write_crash_report(folder: Path, error: BaseException) -> Path | None:
    """Keep a crash report; return where it lies, or None where it cannot be written."""
    from fttui.services.atomic import write_text
    from fttui.services.paths import ensure_private

    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    try:
        ensure_private(folder)
        write_text(path, crash_text(error))
    except OSError:
        return None
    return path


def _report_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    del kind, trace
    if isinstance(error, KeyboardInterrupt):
        return
    sys.stderr.write(crash_text(error))


def _report_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
        sys.stderr.write(crash_text(arguments.exc_value))
