"""Locks between processes that the system itself lets go when their holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType


class FileLock:
    """An exclusive lock on a file, held until released or until the process ends, however it ends.

    Args:
        path: the lock file; it is made when absent and never removed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody has it, and say whether it was taken."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    @property
    def is_in_place(self) -> bool:
        """Whether the lock is held and its file is still the one that others find."""
        if self._descriptor is None:
            return False
        try:
            found = self._path.stat()
        except OSError:
            return False
        held = os.fstat(self._descriptor)
        return (held.st_dev, held.st_ino) == (found.st_dev, found.st_ino)

    def sign(self, text: str) -> None:
        """Write into the held lock file who holds it, unless it says so already."""
        if self._descriptor is None:
            raise RuntimeError("only a held lock can be signed")
        name = text.encode()
        if os.pread(self._descriptor, len(name) + 1, 0) == name:
            return
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, name, 0)

    def release(self) -> None:
        """Let go; letting go twice does no harm."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> FileLock:
        if not self.acquire():
            raise BlockingIOError(f"{self._path} is held by another process")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
