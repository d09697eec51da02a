"""A data set on disk, of any size: where its lines begin, and any one of them at once."""

from __future__ import annotations

import asyncio
import os
from array import array
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from fttui.services.dataset.opener import LINE_LIMIT, Identity, identity_now, open_regular

_BLOCK = 1024 * 1024
_FIRST_BLOCK = 256 * 1024
_BLOCKS_A_STEP = 8
_PACKINGS = {b"\x1f\x8b": "unpacked from gzip", b"\x28\xb5": "unpacked from zstd"}


class DatasetFile:
    """Reads lines by number; memory is eight bytes a line.

    Reading is by position, so any thread may read while another indexes. The first rows are known as soon as the
    file is open; `index` finds the others.
    """

    def __init__(self, path: Path, descriptor: int, identity: Identity) -> None:
        self.path = path
        self.size = identity.size
        self._descriptor = descriptor
        self._identity = identity
        # Offsets of line starts. While the file ends in a newline, one more than there are lines is never stored.
        self._starts = array("Q", [0] if identity.size else [])
        self._scanned = 0
        self.made_from = ""
        """What the file is, in a word, where its text had to be unpacked or converted; empty for a plain file."""
        self.trouble = ""
        """Why not all of it could be unpacked."""

    async def unpack(self, tick: Callable[[int, int], None] | None = None) -> None:
        """Read on from a plain copy, where the file is packed or UTF-16; the copy goes when the file is closed.

        Args:
            tick: told meanwhile how many bytes were read, and how many there are.

        Raises:
            UnreadableFileError: it cannot be read, or there is no room for the copy.
        """
        from fttui.services.dataset.plain_copy import PlainCopy

        head = os.pread(self._descriptor, _FIRST_BLOCK, 0)
        copy = await PlainCopy.of(self.path, head, tick)
        if copy is None:
            return
        try:
            await asyncio.to_thread(self._read_instead, copy.path)
        finally:
            # What is open stays readable.
            copy.remove()
        self.made_from = _PACKINGS.get(head[:2], "UTF-16")
        self.trouble = next((finding.message for finding in copy.findings), "")

    def _read_instead(self, copy: Path) -> None:
        """Take the bytes from a copy, as if they stood in the file itself."""
        descriptor, identity = open_regular(copy)
        os.close(self._descriptor)
        self._descriptor, self.size = descriptor, identity.size
        self._starts = array("Q", [0] if identity.size else [])
        self._scanned = 0
        self._accept(*self._scan(0, _FIRST_BLOCK))

    @classmethod
    def open(cls, path: Path) -> DatasetFile:
        """Open a file and find its first lines.

        Raises:
            UnreadableFileError: it is absent, not allowed, or not a regular file.
        """
        descriptor, identity = open_regular(path)
        file = cls(path, descriptor, identity)
        file._accept(*file._scan(0, _FIRST_BLOCK))
        return file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    @property
    def lines_known(self) -> int:
        """How many lines are known so far; empty lines count, the nothing after a last newline does not."""
        return len(self._starts)

    @property
    def indexed(self) -> bool:
        """Whether all lines are known."""
        return self._scanned >= self.size

    async def index(self) -> AsyncIterator[int]:
        """Find where lines begin, off the event loop, and yield how many are known after every few megabytes.

        May be left and taken up again: what is known stays known.
        """
        while not self.indexed:
            begin = self._scanned
            found = await asyncio.to_thread(self._scan, begin, _BLOCKS_A_STEP * _BLOCK)
            if self._scanned == begin:
                self._accept(*found)
            yield self.lines_known

    def _scan(self, begin: int, length: int) -> tuple[array[int], int]:
        """Find the line starts in a stretch; the second value is where the stretch ends."""
        starts = array("Q")
        end = min(begin + length, self.size)
        position = begin
        while position < end:
            block = os.pread(self._descriptor, min(_BLOCK, end - position), position)
            if not block:
                # The file was cut shorter since it was opened.
                return starts, self.size
            at = block.find(b"\n")
            while at >= 0:
                starts.append(position + at + 1)
                at = block.find(b"\n", at + 1)
            position += len(block)
        return starts, position

    def _accept(self, starts: array[int], scanned: int) -> None:
        if starts and starts[-1] >= self.size:
            starts.pop()
        self._starts.extend(starts)
        self._scanned = scanned

    def raw_line(self, number: int) -> bytes:
        """The bytes of a line without its line end, at most 16 MiB of them.

        Args:
            number: counted from 0, below `lines_known`.
        """
        return self._read(number, LINE_LIMIT)

    def preview(self, number: int, length: int = 512) -> bytes:
        """The first bytes of a line; arguments as for `raw_line`."""
        return self._read(number, length)

    def _read(self, number: int, limit: int) -> bytes:
        start = self._starts[number]
        if number + 1 < len(self._starts):
            wanted = min(self._starts[number + 1] - start, limit + 1)
            return os.pread(self._descriptor, wanted, start).removesuffix(b"\n").removesuffix(b"\r")[:limit]
        # The end of this line is not known yet, or it is the end of the file.
        pieces: list[bytes] = []
        position = start
        while position - start < limit:
            block = os.pread(self._descriptor, min(_BLOCK, start + limit + 1 - position), position)
            line, newline, _ = block.partition(b"\n")
            pieces.append(line)
            if newline or not block:
                break
            position += len(block)
        return b"".join(pieces).removesuffix(b"\r")[:limit]

    def changed(self) -> bool:
        """Whether the path now leads to other content than what was opened."""
        return identity_now(self.path) != self._identity
