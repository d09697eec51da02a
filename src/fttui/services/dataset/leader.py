"""The process that loads a vocabulary and forks workers from itself; it may start before anything else is ready."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress

_LAST_WORDS = 2000
_ENVIRON = {
    "OPENBLAS_NUM_THREADS": "1",
    # For the allocator of glibc: memory of arrays is used again, not handed back and fetched anew for each, which would
    # cost a sixth of the time of looking at the whole set.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 20),
    "MALLOC_TOP_PAD_": str(4 << 20),
}


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Leader:
    """A leader with its workers, each at the other end of a socket.

    Args:
        number: how many workers.
        encoding: what they count tokens in, by tiktoken's name.
    """

    def __init__(self, number: int, encoding: str) -> None:
        self.encoding = encoding
        pairs = [socket.socketpair() for _ in range(number)]
        self._sockets = [ours for ours, _ in pairs]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the processes
        theirs = [other.fileno() for _, other in pairs]
        try:
            # A session of its own: Ctrl+C in the terminal does not reach it, and one signal ends all of it.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "fttui.services.dataset.worker", encoding, *map(str, theirs)],
                stdin=subprocess.DEVNULL,
                stdout=self._complaints,
                stderr=self._complaints,
                pass_fds=theirs,
                start_new_session=True,
                env={**os.environ, **_ENVIRON},
            )
        except BaseException:
            self._close()
            raise
        finally:
            for _, other in pairs:
                other.close()

    def take_sockets(self) -> list[socket.socket]:
        """Hand over our ends; who takes them closes them."""
        sockets, self._sockets = self._sockets, []
        return sockets

    @property
    def is_alive(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it and all workers, and wait until it is gone."""
        if self.is_alive:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._close()

    def last_words(self) -> str:
        """Wait until it ends by itself, and tell why."""
        code = self._process.wait()
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(size - _LAST_WORDS, 0))
        said = self._complaints.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(said) if line), f"exit code {code}")

    def _close(self) -> None:
        for ours in self._sockets:
            ours.close()
        self._complaints.close()
