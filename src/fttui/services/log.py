"""The program's log: a small private file without keys."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from fttui.domain.text import safe
from fttui.services.crash import crash_text, redact
from fttui.services.paths import ensure_private

_SIZE, _OLD_FILES = 1 << 20, 2


class RedactingFormatter(logging.Formatter):
    """Formats records, tracebacks included, without keys, locals or control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        return safe(redact(super().format(record)))

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name logging calls
        """Write a traceback without locals."""
        error = ei[1] if isinstance(ei, tuple) else None
        return crash_text(error).rstrip() if isinstance(error, BaseException) else ""


def open_log(folder: Path, level: int = logging.INFO) -> logging.Handler:
    """Send the program's log records to a file; the caller closes the handler with `close_log`.

    Raises:
        OSError: the folder cannot be written.
    """
    ensure_private(folder)
    handler = RotatingFileHandler(
        folder / "fttui.log", maxBytes=_SIZE, backupCount=_OLD_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    # Warnings of the packages we stand on, asyncio above all, belong in the log, not on the screen.
    logging.getLogger().addHandler(handler)
    logging.getLogger("fttui").setLevel(level)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing to a file."""
    logging.getLogger().removeHandler(handler)
    handler.close()
