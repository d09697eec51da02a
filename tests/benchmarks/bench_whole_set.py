"""What comparing all rows and looking for sensitive data adds to a check; how long near duplicates of many rows take.

Run with ``python tests/benchmarks/bench_whole_set.py [MEGABYTES] [ROUNDS] [ROWS]``, default 100, 3 and 100000. Both
ways of checking run in turn, each in processes of its own, on a file made for the purpose. Then rows by the number,
one in a hundred nearly the same as an earlier one, are judged by themselves: from their texts to findings.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from chat_corpus import write
from process_tree import Cost, watched

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.set_verdict import SetUnderTest, judge
from fttui.services.dataset.sheet_writer import SheetWriter, gathered_quickly


def main() -> None:
    """Print times, memory and ratios."""
    megabytes, rounds, rows = (*map(int, sys.argv[1:]), *(100, 3, 100_000)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.jsonl"
        write(path, megabytes)
        print(f"{megabytes} MB, {rounds} rounds, cores are shared with whatever else runs")
        _race(path, rounds)
    _judge(rows)


def _race(path: Path, rounds: int) -> None:
    check = [sys.executable, "-m", "fttui", "check", str(path), "--json", "--fail-on", "never", "--no-cache"]
    ways = {"rows only": [*check, "--rows-only"], "the whole set": check}
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, command in ways.items():
            costs[name].append(watched(command, {}, memory_too=False))
    held = {name: watched(command, {}).memory for name, command in ways.items()}
    base: tuple[float, float] | None = None
    for name, entries in costs.items():
        wall = statistics.median(cost.wall for cost in entries)
        cpu = statistics.median(cost.cpu for cost in entries)
        base = base or (wall, cpu)
        memory = held[name]
        findings = sum(group["count"] for group in json.loads(entries[0].output)["findings"])
        ratio = f"{wall / base[0]:.2f} x wall, {cpu / base[1]:.2f} x CPU"
        print(f"{name:14} {wall:7.2f} s wall {cpu:7.2f} s CPU {memory:6.0f} MB  {ratio}  {findings:,} findings")


def _judge(rows: int) -> None:
    draw = random.Random(1)
    words = [f"{draw.randrange(10**6):x}" for _ in range(20_000)]
    stretch = Stretch()
    writer = SheetWriter(stretch)
    kept: list[list[str]] = []
    started = time.process_time()
    for line in range(1, rows + 1):
        text = draw.choices(words, k=80)
        if kept and line % 100 == 0:
            text = list(draw.choice(kept))
            text[draw.randrange(80)] = "changed"
        elif line % 50 == 1:
            kept.append(text)
        writer.add(gathered_quickly(("user", "assistant"), [" ".join(text[:60]), " ".join(text[60:])], line, 80))
    writer.flush()
    written = time.process_time()
    findings = judge(SetUnderTest(stretch.sheet, DataFormat.CHAT))
    seconds = time.process_time() - written
    near = sum(finding.code == "near-duplicate" for finding in findings)
    print(
        f"{rows:,} rows: sheets in {written - started:.1f} s, judged in {seconds:.1f} s of CPU, "
        f"{near:,} near duplicates"
    )


if __name__ == "__main__":
    main()
