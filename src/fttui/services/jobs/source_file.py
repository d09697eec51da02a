"""A local file while it is sent: opened once, read piece by piece, and watched for changes."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from fttui.domain.errors import UnreadableFileError
from fttui.domain.jobs.transfer import Part
from fttui.domain.text import safe_line
from fttui.services.dataset.opener import identity_now, open_regular


class SourceFile:
    """An open file; `name` is safe to show.

    Args:
        path: where it lies.
        mark: bytes that are sent before its own.

    Raises:
        UnreadableFileError: it cannot be opened, or is not a regular file.
    """

    def __init__(self, path: Path, mark: bytes = b"") -> None:
        self.path = path.absolute()
        self.name = safe_line(path.name, 60)
        self._mark = mark
        self._descriptor, self.identity = open_regular(path)

    @property
    def size(self) -> int:
        """Bytes that are sent of it, as it was when it was opened."""
        return len(self._mark) + self.identity.size

    def __enter__(self) -> SourceFile:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def piece(self, part: Part, told: Callable[[int], None]) -> io.RawIOBase:
        """The bytes of a part, as a stream of just those; `told` hears how many of them were read."""
        return _Piece(self._descriptor, part, told, self.name, self._mark)

    def whole(self, told: Callable[[int], None] = lambda _sent: None) -> io.RawIOBase:
        """All of it, as a stream."""
        return self.piece(Part(0, self.size), told)

    async def check_unchanged(self) -> None:
        """Make sure that the path still leads to the file that was opened, as it was then.

        Raises:
            UnreadableFileError: it does not.
        """
        if await asyncio.to_thread(identity_now, self.path) != self.identity:
            raise changed(self.name)


def changed(name: str) -> UnreadableFileError:
    """The error for a file that is not what it was when its sending began."""
    return UnreadableFileError(
        f"{name} changed while it was sent; the sending was stopped",
        hint="Check the file again, then launch again.",
    )


class _Piece(io.RawIOBase):
    """A part of a file that takes no memory; never moves the file's own position."""

    def __init__(self, descriptor: int, part: Part, told: Callable[[int], None], name: str, mark: bytes) -> None:
        self._descriptor, self._part, self._told, self._name, self._mark = descriptor, part, told, name, mark
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._part.length}[whence]
        self._place = max(start + offset, 0)
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        left = max(self._part.length - self._place, 0)
        wanted = left if size < 0 else min(size, left)
        at = self._part.offset + self._place
        found = self._mark[at : at + wanted] or os.pread(self._descriptor, wanted, at - len(self._mark))
        if wanted and not found:
            raise changed(self._name)
        self._place += len(found)
        self._told(self._place)
        return found
