"""A plain copy of a packed or UTF-16 file, made for as long as it is read: private, and never larger than a limit."""

from __future__ import annotations

import asyncio
import codecs
import shutil
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.first_look import utf_16_of
from fttui.domain.dataset.parsing import found
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.byte_stream import (
    GZIP,
    RATIO_FROM,
    RATIO_LIMIT,
    UNPACKED_LIMIT,
    ZSTD,
    FileBytes,
    unpacking,
)

Tick = Callable[[int, int], None]

_STEP = 1024 * 1024
"""Bytes that are unpacked before anything else gets a turn."""


@dataclass(frozen=True, slots=True)
class PlainCopy:
    """The copy, and what was found in making it."""

    path: Path
    findings: tuple[Finding, ...]

    @classmethod
    async def of(cls, path: Path, head: bytes, tick: Tick | None = None) -> Self | None:
        """Copy a file in plain bytes; None if it is plain already.

        Cancelling stops at once and leaves nothing behind.

        Args:
            path: the file.
            head: its first bytes.
            tick: told after every few megabytes how many bytes of the file were read, and how many it has.

        Raises:
            UnreadableFileError: it cannot be read, or there is no room for the copy.
        """
        copy = _Copying.begun(path, head)
        if copy is None:
            return None
        with copy.kept_if_whole():
            while not await asyncio.to_thread(copy.go_on):
                copy.tell(tick)
        return cls(copy.target, tuple(copy.findings))

    @classmethod
    def at_once(cls, path: Path, head: bytes, tick: Tick | None = None) -> Self | None:
        """The same in this thread; arguments and errors as for `of`."""
        copy = _Copying.begun(path, head)
        if copy is None:
            return None
        with copy.kept_if_whole():
            while not copy.go_on():
                copy.tell(tick)
        return cls(copy.target, tuple(copy.findings))

    def remove(self) -> None:
        """Take the copy away."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def is_packed(head: bytes) -> bool:
    """Whether a file that begins so is packed in a way that is unpacked here."""
    return head.startswith((GZIP, ZSTD))


class _Copying:
    """A copy in the making."""

    def __init__(self, path: Path, target: Path, encoding: str | None) -> None:
        self.target = target
        self.findings: list[Finding] = []
        self._decoder = None if encoding is None else codecs.getincrementaldecoder(encoding)("replace")
        self._file = FileBytes(path)
        self._written = 0
        self._turn = threading.Lock()
        self._closed = False
        try:
            self._out: BinaryIO = target.open("xb")
            self._blocks = self._plain()
        except OSError as error:
            self._file.close()
            raise UnreadableFileError(f"{target} cannot be written: {error.strerror}") from error

    @classmethod
    def begun(cls, path: Path, head: bytes) -> Self | None:
        """A copy that is yet to be made in a folder of its own, or None for a plain file."""
        encoding = utf_16_of(head)
        if encoding is None and not is_packed(head):
            return None
        folder = Path(tempfile.mkdtemp(prefix="fttui-"))
        try:
            return cls(path, folder / f"plain-{path.name}"[:200], encoding)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @contextmanager
    def kept_if_whole(self) -> Iterator[None]:
        """Let go of both files at the end, and of the copy where it was not finished."""
        try:
            yield
        except BaseException:
            self.close()
            shutil.rmtree(self.target.parent, ignore_errors=True)
            raise
        self.close()

    def tell(self, tick: Tick | None) -> None:
        """Say how far reading is."""
        if tick is not None:
            tick(self._file.position, self._file.size)

    def go_on(self) -> bool:
        """Copy another few megabytes; True once everything is there."""
        with self._turn:
            return self._closed or self._step()

    def _step(self) -> bool:
        done = 0
        for block in self._blocks:
            self._write(block)
            done += len(block)
            if done >= _STEP:
                return False
        return True

    def _write(self, block: bytes) -> None:
        try:
            self._out.write(block)
            self._out.flush()
        except OSError as error:
            hint = "Unpack the file yourself, or set TMPDIR to a folder with more room."
            raise UnreadableFileError(f"No room to unpack {self._file.path}: {error.strerror}", hint=hint) from error

    def _plain(self) -> Iterator[bytes]:
        if self._decoder is not None:
            yield from self._recoded(self._decoder)
            return
        stream = unpacking(self._file)
        # Gives what there is even where the next bytes are damaged.
        read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        while True:
            try:
                block = read(256 * 1024)
            except (OSError, EOFError, zlib.error) as error:
                sentence = f"Damaged after {self._written:,} bytes: {error}; fetch the file again"
                self.findings.append(found("damaged-archive", 0, "", sentence))
                return
            if not block:
                return
            self._written += len(block)
            if self._grew_too_far():
                return
            yield block

    def _recoded(self, decoder: codecs.IncrementalDecoder) -> Iterator[bytes]:
        while block := self._file.read(256 * 1024):
            yield decoder.decode(block).removeprefix("\ufeff").encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")

    def _grew_too_far(self) -> bool:
        read = max(self._file.position, 1)
        if self._written <= UNPACKED_LIMIT and (self._written <= RATIO_FROM or self._written / read <= RATIO_LIMIT):
            return False
        grown = f"{self._written // 1024**2:,} MiB came out of {read // 1024:,} KiB"
        sentence = f"{grown}, which no training data does; reading stopped there"
        self.findings.append(found("unpacks-too-far", 0, "", sentence))
        return True

    def close(self) -> None:
        """Let go of both files, once a step that is under way is done."""
        with self._turn:
            self._closed = True
            with suppress(OSError):
                # What a full disk refused was told when it was written.
                self._out.close()
            self._file.close()
