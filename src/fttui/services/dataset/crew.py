"""Who does the examining: a thread of this process, or processes that work side by side."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from fttui.domain.dataset.encodings import encoding_for
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.examiner import Examiner, Task, stretches
from fttui.services.dataset.processes import SMALLEST_STRETCH, ProcessCrew
from fttui.services.dataset.tokenizer import counter_for
from fttui.services.ports import TokenCounter

_THREAD_STRETCH = 512 * 1024


class Crew(Protocol):
    """Examines a file stretch by stretch."""

    def examine(self, path: Path, size: int, task: Task) -> AsyncGenerator[Stretch]:
        """Yield what was found in every stretch, in the order of the file."""
        ...


def crew_for(
    size: int, model: str | None, counter: TokenCounter | None, workers: int | None
) -> AbstractAsyncContextManager[Crew]:
    """The crew for so many bytes of files; a counter that is given can only work here."""
    if counter is not None or workers == 0:
        return ThreadCrew(model, counter)
    useful = max(size // SMALLEST_STRETCH, 1)
    return ProcessCrew(min(workers or cores(), useful), encoding_for(model).name)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
