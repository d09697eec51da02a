"""Validation of a large chat file against the cookbook's logic, in turn in the same run, with time and memory of both.

Run with ``python tests/benchmarks/bench_validation.py [MEGABYTES] [ROUNDS] [FILE]``, default 200 and 3. Without a file
that `chat_corpus` has written before, one is made in the temporary folder and removed afterwards. The cookbook's
notebook logic runs against `fttui check` on rows alone, which is what it does too, and with the whole-set checks, each
with the fast counter and without it. Also: how a running event loop stands the work, with workers
that are up already, and how soon the second check of the same file is done.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from chat_corpus import write
from process_tree import Cost, watched

from fttui.services.dataset.checks import Checks

TESTS = Path(__file__).parent.parent
MODEL = "gpt-4o-mini"

COOKBOOK = f"""
import json, sys
sys.path.insert(0, {str(TESTS)!r})
from pathlib import Path
from oracles.cookbook import check
from fttui.services.dataset.tokenizer import load_encoding
verdict = check(Path(sys.argv[1]), load_encoding("o200k_base").encode)
print(json.dumps({{"examples": verdict.examples, "tokens": sum(verdict.tokens), "errors": verdict.errors}}))
"""


ROWS, WHOLE = "rows", "whole set"
PLAIN_ROWS, PLAIN_WHOLE = "rows, tiktoken alone", "whole set, tiktoken"
TIMES = {200: (12, 300), 1000: (18, 450)}
"""What is wanted by size in megabytes: so many times the cookbook's speed, with at most so many megabytes."""


def main() -> None:
    """Print medians, ratios and memory."""
    megabytes, rounds = (*map(int, sys.argv[1:3]), *(200, 3)[len(sys.argv[1:3]) :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = Path(sys.argv[3]) if len(sys.argv) > 3 else folder / "chat.jsonl"
        if not path.exists():
            write(path, megabytes)
        print(f"{path.stat().st_size / 1e6:.0f} MB, {rounds} rounds, cores are shared with whatever else runs")
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        walls, memory = _race(path, _ways(path, _without_fast_counter(folder)), rounds)
        _judge(megabytes, walls, memory)
        asyncio.run(_in_the_app(path, folder / "kept", walls["cookbook"]))


def _without_fast_counter(folder: Path) -> dict[str, str]:
    package = folder / "absent" / "gigatoken"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('gigatoken is not there for this measurement')\n")
    return {"PYTHONPATH": str(folder / "absent")}


def _ways(path: Path, plain: dict[str, str]) -> dict[str, tuple[list[str], dict[str, str]]]:
    check = [sys.executable, "-m", "fttui", "check", str(path), "--model", MODEL, "--json"]
    check += ["--fail-on", "never", "--no-cache"]
    rows = [*check, "--rows-only"]
    return {
        "cookbook": ([sys.executable, "-c", COOKBOOK, str(path)], {}),
        ROWS: (rows, {}),
        WHOLE: (check, {}),
        PLAIN_ROWS: (rows, plain),
        PLAIN_WHOLE: (check, plain),
    }


def _race(
    path: Path, ways: dict[str, tuple[list[str], dict[str, str]]], rounds: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Median seconds and most megabytes of each way; the memory is looked at in runs of their own."""
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (command, environ) in ways.items():
            costs[name].append(watched(command, environ, memory_too=False))
    held = {name: watched(command, environ) for name, (command, environ) in ways.items()}
    _compare({name: json.loads(entries[0].output) for name, entries in costs.items()})
    base = statistics.median(cost.wall for cost in costs["cookbook"])
    base_cpu = statistics.median(cost.cpu for cost in costs["cookbook"])
    print(f"{'':22} {'wall s':>8} {'CPU s':>8} {'MB/s':>6} {'x wall':>7} {'x CPU':>6} {'MB':>6} {'MB, summed':>11}")
    for name, entries in costs.items():
        wall = statistics.median(cost.wall for cost in entries)
        cpu = statistics.median(cost.cpu for cost in entries)
        speed = path.stat().st_size / 1e6 / wall
        print(
            f"{name:22} {wall:8.2f} {cpu:8.2f} {speed:6.0f} {base / wall:7.1f} {base_cpu / cpu:6.1f}"
            f" {held[name].memory:6.0f} {held[name].memory_each:11.0f}"
        )
    walls = {name: statistics.median(cost.wall for cost in entries) for name, entries in costs.items()}
    return walls, {name: cost.memory for name, cost in held.items()}


def _judge(megabytes: int, walls: dict[str, float], memory: dict[str, float]) -> None:
    times, most = TIMES.get(megabytes, (0, 0))
    faster = {name: walls["cookbook"] / wall for name, wall in walls.items()}
    if times:
        _tell(f"rows at least {times} times the cookbook's speed", faster[ROWS], faster[ROWS] >= times)
        _tell(f"rows in at most {most} MB", memory[ROWS], memory[ROWS] <= most)
        _tell(f"whole set in at most {most} MB", memory[WHOLE], memory[WHOLE] <= most)
    _tell("tiktoken alone at least 3 times", faster[PLAIN_ROWS], faster[PLAIN_ROWS] >= 3)
    _tell("whole set at most twice the time of rows", walls[WHOLE] / walls[ROWS], walls[WHOLE] <= 2 * walls[ROWS])


def _tell(wanted: str, found: float, holds: bool) -> None:
    print(f"{'holds' if holds else 'FAILS':6} {wanted}: {found:.2f}")


def _compare(answers: dict[str, dict[str, object]]) -> None:
    """Both ways of ours must agree with the cookbook, which counts three tokens more per example."""
    cookbook = answers.pop("cookbook")
    examples, tokens = cookbook["examples"], cookbook["tokens"]
    assert isinstance(examples, int)
    assert isinstance(tokens, int)
    for name, answer in answers.items():
        counted = answer["tokens"]
        assert isinstance(counted, dict)
        assert (answer["examples"], counted["total"]) == (examples, tokens - 3 * examples), name


async def _in_the_app(path: Path, folder: Path, cookbook: float) -> None:
    """With workers that are up: how long it takes, how late a timer of 5 ms comes, what the cache saves."""
    delays: list[float] = []

    async def heartbeat() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.005)
            delays.append((time.perf_counter() - begun - 0.005) * 1000)

    beat = asyncio.create_task(heartbeat())
    await asyncio.sleep(1)
    idle = max(delays)
    async with Checks(folder) as checks:
        await checks.check(path, model=MODEL, whole=False)
        for name, whole in ((ROWS, False), (WHOLE, True)):
            delays.clear()
            begun = time.perf_counter()
            await checks.check(path, model=MODEL, whole=whole, anew=True)
            seconds = time.perf_counter() - begun
            p95 = statistics.quantiles(delays, n=20)[-1]
            print(f"{name}, workers up: {seconds:.2f} s, {cookbook / seconds:.1f} times; of a timer's delays ", end="")
            print(f"95 % up to {p95:.1f} ms, worst {max(delays):.1f} ms, worst when idle {idle:.1f} ms")
        begun = time.perf_counter()
        found = await checks.check(path, model=MODEL)
        print(f"again: {(time.perf_counter() - begun) * 1000:.1f} ms, from the cache: {found.from_cache}")
    beat.cancel()


if __name__ == "__main__":
    main()
