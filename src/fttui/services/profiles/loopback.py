"""One small request to a server on this computer, past every proxy setting."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from fttui.domain.profiles.secret import Secret

_STATUS_LINE_LIMIT = 256


async def get_status(url: str, token: Secret, *, seconds: float) -> int | None:
    """Ask for a page with a bearer token; return the HTTP status, or None where no HTTP server answers in time."""
    address = urlsplit(url)
    head = (
        f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {token.reveal()}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(seconds):
            return await _exchange(address.hostname or "", address.port or 80, head.encode())
    except (OSError, TimeoutError, ValueError):
        return None


async def _exchange(host: str, port: int, head: bytes) -> int:
    reader, writer = await asyncio.open_connection(host, port, limit=_STATUS_LINE_LIMIT)
    try:
        writer.write(head)
        await writer.drain()
        version, status, *_ = (await reader.readline()).split()
        if not version.startswith(b"HTTP/1."):
            raise ValueError("not an HTTP answer")
        return int(status)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
