"""Runs a command and watches it and everything it starts: wall time, CPU time, the most memory held at one moment."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and megabytes; shared pages count once in `memory` and in every process in `memory_each`."""

    wall: float
    cpu: float
    memory: float
    memory_each: float
    output: str


def watched(command: Sequence[str], environ: Mapping[str, str] | None = None, *, memory_too: bool = True) -> Cost:
    """Run a command to its end.

    Args:
        command: the program and its arguments.
        environ: what to add to the environment.
        memory_too: whether to look at its memory, which holds up what has many processes; its time is not fair then.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **(environ or {})}, text=True)
    cpu: dict[int, float] = {}
    memory = memory_each = 0.0
    while process.poll() is None:
        tree = _tree(process.pid)
        cpu.update({entry: seconds for entry in tree if (seconds := _cpu(entry)) is not None})
        if memory_too:
            memory = max(memory, sum(_kilobytes(entry, "Pss") for entry in tree) / 1024)
            memory_each = max(memory_each, sum(_kilobytes(entry, "Rss") for entry in tree) / 1024)
        time.sleep(_INTERVAL)
    wall = time.perf_counter() - begun
    assert process.stdout is not None
    return Cost(wall, sum(cpu.values()), memory, memory_each, process.stdout.read())


def _tree(root: int) -> list[int]:
    found = [root]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _cpu(process: int) -> float | None:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _kilobytes(process: int, name: str) -> int:
    try:
        rolled_up = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rolled_up.splitlines() if line.startswith(f"{name}:")), 0)
