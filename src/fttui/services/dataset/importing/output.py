"""A new file that appears whole, under its name, once everything is in it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from fttui.domain.errors import UsageError
from fttui.services.atomic import PRIVATE


class NewFile:
    """Lines written beside the place where they will stand; leaving the block by an exception leaves nothing.

    Args:
        path: where the file will stand.
        replace: whether a file that is there may be replaced.

    Raises:
        UsageError: it exists and may not be replaced, or the folder cannot be written.
    """

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        self._path = path
        self._replace = replace
        self._waiting = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.new")
        self._stream: BinaryIO | None = None

    def __enter__(self) -> NewFile:
        if not self._replace and os.path.lexists(self._path):
            raise exists_already(self._path)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._stream = os.fdopen(os.open(self._waiting, flags, PRIVATE), "wb", 1024 * 1024)
        except OSError as error:
            raise _not_written(self._path, error) from error
        return self

    def write(self, line: bytes) -> None:
        """Add a line, given without its end."""
        assert self._stream is not None  # noqa: S101 - inside the block
        try:
            self._stream.write(line)
            self._stream.write(b"\n")
        except OSError as error:
            raise _not_written(self._path, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        stream = self._stream
        assert stream is not None  # noqa: S101 - inside the block
        try:
            if kind is None:
                stream.flush()
                os.fsync(stream.fileno())
                self._put_in_place()
        except OSError as failure:
            raise _not_written(self._path, failure) from failure
        finally:
            with contextlib.suppress(OSError):
                # A full disk refuses the flush that closing tries again; it was told once.
                stream.close()
            self._waiting.unlink(missing_ok=True)

    def _put_in_place(self) -> None:
        if self._replace:
            self._waiting.replace(self._path)
            return
        try:
            # Unlike a rename, a link never takes the place of a file that came up meanwhile.
            os.link(self._waiting, self._path)
        except FileExistsError as error:
            raise exists_already(self._path) from error
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
                raise
            if os.path.lexists(self._path):
                raise exists_already(self._path) from error
            self._waiting.rename(self._path)


def exists_already(path: Path) -> UsageError:
    """The refusal to write over a file."""
    return UsageError(f"{path} is there already", hint="Choose another name, or say that it may be replaced.")


def _not_written(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path} cannot be written: {error.strerror or error}", hint="Look at the folder and the disk.")
