"""A full disk: knowing it when it is met, and a little room kept to say so."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_SPARE_BYTES = 1 << 20
_PLENTY_BYTES = 32 << 20


def is_no_room(error: BaseException) -> bool:
    """Whether a failure means that the disk took no more."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def no_room_words(folder: Path, then: str = "try again") -> str:
    """Where there is no room, and what to do once there is."""
    return f"There is no room left on the disk that holds {folder}. Make room there and {then}"


class SpareRoom:
    """A file that is given up when the disk is full, so that what happened can still be written down.

    Args:
        path: where it lies, on the disk in question.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self) -> None:
        """Set the room aside where there is plenty."""
        if self._path.exists() or shutil.disk_usage(self._path.parent).free < _PLENTY_BYTES:
            return
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                # Zeros that are written take room; a file of a given length need not.
                file.write(bytes(_SPARE_BYTES))
        except OSError:
            self.give_up()

    def give_up(self) -> None:
        """Free the room; where there is none left, nothing happens."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
