"""Runs a short helper program that may hang: own session, time limit, nothing of it left behind."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

OUTPUT_LIMIT = 1 << 16
"""Bytes of output that are kept."""
_DRAIN_SECONDS = 0.2
_REAP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a helper printed, and how it ended. The output may hold a key and is not shown."""

    exit_code: int
    output: bytes

    def __repr__(self) -> str:
        return f"Answer(exit_code={self.exit_code}, {len(self.output)} bytes)"


class _Protocol(asyncio.SubprocessProtocol):
    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.output = bytearray()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.exited: asyncio.Future[None] = loop.create_future()

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        if isinstance(data, bytes) and len(self.output) < OUTPUT_LIMIT:
            self.output += data[: OUTPUT_LIMIT - len(self.output)]

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == 1 and not self.closed.done():
            self.closed.set_result(None)

    def process_exited(self) -> None:
        if not self.exited.done():
            self.exited.set_result(None)


async def ask(command: Sequence[str], *, environ: Mapping[str, str], limit: float, request: bytes = b"") -> Answer:
    """Run a helper to its end and return what it printed.

    It gets a session of its own, so it has no terminal to draw on or read from; its errors go nowhere.
    When the limit passes, or the caller is cancelled, its whole process group is killed.

    Args:
        command: program and arguments.
        environ: its whole environment.
        limit: seconds.
        request: what it reads on standard input.

    Raises:
        TimeoutError: it did not end in time.
        OSError: it could not be started.
    """
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        _Protocol,
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=dict(environ),
        cwd="/",
        start_new_session=True,
    )
    try:
        _hand_over(transport, request)
        async with asyncio.timeout(limit):
            await asyncio.shield(protocol.exited)
            # What it started may live on and hold the pipe open; the answer is there all the same.
            await asyncio.wait({protocol.closed}, timeout=_DRAIN_SECONDS)
        return Answer(transport.get_returncode() or 0, bytes(protocol.output))
    finally:
        await asyncio.shield(_end(transport, protocol))


def _hand_over(transport: asyncio.SubprocessTransport, request: bytes) -> None:
    pipe = transport.get_pipe_transport(0)
    if isinstance(pipe, asyncio.WriteTransport):
        if request:
            pipe.write(request)
        pipe.close()


async def _end(transport: asyncio.SubprocessTransport, protocol: _Protocol) -> None:
    if not protocol.exited.done():
        with suppress(ProcessLookupError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        await asyncio.wait({protocol.exited}, timeout=_REAP_SECONDS)
    transport.close()


def without_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment for a child that needs no key and must not ask on this terminal."""
    return {name: value for name, value in environ.items() if name != "GPG_TTY" and "API_KEY" not in name.upper()}
