"""Puts a damaged journal aside exactly once, however many programs find it damaged in the same moment."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FileId = tuple[int, int]
"""Device and inode: which file it is, whatever its name."""
_COMPANIONS = ("-wal", "-shm", "-journal")


def file_id(path: Path) -> FileId:
    """Which file a path leads to.

    Raises:
        OSError: to none.
    """
    state = path.stat()
    return state.st_dev, state.st_ino


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """While this lasts nobody puts the file aside; several may open it at once."""
    with _locked(path, fcntl.LOCK_SH):
        yield


def put_aside(path: Path, damaged: FileId | None) -> Path:
    """Rename a damaged database and what belongs to it.

    Where another program has done so already, and the path leads to another file, nothing is done.

    Args:
        path: where it lies.
        damaged: the file that was found damaged.

    Returns:
        Where the damaged file is now.
    """
    with _locked(path, fcntl.LOCK_EX):
        number = 1
        while (target := _aside(path, number)).exists():
            number += 1
        if not path.exists() or (damaged is not None and file_id(path) != damaged):
            return _aside(path, max(number - 1, 1))
        for suffix in _COMPANIONS:
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                companion.rename(target.with_name(target.name + suffix))
        path.rename(target)
        return target


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.broken-{number}")


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    """Hold the lock beside the file; where there can be none (a folder that is not ours to write) go on without."""
    try:
        lock = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):  # a file system may know no locks
            fcntl.flock(lock, kind)
        yield
    finally:
        os.close(lock)
