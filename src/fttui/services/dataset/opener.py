"""The one way in which files of data are opened: only regular files, without ever waiting or taking a terminal."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.errors import UnreadableFileError

LINE_LIMIT = 16 * 1024 * 1024
"""Bytes of a line that are ever read; a longer line is not training data."""

_HEAD = 256 * 1024
"""Bytes from the beginning of a file that tell what it is."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one state of a file from another."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Identity:
        """The identity that a stat result shows."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def open_regular(path: Path) -> tuple[int, Identity]:
    """Open a regular file for reading.

    Returns:
        A file descriptor, which the caller closes, and the file's identity at this moment.

    Raises:
        UnreadableFileError: it is absent, not allowed, or not a regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFileError(f"{path}: {why}", hint="Look at the name and at who may read it.") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "not a regular file")
        raise UnreadableFileError(f"{path} is {kind}", hint="Choose a regular file with one JSON object per line.")
    return descriptor, Identity.of(status)


def read_head(path: Path) -> tuple[bytes, Identity]:
    """The beginning of a regular file, and its identity when that was read; errors as for `open_regular`."""
    descriptor, identity = open_regular(path)
    try:
        return os.pread(descriptor, _HEAD, 0), identity
    finally:
        os.close(descriptor)


def identity_now(path: Path) -> Identity | None:
    """The identity of what a path leads to now, or None if it leads nowhere."""
    try:
        return Identity.of(path.stat())
    except (OSError, ValueError):
        return None
