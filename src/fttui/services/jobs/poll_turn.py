"""Makes sure that of all programs of a user only one does something: asks after a job, or sends a file."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.services.paths import ensure_private

if TYPE_CHECKING:
    from fttui.services.jobs.journal import Journal

LIST = "the list of jobs"
"""The subject of who asks for a profile's list of jobs."""


def folder_of(journal: Journal) -> Path:
    """Where the turns of all who share a journal are taken."""
    return journal.path.parent / "polls"


class PollTurn:
    """The turn to ask after one job or to send one file; whoever holds it writes to the journal, the others read there.

    Args:
        folder: where the lock files lie, the same for all programs of this user.
        profile: whose job or file it is.
        subject: the job's id, or the file's SHA-256.
    """

    def __init__(self, folder: Path, profile: str, subject: str) -> None:
        name = hashlib.sha256(f"{profile}\0{subject}".encode()).hexdigest()[:32]
        self._path = folder / f"{name}.lock"
        self._file: int | None = None
        self.is_taken = False
        """Whether the turn is ours."""

    def take(self) -> bool:
        """Take the turn if nobody has it; True if it is ours now.

        Where the folder cannot be written or the file system knows no locks, everyone has the turn.
        """
        self.is_taken = self.is_taken or self._lock()
        return self.is_taken

    def _lock(self) -> bool:
        try:
            ensure_private(self._path.parent)
            file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        except OSError:
            os.close(file)
            return True
        self._file = file
        return True

    def give_up(self) -> None:
        """Let another program have the turn."""
        if self._file is not None:
            os.close(self._file)
        self._file, self.is_taken = None, False
