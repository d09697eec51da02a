"""Launches and uploads in processes that can be killed at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[1]


class Killable:
    """Starts the next process, kills it, and tells how it ended."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._program = program
        self._child = 0

    def start(self, file: Path, cutting: Sequence[float] | None = None) -> None:
        """Launch with a file, or only send it in parts of these sizes."""
        self._order(json.dumps({"file": str(file), "cutting": cutting}))
        self._child = int(self._line())

    def kill(self) -> None:
        """Kill it, as the system does when memory runs out; it may have ended already."""
        os.kill(self._child, signal.SIGKILL)

    def ended(self) -> int:
        """Wait for its end: 0 when all went well, 1 when it failed in words, negative when it was killed."""
        self._order("")
        return int(self._line())

    def _order(self, words: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(f"{words}\n")
        self._program.stdin.flush()

    def _line(self) -> str:
        assert self._program.stdout is not None
        return self._program.stdout.readline()


@contextmanager
def killable(base_url: str, journal: Path) -> Iterator[Killable]:
    """A program that has everything imported, before a server and a journal."""
    program = subprocess.Popen(
        [sys.executable, str(TESTS / "support" / "launch_child.py"), base_url, str(journal)],
        env={**os.environ, "PYTHONPATH": f"{TESTS}:{TESTS.parent / 'src'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Killable(program)
    finally:
        program.kill()
        program.communicate()
