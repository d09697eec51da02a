"""Who does the examining: a thread of this process, or processes that work side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from fttui.domain.dataset.encodings import encoding_for
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.examiner import Examiner, Task, stretches
from fttui.services.dataset.leader import Leader, cores
from fttui.services.dataset.processes import SMALLEST_STRETCH, ProcessCrew
from fttui.services.dataset.tokenizer import counter_for

if TYPE_CHECKING:
    from fttui.services.ports import TokenCounter

_THREAD_STRETCH = 512 * 1024
_THREAD_AT_MOST = 64 * 1024 * 1024
"""Bytes, unpacked, for which a thread will do where one was asked for."""
_PATIENCE = 180.0


class Crew(Protocol):
    """Examines a file stretch by stretch."""

    def examine(self, path: Path, size: int, task: Task) -> AsyncGenerator[Stretch]:
        """Yield what was found in every stretch, in the order of the file."""
        ...


def crew_for(
    size: int, model: str | None, counter: TokenCounter | None, workers: int | None, crews: Crews | None = None
) -> AbstractAsyncContextManager[Crew]:
    """The crew for so many bytes of files; a counter that is given can only work here."""
    if counter is not None or (workers == 0 and size <= _THREAD_AT_MOST):
        return ThreadCrew(model, counter)
    encoding = encoding_for(model).name
    if crews is not None and not workers:
        return crews.crew(encoding)
    useful = max(size // SMALLEST_STRETCH, 1)
    return ProcessCrew(Leader(min(workers or cores(), useful), encoding))


class ThreadCrew:
    """Works in a thread of this process, in short steps."""

    def __init__(self, model: str | None, counter: TokenCounter | None) -> None:
        self._model = model
        self._counter = counter

    async def __aenter__(self) -> Self:
        if self._counter is None:
            self._counter = await asyncio.to_thread(counter_for, self._model)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to let go of."""

    async def examine(self, path: Path, size: int, task: Task) -> AsyncGenerator[Stretch]:
        """Yield what was found in every stretch, in the order of the file."""
        assert self._counter is not None  # noqa: S101 - set on entering
        examiner = Examiner(self._counter)
        for begin, end in stretches(size, _THREAD_STRETCH):
            yield await asyncio.to_thread(examiner.examine, path, begin, end, task)


class Crews:
    """Keeps the last crew for the next file, so that its processes need not be started anew.

    A crew that waits has given up all memory but the vocabulary, and goes after a while. Whoever uses this closes it.

    Args:
        leader: a leader that has been started already, for the first crew.
        patience: seconds that a crew waits for more work; 0 to keep none.
    """

    def __init__(self, leader: Leader | None = None, patience: float = _PATIENCE) -> None:
        self._leader = leader
        self._patience = patience
        self._kept: ProcessCrew | None = None
        self._end: asyncio.Task[None] | None = None
        self._is_closed = False

    @asynccontextmanager
    async def crew(self, encoding: str) -> AsyncIterator[ProcessCrew]:
        """A crew for one file, which is kept afterwards unless its work was broken off."""
        crew = await self._take(encoding) or await ProcessCrew(self._new_leader(encoding)).__aenter__()
        try:
            yield crew
        finally:
            if self._patience and not self._is_closed and self._kept is None and crew.is_ready:
                crew.rest()
                self._kept = crew
                self._end = asyncio.create_task(self._wait(crew))
            else:
                await crew.stop()

    async def _take(self, encoding: str) -> ProcessCrew | None:
        crew, end = self._kept, self._end
        if crew is None or end is None:
            return None
        self._kept = self._end = None
        end.cancel()
        if crew.is_ready and crew.encoding == encoding:
            return crew
        await crew.stop()
        return None

    def _new_leader(self, encoding: str) -> Leader:
        leader, self._leader = self._leader, None
        if leader is not None and leader.encoding == encoding:
            return leader
        if leader is not None:
            leader.kill()
        return Leader(cores(), encoding)

    async def _wait(self, crew: ProcessCrew) -> None:
        try:
            await asyncio.sleep(self._patience)
        finally:
            # Also where the event loop ends and cancels all there is; whoever takes the crew has taken it away before.
            if self._kept is crew:
                self._kept = self._end = None
                await crew.stop()

    async def close(self) -> None:
        """End what waits; crews at work end with their work."""
        self._is_closed = True
        if self._leader is not None:
            self._leader.kill()
            self._leader = None
        crew, end = self._kept, self._end
        self._kept = self._end = None
        if end is not None:
            end.cancel()
        if crew is not None:
            await crew.stop()
