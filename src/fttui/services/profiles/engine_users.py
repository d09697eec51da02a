"""Counts the instances of the program that use the engine, by shared locks on one file."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class EngineUsers:
    """Knows whether others still use the engine; a process that dies lets go by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def join(self) -> None:
        """Count this instance as a user."""
        if self._held is not None:
            return
        held = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # Whoever holds it for itself alone is leaving, and holds it for a moment only.
            fcntl.flock(held, fcntl.LOCK_SH)
        except OSError:
            # A file system without locks: nobody is counted, and the engine is left running.
            os.close(held)
            return
        self._held = held

    def leave(self) -> bool:
        """Count this instance no more; return whether it used the engine and was the last to."""
        if self._held is None:
            return False
        held, self._held = self._held, None
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(held)
        return True
