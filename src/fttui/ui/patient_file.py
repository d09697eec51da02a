"""Writes to a terminal that may stop reading, without ever being stuck in a write."""

from __future__ import annotations

import os
import select
import threading
import time
from typing import IO

_PIECE = 4096
_LOOK_UP_SECONDS = 0.1


class PatientFile:
    """Stands in for the terminal's file in the thread that writes to it.

    The descriptor is the process's own and does not block, so the thread waits where it can be called off; a lock of
    Python's own file objects, held while the process ends, would abort it.

    Args:
        file: the terminal.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._descriptor = _reopen(file.fileno())
        self._deadline: float | None = None
        self._written = 0
        self._gone = threading.Event()

    @property
    def written(self) -> int:
        """How many texts were written or given up, to compare with how many were handed in."""
        return self._written

    @property
    def is_gone(self) -> bool:
        """Whether nobody reads any more and nobody will."""
        return self._gone.is_set()

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """It is a terminal."""
        return True

    def start(self) -> None:
        """Wait for the terminal as long as it takes."""
        self._deadline = None

    def finish_within(self, seconds: float) -> None:
        """From now on wait no longer than this for all that is still to be written."""
        self._deadline = time.monotonic() + seconds

    def write(self, text: str) -> int:
        """Write a text when the terminal reads; give up after the deadline or when it is gone."""
        data = memoryview(text.encode("utf-8", "replace"))
        while data and not self._gone.is_set():
            if self._deadline is not None and time.monotonic() > self._deadline:
                break
            data = data[self._write_piece(data) :]
        self._written += 1
        return len(text)

    def _write_piece(self, data: memoryview) -> int:
        try:
            _, writable, _ = select.select([], [self._descriptor], [], _LOOK_UP_SECONDS)
            return os.write(self._descriptor, data[:_PIECE]) if writable else 0
        except BlockingIOError:
            return 0
        except OSError:
            # The terminal hung up. The thread that reads finds that out as well, and ends the program.
            self._gone.set()
            return 0

    def write_now(self, text: str) -> None:
        """Write what fits at once, for last words."""
        try:
            os.write(self._descriptor, text.encode())
        except OSError:
            self._gone.set()

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Let go of the descriptor."""
        if self._descriptor != self._file.fileno():
            os.close(self._descriptor)


def _reopen(descriptor: int) -> int:
    """Open the same terminal once more, so that not blocking here changes nothing for other programs on it."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return descriptor
