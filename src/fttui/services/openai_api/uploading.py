"""Sends a file without ever holding it in memory: in one request, or in parts when it is large."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

from fttui.domain.errors import NotFoundError, ProviderError, UnreadableFileError
from fttui.domain.remote import RemoteFile
from fttui.domain.text import safe_line
from fttui.services.openai_api import mapping
from fttui.services.openai_api.connection import CHANGE_SECONDS, Connection
from fttui.services.ports import Progress

MIB = 1024 * 1024
PARTS_FROM = 64 * MIB
"""Files of this size and above go in parts."""
SMALLEST_PART, LARGEST_PART = 8 * MIB, 64 * MIB
SLOWEST_BYTES_PER_SECOND = 50_000
SHORTEST_DEADLINE = 120.0
MIME_TYPE = "application/jsonl"


def part_size(size: int) -> int:
    """Bytes in each part: few enough to show progress, many enough to stay under the limit of parts."""
    return min(max(size // 500, SMALLEST_PART), LARGEST_PART)


def deadline(size: int) -> float:
    """Seconds that sending some bytes may take in all."""
    return max(SHORTEST_DEADLINE, size / SLOWEST_BYTES_PER_SECOND)


class _CountedFile(io.BufferedReader):
    """A file that tells how far it has been read, and ends where it ended when it was opened."""

    def __init__(self, raw: io.FileIO, size: int, told: Progress) -> None:
        super().__init__(raw, buffer_size=256 * 1024)
        self._size = size
        self._told = told

    def read(self, size: int | None = -1, /) -> bytes:
        left = self._size - self.tell()
        piece = super().read(left if size is None or size < 0 else min(size, left))
        if left and size and not piece:
            raise _became_shorter()
        self._told(self.tell(), self._size)
        return piece


def _became_shorter() -> UnreadableFileError:
    return UnreadableFileError(
        "The file became shorter while it was sent", hint="Check it again; the provider has no whole file of it."
    )


async def upload(
    connection: Connection, path: Path, stored_name: str, progress: Progress | None, *, parts_from: int = PARTS_FROM
) -> RemoteFile:
    """Send a file for training.

    Raises:
        UnreadableFileError: the file cannot be opened, or changed while it was sent.
        ProviderError: any of its kinds.
    """
    told = progress or (lambda _done, _total: None)
    try:
        with io.FileIO(path) as raw:
            size = raw.seek(0, io.SEEK_END)
            raw.seek(0)
            before = _fingerprint(path)
            told(0, size)
            if size >= parts_from:
                sent = await _in_parts(connection, raw, size, stored_name, told)
            else:
                sent = await _at_once(connection, raw, size, stored_name, told)
            if _fingerprint(path) != before:
                raise UnreadableFileError(
                    f"{safe_line(path.name)} changed while it was sent; what arrived is the file {sent.id}",
                    hint="Delete that file at the provider, then check and launch again.",
                )
    except OSError as error:
        raise UnreadableFileError(f"{safe_line(str(path))}: {error.strerror or error}") from error
    told(size, size)
    return sent


def _fingerprint(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


async def _at_once(connection: Connection, raw: io.FileIO, size: int, name: str, told: Progress) -> RemoteFile:
    with _CountedFile(raw, size, told) as file:
        answer = await connection.ask(
            lambda sdk: sdk.files.with_streaming_response.create(
                file=(name, file, MIME_TYPE), purpose="fine-tune", timeout=deadline(size)
            ),
            seconds=deadline(size) + CHANGE_SECONDS,
        )
    return mapping.remote_file(answer)


async def _in_parts(connection: Connection, raw: io.FileIO, size: int, name: str, told: Progress) -> RemoteFile:
    try:
        started = await connection.ask(
            lambda sdk: sdk.uploads.with_streaming_response.create(
                bytes=size, filename=name, mime_type=MIME_TYPE, purpose="fine-tune"
            )
        )
    except NotFoundError:
        # Servers that know no uploads take the file in one piece.
        return await _at_once(connection, raw, size, name, told)
    upload_id = mapping.name_of(started, "upload")
    try:
        return await _send_parts(connection, raw, size, upload_id, told)
    except BaseException:
        await _give_up(connection, upload_id)
        raise


async def _send_parts(connection: Connection, raw: io.FileIO, size: int, upload_id: str, told: Progress) -> RemoteFile:
    checksum = hashlib.md5(usedforsecurity=False)
    part_ids: list[str] = []
    done = 0
    while done < size:
        piece = await asyncio.to_thread(_read_exactly, raw, min(part_size(size), size - done))
        if not piece:
            raise _became_shorter()
        await asyncio.to_thread(checksum.update, piece)
        # A part may be sent again: only the parts named at the end count.
        part_ids.append(await connection.repeat(_part(connection, upload_id, piece)))
        done += len(piece)
        told(done, size)
    answer = await connection.ask(
        lambda sdk: sdk.uploads.with_streaming_response.complete(
            upload_id, part_ids=part_ids, md5=checksum.hexdigest(), timeout=deadline(size)
        ),
        seconds=deadline(size),
    )
    return mapping.remote_file(mapping.obj(answer, "upload").get("file"))


def _read_exactly(raw: io.FileIO, count: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < count and (piece := raw.read(count - len(pieces))):
        pieces += piece
    return bytes(pieces)


def _part(connection: Connection, upload_id: str, piece: bytes) -> Callable[[], Awaitable[str]]:
    async def send() -> str:
        answer = await connection.ask(
            lambda sdk: sdk.uploads.parts.with_streaming_response.create(
                upload_id, data=("part", piece), timeout=deadline(len(piece))
            ),
            seconds=deadline(len(piece)),
        )
        return mapping.name_of(answer, "part of an upload")

    return send


async def _give_up(connection: Connection, upload_id: str) -> None:
    """Tell the provider to forget an unfinished upload, at most five seconds long, even while we are cancelled."""

    async def cancel() -> None:
        try:
            await connection.ask(
                lambda sdk: sdk.uploads.with_streaming_response.cancel(upload_id),
                seconds=5,
            )
        except ProviderError:
            # It expires by itself an hour after it was begun.
            return

    await asyncio.shield(asyncio.ensure_future(cancel()))
