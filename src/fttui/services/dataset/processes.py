"""Worker processes that examine stretches of a file side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from fttui.domain.dataset.stretch import Stretch
from fttui.domain.errors import FttuiError
from fttui.services.dataset.examiner import Task
from fttui.services.dataset.leader import Leader
from fttui.services.dataset.wire import LENGTHS, REST, Order, pack_order, unpack_stretch

SMALLEST_STRETCH, _LARGEST_STRETCH = 256 * 1024, 4 * 1024 * 1024
_SHARE = 4
"""Of its part of what is left a worker gets one in so many bytes at a time, so that all end at the same time."""
_ORDERS_AHEAD = 2
"""So that a worker never waits for its next order."""
_READ_LIMIT = 4 * 1024 * 1024


class WorkerDiedError(FttuiError):
    """A worker ended before its work was done."""

    title = "Validation stopped"


def dwindling(size: int, workers: int) -> Iterator[tuple[int, int]]:
    """Cut a file into stretches that are large at first, for little effort, and small at the end."""
    begin = 0
    while begin < size:
        length = min(max((size - begin) // (workers * _SHARE), SMALLEST_STRETCH), _LARGEST_STRETCH)
        end = min(begin + length, size)
        yield begin, end
        begin = end


class _Line:
    """The connection to one worker; orders are answered in the order in which they are given."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._turn = asyncio.Lock()
        self.unanswered = 0

    async def examine(self, order: Order) -> Stretch:
        """Have a stretch looked at.

        Raises:
            ConnectionError, asyncio.IncompleteReadError: the worker is gone.
        """
        self.unanswered += 1
        self._writer.write(pack_order(order))
        async with self._turn:
            lengths = LENGTHS.unpack(await self._reader.readexactly(LENGTHS.size))
            body = await self._reader.readexactly(sum(lengths))
            self.unanswered -= 1
        return unpack_stretch(lengths, body)

    def rest(self) -> None:
        """Have the worker give up what it remembers; it is there again at once."""
        self._writer.write(REST)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def ended(self) -> None:
        """Wait until the killed worker has let go of its end."""
        with suppress(ConnectionError):
            while await self._reader.read(_READ_LIMIT):
                pass


class ProcessCrew:
    """Workers that take the next stretch as soon as they are done with one.

    Args:
        leader: the process they are forked from; it ends with the crew.
    """

    def __init__(self, leader: Leader) -> None:
        self._leader = leader
        self._lines: list[_Line] = []

    @property
    def encoding(self) -> str:
        """What tokens are counted in."""
        return self._leader.encoding

    @property
    def is_ready(self) -> bool:
        """Whether it may be given another file: all are there, and nobody is at work."""
        return self._leader.is_alive and not any(line.unanswered for line in self._lines)

    async def __aenter__(self) -> Self:
        try:
            for ours in self._leader.take_sockets():
                self._lines.append(_Line(*await asyncio.open_connection(sock=ours, limit=_READ_LIMIT)))
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def rest(self) -> None:
        """Have the workers give up what they remember, which takes them no time."""
        for line in self._lines:
            line.rest()

    async def stop(self) -> None:
        """End all processes at once, whatever they are doing."""
        try:
            await asyncio.to_thread(self._leader.kill)
            for line in self._lines:
                await line.ended()
        finally:
            # Also where this is cancelled in its turn.
            for line in self._lines:
                line.close()
            self._lines.clear()

    async def _death(self) -> WorkerDiedError:
        last = await asyncio.to_thread(self._leader.last_words)
        hint = "Check again; if it was signal 9, the machine may be short of memory."
        return WorkerDiedError(f"A worker is gone: {last}", hint=hint)

    async def examine(self, path: Path, size: int, task: Task) -> AsyncGenerator[Stretch]:
        """Yield what was found in every stretch, in the order of the file.

        Raises:
            WorkerDiedError: a worker ended before its work was done.
        """
        orders = deque(Order(path, begin, end, task) for begin, end in dwindling(size, len(self._lines)))
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
