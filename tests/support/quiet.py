"""Whether anything is under way that may still change a screen: threads, processes, timers about to ring."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from textual.app import App
from textual.timer import Timer

_SOON_SECONDS = 1.0
"""Timers that ring later (notices that go away again) do not belong to what is awaited."""
_AT_WORK = {"R", "D"}


def is_busy(app: App[None]) -> bool:
    """Whether a thread of the event loop, a process of ours or a short timer of the screen has not come to rest."""
    return _thread_is_busy() or _timer_is_running(app) or any(map(_is_at_work, _descendants(os.getpid())))


def _thread_is_busy() -> bool:
    # What runs in `asyncio.to_thread`; where the loop keeps it is not public, so its absence means nothing to wait for.
    pool: object = getattr(asyncio.get_running_loop(), "_default_executor", None)
    if not isinstance(pool, ThreadPoolExecutor):
        return False
    return pool._work_queue.qsize() > 0 or pool._idle_semaphore._value < len(pool._threads)


def _timer_is_running(app: App[None]) -> bool:
    timers = (timer for widget in app.screen.walk_children(with_self=True) for timer in tuple(widget._timers))
    return any(_will_ring_soon(timer) for timer in timers)


def _will_ring_soon(timer: Timer) -> bool:
    if timer._repeat != 0 or timer._interval >= _SOON_SECONDS or not timer._active.is_set():
        return False
    return timer._task is None or not timer._task.done()


def _descendants(pid: int) -> Iterator[int]:
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (thread / "children").read_text("ascii").split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def _is_at_work(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] in _AT_WORK
    except OSError:
        return False
