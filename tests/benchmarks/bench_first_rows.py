"""The first rows of a large file, its whole line index, and any row of it; with the memory all that takes.

Run with ``python tests/benchmarks/bench_first_rows.py [MEGABYTES]``, default 1000. The file is made in the temporary
folder and removed afterwards.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from chat_corpus import write

from fttui.domain.dataset.parsing import parse_line
from fttui.services.dataset.dataset_file import DatasetFile

_ROWS = 40


def main() -> None:
    """Print times in milliseconds and memory in megabytes."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.jsonl"
        write(path, megabytes)
        asyncio.run(_measure(path))


async def _measure(path: Path) -> None:
    base = _memory()
    begun = time.perf_counter()
    file = DatasetFile.open(path)
    rows = [parse_line(file.raw_line(number), number + 1) for number in range(_ROWS)]
    print(f"first {len(rows)} rows, parsed   {_since(begun):8.1f} ms  (aim: under 100 ms)")
    begun = time.perf_counter()
    async for _ in file.index():
        pass
    indexed = _since(begun)
    begun = time.perf_counter()
    descriptor = os.open(path, os.O_RDONLY)
    while os.read(descriptor, 1024 * 1024):
        pass
    os.close(descriptor)
    print(f"index of {file.lines_known:,} lines {indexed:8.1f} ms  ({indexed / _since(begun):.1f} x reading the file)")
    choose = random.Random(1)
    single = []
    for _ in range(1000):
        number = choose.randrange(file.lines_known)
        begun = time.perf_counter()
        parse_line(file.raw_line(number), number + 1)
        single.append(_since(begun))
    print(f"any row, parsed          {statistics.median(single):8.2f} ms  (median of 1000)")
    print(f"memory                   {_memory() - base:8.1f} MB  more than before opening")


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def _memory() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
