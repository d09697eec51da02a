"""Running models beside the server: the few loaded last, and answers made in threads of their own."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.engine.base_models import BASE_MODELS

if TYPE_CHECKING:
    from fttui.engine.nano.generation import GeneratedToken
    from fttui.engine.nano.model import Model

_CAPACITY = 4
_ANSWERS_AT_A_TIME = 8


class ModelCache:
    """Keeps the models used last in memory.

    Args:
        capacity: how many.
    """

    def __init__(self, capacity: int = _CAPACITY) -> None:
        self._capacity = capacity
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._guard = threading.Lock()
        self._loading = threading.Lock()
        self.turns = asyncio.Semaphore(_ANSWERS_AT_A_TIME)

    def load(self, name: str, weights: Path | None) -> Model:
        """Return a model; slow when it is not in memory.

        Args:
            name: its name.
            weights: where its weights lie; None for a base model.

        Raises:
            ModelFileError: it cannot be read.
        """
        found = self._recall(name)
        if found is not None:
            return found
        with self._loading:
            found = self._recall(name)
            if found is None:
                found = _read(name, weights)
                self._remember(name, found)
        return found

    def forget(self, name: str) -> None:
        """Let go of a model."""
        with self._guard:
            self._models.pop(name, None)

    def _recall(self, name: str) -> Model | None:
        with self._guard:
            found = self._models.get(name)
            if found is not None:
                self._models.move_to_end(name)
        return found

    def _remember(self, name: str, model: Model) -> None:
        with self._guard:
            self._models[name] = model
            while len(self._models) > self._capacity:
                self._models.popitem(last=False)


def _read(name: str, weights: Path | None) -> Model:
    # Loads numpy, which a server that only trains can do without.
    from fttui.engine.nano.model import load_base, load_weights

    if weights is None and name in BASE_MODELS:
        return load_base(name)
    if weights is None:
        raise LookupError(f"{name} has no weights")
    return load_weights(weights)


class Answer:
    """Tokens made in a thread, taken up on the event loop as they come.

    Args:
        start: makes the iterator over tokens; called in the thread.
    """

    def __init__(self, start: Callable[[], Iterator[GeneratedToken]]) -> None:
        self._start = start
        self._loop = asyncio.get_running_loop()
        self._ready: deque[GeneratedToken] = deque()
        self._news = asyncio.Event()
        self._stopped = threading.Event()
        self._done = False
        self._failure: Exception | None = None

    async def batches(self) -> AsyncGenerator[list[GeneratedToken]]:
        """Yield the tokens made since the last look; leaving early stops the thread.

        Raises:
            Exception: whatever the thread failed with.
        """
        threading.Thread(target=self._make, name="answer", daemon=True).start()
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                done = self._done
                batch = [self._ready.popleft() for _ in range(len(self._ready))]
                if batch:
                    yield batch
                if done:
                    break
        finally:
            self._stopped.set()
        if self._failure is not None:
            raise self._failure

    def _make(self) -> None:
        try:
            for token in self._start():
                if self._stopped.is_set():
                    break
                self._ready.append(token)
                self._tell()
        except Exception as failure:  # noqa: BLE001 (handed to the event loop, which raises it)
            self._failure = failure
        self._done = True
        self._tell()

    def _tell(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)
