"""Time from starting the program to its first frame, against a bare Textual app, in turn in the same run.

Run with ``python tests/benchmarks/bench_first_frame.py [ROUNDS]``.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("READY")

Bare().run()
"""

COMMANDS = {
    "bare Textual app": ([sys.executable, "-c", BARE], b"READY"),
    "fttui": ([sys.executable, "-m", "fttui"], b"Playground"),
}
COLUMNS, ROWS = 120, 40
LIMIT_SECONDS = 20.0


def seconds_to_first_frame(command: list[str], awaited: bytes) -> float:
    """Start a command in a terminal of its own; return how long it took until the awaited text was written."""
    terminal, program_side = pty.openpty()
    fcntl.ioctl(program_side, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        begun = time.perf_counter()
        program = subprocess.Popen(
            command,
            stdin=program_side,
            stdout=program_side,
            stderr=program_side,
            env=environment,
            start_new_session=True,
        )
        os.close(program_side)
        written = b""
        while awaited not in written:
            readable, _, _ = select.select([terminal], [], [], LIMIT_SECONDS)
            if not readable:
                raise TimeoutError(f"{command} wrote no {awaited!r} within {LIMIT_SECONDS} s:\n{written[-2000:]!r}")
            written += os.read(terminal, 65536)
        taken = time.perf_counter() - begun
        program.kill()
        program.wait()
        os.close(terminal)
    return taken


def main() -> None:
    """Print the medians and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for round_number in range(rounds + 1):
        for name, (command, awaited) in COMMANDS.items():
            taken = seconds_to_first_frame(command, awaited)
            if round_number:
                times[name].append(taken)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name:18} {medians[name] * 1000:6.0f} ms  ({min(values) * 1000:.0f} to {max(values) * 1000:.0f})")
    print(f"ratio              {medians['fttui'] / medians['bare Textual app']:.2f}  (aim: at most 1.6)")


if __name__ == "__main__":
    main()
