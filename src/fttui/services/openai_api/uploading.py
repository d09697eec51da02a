"""Sends files without ever holding them in memory: in one request, or part by part."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fttui.domain.jobs.transfer import LIFETIME_SECONDS, RemoteUpload
from fttui.domain.remote import RemoteFile
from fttui.services.openai_api import mapping
from fttui.services.openai_api.client import CONNECT_SECONDS, WRITE_SECONDS
from fttui.services.openai_api.connection import CHANGE_SECONDS, Connection

if TYPE_CHECKING:
    import httpx2

SLOWEST_BYTES_PER_SECOND = 50_000
SHORTEST_DEADLINE = 120.0
LONGEST_JOINING = 600.0
CANCEL_SECONDS = 5.0
MIME_TYPE = "application/jsonl"
PURPOSE: Final = "fine-tune"


def deadline(size: int) -> float:
    """Seconds that sending some bytes may take in all."""
    return max(SHORTEST_DEADLINE, size / SLOWEST_BYTES_PER_SECOND)


def _patience(seconds: float) -> httpx2.Timeout:
    """A line that takes nothing for a minute is lost; the answer may take as long as everything together."""
    import httpx2

    return httpx2.Timeout(seconds, connect=CONNECT_SECONDS, write=WRITE_SECONDS, pool=None)


async def send_whole(connection: Connection, content: io.RawIOBase, size: int, name: str) -> RemoteFile:
    """Send a file in one request, once.

    Raises:
        ProviderError: any of its kinds.
    """
    seconds = deadline(size) + CHANGE_SECONDS
    answer = await connection.ask(
        lambda sdk: sdk.files.with_streaming_response.create(
            file=(name, content, MIME_TYPE),  # type: ignore[arg-type]  # any stream will do, the SDK looks only for read
            purpose=PURPOSE,
            timeout=_patience(seconds),
        ),
        seconds=seconds,
    )
    return mapping.remote_file(answer)


async def begin(connection: Connection, size: int, name: str) -> RemoteUpload:
    """Begin an upload in parts; one whose answer is lost expires by itself.

    Raises:
        NotFoundError: the server knows no uploads.
        ProviderError: any of its other kinds.
    """
    answer = await connection.ask(
        lambda sdk: sdk.uploads.with_streaming_response.create(
            bytes=size, filename=name, mime_type=MIME_TYPE, purpose=PURPOSE
        )
    )
    created_at, expires_at = (mapping.obj(answer, "upload").get(key) for key in ("created_at", "expires_at"))
    told = isinstance(created_at, int | float) and isinstance(expires_at, int | float)
    lifetime = float(expires_at) - float(created_at) if told else LIFETIME_SECONDS  # type: ignore[arg-type]  # both told
    return RemoteUpload(mapping.name_of(answer, "upload"), max(lifetime, 0.0))


async def send_part(connection: Connection, upload_id: str, content: io.RawIOBase, seconds: float) -> str:
    """Send a part, once; return its id. Only the parts named at the end count, so that it may be sent again.

    Raises:
        ProviderError: any of its kinds.
    """
    answer = await connection.ask(
        lambda sdk: sdk.uploads.parts.with_streaming_response.create(
            upload_id,
            data=("part", content),  # type: ignore[arg-type]  # as above
            timeout=_patience(seconds),
        ),
        seconds=seconds,
    )
    return mapping.name_of(answer, "part of an upload")


async def complete(connection: Connection, upload_id: str, part_ids: Sequence[str], md5: str, size: int) -> RemoteFile:
    """Make a file of the parts, in this order.

    Raises:
        ProviderError: any of its kinds.
    """
    seconds = min(deadline(size), LONGEST_JOINING)
    answer = await connection.ask(
        lambda sdk: sdk.uploads.with_streaming_response.complete(
            upload_id, part_ids=list(part_ids), md5=md5, timeout=_patience(seconds)
        ),
        seconds=seconds,
    )
    return mapping.remote_file(mapping.obj(answer, "upload").get("file"))


async def cancel(connection: Connection, upload_id: str) -> None:
    """Tell the provider to forget an unfinished upload, within five seconds.

    Raises:
        ProviderError: any of its kinds.
    """
    await connection.ask(
        lambda sdk: sdk.uploads.with_streaming_response.cancel(upload_id),
        seconds=CANCEL_SECONDS,
    )
