"""What a local file is, by its content."""

from __future__ import annotations

import asyncio
import codecs
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.errors import UnreadableFileError
from fttui.domain.text import safe_line
from fttui.services.dataset.opener import Identity, identity_now, open_regular

CHUNK = 16 * 1024 * 1024
"""Bytes between two chances to be cancelled."""
_PIECE = 1024 * 1024
"""Bytes read at a time, into the same memory again and again: fresh memory for each costs as much as the digests."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A file's content by its digests (hexadecimal), and the file it was read from.

    `mark` is what is sent before the content; `md5` is of both.
    """

    sha256: str
    md5: str
    identity: Identity
    mark: bytes = b""

    @property
    def stored_name(self) -> str:
        """What the file is called at a provider: nothing of this computer, and the same name for the same content."""
        return f"fttui-{self.sha256[:16]}.jsonl"


async def sha256_of(path: Path) -> str:
    """The SHA-256 of a file as hexadecimal text, read in chunks off the event loop.

    Raises:
        UnreadableFileError: it cannot be read, or is not a regular file.
    """
    return (await fingerprint_of(path)).sha256


async def fingerprint_of(path: Path, *, marked: bool = False) -> Fingerprint:
    """The digests of a file, read once in chunks off the event loop.

    Args:
        path: where it lies.
        marked: it is to be sent with a byte-order mark; one that it has already is enough.

    Raises:
        UnreadableFileError: it cannot be read, is not a regular file, or changed meanwhile.
    """
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)

    memory = memoryview(bytearray(_PIECE))

    def take(offset: int) -> int:
        taken = 0
        for piece in _pieces(path, offset, memory):
            sha256.update(piece)
            md5.update(piece)
            taken += len(piece)
        return taken

    before = await asyncio.to_thread(_identity, path)
    beginning = await asyncio.to_thread(_beginning, path) if marked else codecs.BOM_UTF8
    mark = b"" if beginning == codecs.BOM_UTF8 else codecs.BOM_UTF8
    md5.update(mark)
    offset = 0
    # Opened anew for each chunk, so that a cancelled reading leaves nothing open.
    while read := await asyncio.to_thread(take, offset):
        offset += read
    if await asyncio.to_thread(identity_now, path) != before:
        raise UnreadableFileError(f"{safe_line(str(path))} changed while it was read", hint="Check it again.")
    return Fingerprint(sha256.hexdigest(), md5.hexdigest(), before, mark)


def _identity(path: Path) -> Identity:
    try:
        descriptor, identity = open_regular(path)
    except UnreadableFileError as error:
        raise UnreadableFileError(safe_line(error.message), hint=error.hint) from error
    os.close(descriptor)
    return identity


def _pieces(path: Path, offset: int, memory: memoryview) -> Iterator[memoryview]:
    """Up to a chunk of a file from a place on, piece by piece, each in the same memory."""
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            for _ in range(CHUNK // len(memory)):
                read = file.readinto(memory)
                if not read:
                    return
                yield memory[:read]
    except OSError as error:
        raise UnreadableFileError(f"{safe_line(str(path))}: {error.strerror or error}") from error


def _beginning(path: Path) -> bytes:
    """As many bytes as a byte-order mark has."""
    first = next(_pieces(path, 0, memoryview(bytearray(len(codecs.BOM_UTF8)))), None)
    return bytes(first) if first is not None else b""
