"""The program in a real pseudo-terminal: what it wrote, what a terminal would show, how it left things.

``Terminal(home, *arguments)`` starts ``python -m fttui``; as a context manager it is ended for sure.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

PATIENCE = 60.0
_STEERING = re.compile("\x1b(?!\\]22;)[]P_^X][^\x1b\x07]{0,40}|[\x80-\x9f\ufffd]")
"""Operating-system commands, device controls, eight-bit controls, broken text: nothing the program writes itself."""

_KEYBOARD_PROTOCOL = re.compile(rb"\x1b\[[<>]\d*u")
"""Understood by newer terminals, ignored by others, printed in part by the screen model."""


class ScreenModel(pyte.Screen):
    """A screen that comes up empty when a program takes it over, as real ones do."""

    def set_mode(self, *modes: int, **options: bool) -> None:
        super().set_mode(*modes, **options)
        if 1049 in modes:
            self.erase_in_display(2)
            self.cursor_position()


class Terminal:
    """A program on the other side of a pseudo-terminal.

    Args:
        home: HOME of the program.
        command: what to run; the program itself by default.
        size: columns and lines.
        environ: variables besides those of the test.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        command: Sequence[str] | None = None,
        size: tuple[int, int] = (80, 24),
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.columns, self.lines = size
        self.screen = ScreenModel(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.lines, self.columns, 0, 0))
        self.modes_before = termios.tcgetattr(slave)
        variables = {**os.environ, "HOME": str(home), "TERM": "xterm-256color", "OPENBLAS_NUM_THREADS": "1"}
        # Where the interpreter itself crashes, its threads are written to the terminal.
        variables["PYTHONFAULTHANDLER"] = "1"
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "fttui", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**variables, **(environ or {})},
            cwd=home,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - the child becomes master of its terminal
        )
        self.slave, self.master = slave, master

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for descriptor in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def read(self, seconds: float = 0.05) -> bytes:
        """Take what the program writes within a time."""
        got = b""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            readable, _, _ = select.select([self.master], [], [], left)
            if not readable:
                break
            try:
                piece = os.read(self.master, 65536)
            except OSError:
                break
            got += piece
        self.raw += got
        self._stream.feed(_KEYBOARD_PROTOCOL.sub(b"", got))
        return got

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Read until something is so."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds:g} s for {what}; on the screen:\n{self.text}")
            self.read()

    def wait_for(self, text: str) -> None:
        """Read until a text is on the screen."""
        self.wait_until(lambda: text in self.text, repr(text))

    def send(self, data: str | bytes) -> None:
        """Type."""
        os.write(self.master, data.encode() if isinstance(data, str) else data)

    def end(self, seconds: float = PATIENCE) -> int:
        """Wait for the program to end; return its exit code, reading on so that it is not held up."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"still running after {seconds:g} s; on the screen:\n{self.text}")
            self.read()
        self.read(0.2)
        if self.process.returncode == -signal.SIGSEGV:
            raise AssertionError(f"the interpreter crashed: {self.raw[-6000:].decode(errors='replace')}")
        return self.process.returncode

    @property
    def is_restored(self) -> bool:
        """Whether the last mode changes left the alternate screen, the mouse and the cursor as they were found."""
        return (
            self._last(rb"\x1b\[\?1049([hl])") == b"l"
            and self._last(rb"\x1b\[\?25([hl])") == b"h"
            and all(
                self._last(rb"\x1b\[\?" + mode + rb"([hl])") == b"l" for mode in (b"1000", b"1003", b"1006", b"2004")
            )
            and termios.tcgetattr(self.slave)[:4] == self.modes_before[:4]
        )

    def _last(self, pattern: bytes) -> bytes:
        found = re.findall(pattern, self.raw)
        return found[-1] if found else b""

    @property
    def leaks(self) -> list[str]:
        """Sequences that steer a terminal and did not come from the program."""
        return _STEERING.findall(self.raw.decode("utf-8", "replace"))
