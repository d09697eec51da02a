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
        with await asyncio.to_thread(path.open, "rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                await asyncio.to_thread(digest.update, chunk)
    except OSError as error:
        raise UnreadableFileError(f"{safe_line(str(path))}: {error.strerror or error}") from error
    return digest.hexdigest()
