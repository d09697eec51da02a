"""Worker processes that examine stretches of a file side by side."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from fttui.domain.dataset.stretch import Stretch
from fttui.domain.errors import FttuiError
from fttui.services.dataset.examiner import Task, stretches
from fttui.services.dataset.wire import LENGTHS, Order, pack_order, unpack_stretch

SMALLEST_STRETCH, _LARGEST_STRETCH = 256 * 1024, 4 * 1024 * 1024
_STRETCHES_EACH = 8
"""How many stretches each worker should get at least, so that all end at about the same time."""
_ORDERS_AHEAD = 2
"""So that a worker never waits for its next order."""
_READ_LIMIT = 4 * 1024 * 1024
_LAST_WORDS = 2000


class WorkerDiedError(FttuiError):
    """A worker ended before its work was done."""

    title = "Validation stopped"


class _Line:
    """The connection to one worker; orders are answered in the order in which they are given."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._turn = asyncio.Lock()

    async def examine(self, order: Order) -> Stretch:
        """Have a stretch looked at.

        Raises:
            ConnectionError, asyncio.IncompleteReadError: the worker is gone.
        """
        self._writer.write(pack_order(order))
        async with self._turn:
            lengths = LENGTHS.unpack(await self._reader.readexactly(LENGTHS.size))
            body = await self._reader.readexactly(sum(lengths))
        return unpack_stretch(lengths, body)

    async def ended(self) -> None:
        """Wait until the killed worker has let go of its end, then hang up."""
        with suppress(ConnectionError):
            while await self._reader.read(_READ_LIMIT):
                pass
        self._writer.close()


class ProcessCrew:
    """Workers that take the next stretch as soon as they are done with one.

    Args:
        number: how many processes.
        encoding: what they count tokens in.
    """

    def __init__(self, number: int, encoding: str) -> None:
        self._number = number
        self._encoding = encoding
        self._lines: list[_Line] = []
        self._leader: asyncio.subprocess.Process | None = None
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the processes

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _start(self) -> None:
        pairs = [socket.socketpair() for _ in range(self._number)]
        try:
            theirs = [pair[1].fileno() for pair in pairs]
            # A session of its own: Ctrl+C in the terminal does not reach it, and one signal ends all of it.
            self._leader = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "fttui.services.dataset.worker", self._encoding, *map(str, theirs)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=self._complaints,
                stderr=self._complaints,
                pass_fds=theirs,
                start_new_session=True,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
        finally:
            for _, theirs_too in pairs:
                theirs_too.close()
        for ours, _ in pairs:
            self._lines.append(_Line(*await asyncio.open_connection(sock=ours, limit=_READ_LIMIT)))

    async def _stop(self) -> None:
        try:
            if self._leader is not None and self._leader.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(self._leader.pid, signal.SIGKILL)
                await self._leader.wait()
            for line in self._lines:
                await line.ended()
        finally:
            # Also where this is cancelled in its turn.
            self._lines.clear()
            self._complaints.close()

    async def _death(self) -> WorkerDiedError:
        assert self._leader is not None  # noqa: S101 - somebody was at work
        code = await self._leader.wait()
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(size - _LAST_WORDS, 0))
        said = self._complaints.read().decode(errors="replace").split("\n")
        last = next((line for line in reversed(said) if line), f"exit code {code}")
        hint = "Check again; if it was signal 9, the machine may be short of memory."
        return WorkerDiedError(f"A worker is gone: {last}", hint=hint)

    async def examine(self, path: Path, size: int, task: Task) -> AsyncGenerator[Stretch]:
        """Yield what was found in every stretch, in the order of the file.

        Raises:
            WorkerDiedError: a worker ended before its work was done.
        """
        length = min(max(size // (self._number * _STRETCHES_EACH) + 1, SMALLEST_STRETCH), _LARGEST_STRETCH)
        orders = deque(Order(path, begin, end, task) for begin, end in stretches(size, length))
        given: deque[asyncio.Task[Stretch]] = deque()
        busy: dict[asyncio.Task[Stretch], _Line] = {}
        free = deque(self._lines * _ORDERS_AHEAD)
        try:
            while orders or given:
                while orders and free:
                    line = free.popleft()
                    work = asyncio.create_task(line.examine(orders.popleft()))
                    given.append(work)
                    busy[work] = line
                if given[0].done():
                    yield given.popleft().result()
                    continue
                done, _ = await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
                free.extend(busy.pop(work) for work in done)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._death() from error
        finally:
            for work in given:
                work.cancel()
            await asyncio.gather(*given, return_exceptions=True)
