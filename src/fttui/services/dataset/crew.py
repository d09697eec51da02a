"""Who does the examining: a thread of this process, or processes that work side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.examiner import Examiner, Task, stretches
from fttui.services.dataset.tokenizer import counter_for
from fttui.services.ports import TokenCounter

_THREAD_STRETCH = 512 * 1024


class Crew(Protocol):
    """Examines a file stretch by stretch."""

    def examine(self, path: Path, size: int, task: Task) -> AsyncGenerator[Stretch]:
        """Yield what was found in every stretch, in the order of the file."""
        ...


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


def crew_for(
    size: int, model: str | None, counter: TokenCounter | None, workers: int | None
) -> AbstractAsyncContextManager[Crew]:
    """The crew for a job of some size; a counter that is given can only work here."""
    del size, workers
    return ThreadCrew(model, counter)
