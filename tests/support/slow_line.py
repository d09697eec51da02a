"""A slow line to a server: it counts every byte that passes, and can be cut."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 16 * 1024


class SlowLine:
    """Stands between a program and a server.

    Args:
        target: the server's port on this computer.
        rate: bytes per second towards the server, of all connections together; 0 for no limit.
    """

    def __init__(self, target: int, rate: float = 0.0) -> None:
        self.port = 0
        self.passed = 0
        """Bytes that passed towards the server."""
        self.goal = 0
        self._reached = threading.Event()
        self._target, self._rate = target, rate
        self._free_at = 0.0
        self._writers: set[asyncio.StreamWriter] = set()
        self.loop = asyncio.new_event_loop()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def wait_for(self, goal: int, seconds: float = 60) -> bool:
        """Wait until so many bytes have passed in all; False if they do not come."""
        self._reached.clear()
        self.goal = goal
        return self.passed >= goal or self._reached.wait(seconds)

    def cut(self) -> None:
        """Close every connection; new ones are let through."""
        self.loop.call_soon_threadsafe(self._close_all)

    def _close_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, there_writer}
        try:
            await asyncio.gather(self._up(reader, there_writer), self._down(there_reader, writer))
        except OSError:
            return
        finally:
            for one in (writer, there_writer):
                self._writers.discard(one)
                one.transport.abort()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            if self._rate:
                now = self.loop.time()
                self._free_at = max(self._free_at, now) + len(piece) / self._rate
                await asyncio.sleep(self._free_at - now)
            self.passed += len(piece)
            if self.passed >= self.goal:
                self._reached.set()
            writer.write(piece)
            await writer.drain()
        with suppress(OSError):
            writer.write_eof()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
        writer.transport.abort()


@contextmanager
def slow_line(target: int, rate: float = 0.0) -> Iterator[SlowLine]:
    """A line on a free port, in a thread of its own."""
    line = SlowLine(target, rate)
    ready = threading.Event()
    listening = socket.socket()
    # What waits in the system's buffers counts as sent when its sender is killed: keep it small.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    listening.bind(("127.0.0.1", 0))

    def run() -> None:
        asyncio.set_event_loop(line.loop)
        server = line.loop.run_until_complete(asyncio.start_server(line.serve, sock=listening, limit=PIECE))
        line.port = listening.getsockname()[1]
        ready.set()
        line.loop.run_forever()
        server.close()
        line._close_all()
        tasks = asyncio.all_tasks(line.loop)
        for task in tasks:
            task.cancel()
        line.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        line.loop.run_until_complete(asyncio.sleep(0.01))
        line.loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield line
    finally:
        line.loop.call_soon_threadsafe(line.loop.stop)
        thread.join(10)
