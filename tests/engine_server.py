"""A real engine in a process of its own, for any suite that wants one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where an engine answers, and the token it wants."""

    base_url: str
    api_key: str
    pid: int


class EngineProcess:
    """An engine that a test can stop politely or kill.

    Args:
        prefix: a program that becomes the engine.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "fttui.engine", "serve", "--home", str(home), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **(environment or {})},
        )
        self._address: EngineAddress | None = None

    @property
    def address(self) -> EngineAddress:
        """Where it answers; waits until it does."""
        if self._address is None:
            output = self._process.stdout
            assert output is not None
            line = output.readline()
            assert line, f"the engine ended with status {self._process.wait()} before it answered"
            said = json.loads(line)
            self._address = EngineAddress(said["base_url"], said["api_key"], said["pid"])
        return self._address

    def stop(self) -> int:
        """End it politely, and return its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it without a chance to say goodbye."""
        self._process.kill()
        self.wait()

    def wait(self) -> int:
        """Wait for its end, and return its exit status."""
        status = self._process.wait(timeout=60)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status


@contextmanager
def running_engine(
    home: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[EngineAddress]:
    """Run an engine over a folder for as long as the block lasts."""
    engine = EngineProcess(home, *arguments, environment=environment)
    try:
        yield engine.address
    finally:
        engine.stop()


def eventually(look: Callable[[], Found | None], what: str, seconds: float = 60.0) -> Found:
    """Look again and again until something is there, and return it.

    Args:
        look: returns None or False as long as there is nothing.
        what: what is waited for, for the message when it never comes.
        seconds: how long to be patient.
    """
    patience_ends = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < patience_ends, f"still waiting for {what} after {seconds:g} s"
        time.sleep(0.01)
