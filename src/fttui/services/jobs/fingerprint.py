"""What a local file is, by its content."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from fttui.domain.errors import UnreadableFileError
from fttui.domain.text import safe_line

CHUNK = 8 * 1024 * 1024


async def sha256_of(path: Path) -> str:
    """The SHA-256 of a file as hexadecimal text, read in chunks off the event loop.

    Raises:
        UnreadableFileError: it cannot be read, or is not a regular file.
    """
    digest = hashlib.sha256()
    try:
        if not await asyncio.to_thread(path.is_file):
            raise UnreadableFileError(f"{safe_line(str(path))} is not a file that can be sent")
        offset = 0
        # Opened anew for each chunk, so that a cancelled reading leaves nothing open.
        while chunk := await asyncio.to_thread(_chunk, path, offset):
            await asyncio.to_thread(digest.update, chunk)
            offset += len(chunk)
    except OSError as error:
        raise UnreadableFileError(f"{safe_line(str(path))}: {error.strerror or error}") from error
    return digest.hexdigest()


def _chunk(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(CHUNK)
