"""The bytes of a file: opened safely, unpacked within limits, turned into UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from fttui.domain.errors import UnreadableFileError, UsageError
from fttui.services.dataset.importing.text_encoding import UTF_8, guess_encoding
from fttui.services.dataset.opener import identity_now, open_regular

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 1024 * 1024
"""Bytes from which encoding and format are told."""
UNPACKED_LIMIT = 8 * 1024**3
RATIO_LIMIT = 200
"""Times a file may grow in unpacking, beyond the first 64 MiB."""
RATIO_FROM = 64 * 1024**2

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class FileBytes(io.RawIOBase):
    """A regular file read from its beginning; it knows how far it is and whether the file changed meanwhile."""

    def __init__(self, path: Path) -> None:
        self._descriptor, self._identity = open_regular(path)
        self.path = path
        self.position = 0

    @property
    def size(self) -> int:
        """Bytes of the file when it was opened."""
        return self._identity.size

    @property
    def share(self) -> float:
        """How much was read, 0 to 1."""
        return min(self.position / self.size, 1.0) if self.size else 1.0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence]
        self.position = max(start + offset, 0)
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        block = os.pread(self._descriptor, len(view), self.position)
        view[: len(block)] = block
        self.position += len(block)
        return len(block)

    def check_unchanged(self) -> None:
        """Make sure that what was read is one state of the file.

        Raises:
            UnreadableFileError: it was written to, replaced or removed meanwhile.
        """
        if identity_now(self.path) != self._identity:
            raise UnreadableFileError(
                f"{self.path} changed while it was read", hint="Import it again once it is still."
            )

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class BlockStream(io.RawIOBase):
    """A binary stream made of blocks that come one after the other.

    Args:
        blocks: what is read.
        patience: bytes that may be read without a call of `progressed`, or None for any number.
    """

    def __init__(self, blocks: Iterator[bytes], patience: int | None = None) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")
        self._patience = patience
        self._since = 0
        self.trouble: UnreadableFileError | None = None
        """What made reading end; readers in C lose the exception itself."""
        self.out_of_patience = False
        """Whether too much was read without a row."""

    def readable(self) -> bool:
        return True

    def progressed(self) -> None:
        """Rows have come out of what was read."""
        self._since = 0

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        try:
            while not self._rest:
                self._rest = memoryview(next(self._blocks))
        except StopIteration:
            return 0
        except UnreadableFileError as error:
            self.trouble = error
            raise
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self._since += count
        if self._patience is not None and self._since > self._patience:
            self.out_of_patience = True
            raise OSError("one row goes on and on")
        return count


class ByteStream:
    """A file as UTF-8, whatever it is packed in or encoded as.

    Args:
        path: the file.
        encoding: its encoding, or None to tell it from the first bytes.
        is_text: whether it has an encoding at all.

    Raises:
        UnreadableFileError: it cannot be opened or unpacked, or nobody can tell its encoding.
    """

    def __init__(self, path: Path, encoding: str | None = None, *, is_text: bool = True) -> None:
        self.file = FileBytes(path)
        self.notes: list[str] = []
        try:
            self._unpacked, self.packed = _unpack(self.file)
            self.head = self._read(HEAD)
            self.is_whole = len(self.head) < HEAD
            self.encoding = self._decide(encoding) if is_text else UTF_8
        except BaseException:
            self.file.close()
            raise

    def _decide(self, encoding: str | None) -> str:
        if encoding is not None:
            try:
                return codecs.lookup(encoding).name
            except LookupError:
                raise UsageError(f"There is no encoding {encoding}", hint="Such as utf-8, gb18030, big5.") from None
        guess = guess_encoding(self.head, whole=self.is_whole)
        if guess.encoding is None:
            raise UnreadableFileError(
                f"{self.file.path} is not UTF-8, and its encoding cannot be told",
                hint="Say which it is (--encoding), such as gb18030, big5 or cp1252; or save the file as UTF-8.",
            )
        if guess.encoding not in (UTF_8, "utf-8-sig"):
            how = "is" if guess.certain else "looks like"
            self.notes.append(f"the text {how} {guess.encoding.upper()}; it is written as UTF-8")
        return guess.encoding

    @property
    def share(self) -> float | None:
        """How much of the file was read, 0 to 1."""
        return self.file.share

    def text_head(self) -> str:
        """The first bytes as text; what is damaged is replaced."""
        text = codecs.getincrementaldecoder(self.encoding)("replace").decode(self.head, final=self.is_whole)
        return text.removeprefix("\ufeff")

    def blocks(self) -> Iterator[bytes]:
        """The content from its beginning, in UTF-8 without a mark; once.

        Raises:
            UnreadableFileError: it is damaged, grows without measure, or changed meanwhile.
        """
        plain = self.encoding in (UTF_8, "utf-8-sig")
        decoder = None if plain else codecs.getincrementaldecoder(self.encoding)()
        block = self.head.removeprefix(codecs.BOM_UTF8) if plain else self.head
        while block:
            yield block if decoder is None else self._decoded(decoder, block)
            block = self._read(HEAD)
        if decoder is not None and (rest := self._decoded(decoder, b"", final=True)):
            yield rest
        self.file.check_unchanged()

    def _decoded(self, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bytes:
        try:
            return decoder.decode(block, final).removeprefix("\ufeff").encode()
        except UnicodeError as error:
            raise UnreadableFileError(
                f"{self.file.path} is not {self.encoding.upper()} throughout: {error}",
                hint="Say which it is (--encoding), or save the file as UTF-8.",
            ) from error

    def _read(self, count: int) -> bytes:
        pieces: list[bytes] = []
        have = 0
        try:
            while have < count and (piece := self._unpacked.read(count - have)):
                pieces.append(piece)
                have += len(piece)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFileError(f"{self.file.path} is damaged: {error}", hint="Fetch the file again.") from error
        if self.packed:
            self._unpacked_bytes += have
            self._check_measure()
        return b"".join(pieces)

    _unpacked_bytes = 0

    def _check_measure(self) -> None:
        out, read = self._unpacked_bytes, max(self.file.position, 1)
        if out > UNPACKED_LIMIT or (out > RATIO_FROM and out / read > RATIO_LIMIT):
            raise UnreadableFileError(
                f"{self.file.path} unpacks to more than {out // 1024**2} MiB from {read // 1024} KiB",
                hint="No text is packed so well; unpack it yourself if you trust it.",
            )

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()


def unpacking(file: FileBytes) -> IO[bytes]:
    """What is packed in a file, or the file itself.

    Raises:
        UnreadableFileError: it is packed in a way that this installation cannot unpack.
    """
    return _unpack(file)[0]


def _unpack(file: FileBytes) -> tuple[IO[bytes], bool]:
    magic = file.read(4) or b""
    file.seek(0)
    buffered = cast("IO[bytes]", io.BufferedReader(file, 64 * 1024))
    if magic.startswith(GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=buffered)), True
    if magic == ZSTD:
        try:
            import pyarrow
        except ModuleNotFoundError as error:
            raise missing_parquet(file.path, "is packed with zstd") from error
        return cast("IO[bytes]", pyarrow.CompressedInputStream(pyarrow.PythonFile(buffered, mode="r"), "zstd")), True
    return buffered, False


def missing_parquet(path: Path, what: str) -> UnreadableFileError:
    """The words for a file that needs what the `parquet` extra brings."""
    return UnreadableFileError(
        f"{path.name} {what}, which this installation cannot read",
        hint="Install what reads it: pip install 'fttui[parquet]'",
    )
