"""Validation of a large chat file against the cookbook's logic, in turn in the same run, with time and memory of both.

Run with ``python tests/benchmarks/bench_validation.py [MEGABYTES] [ROUNDS]``, default 200 and 3. The file is made in
the temporary folder and removed afterwards. Three ways are compared: `fttui check`, the same with neither of the
packages of the extra `fast`, and the cookbook's notebook logic. Also: how a running event loop stands the work.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from chat_corpus import write
from process_tree import Cost, watched

from fttui.services.dataset.validation import validate

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


def main() -> None:
    """Print medians, ratios and memory."""
    megabytes, rounds = (*map(int, sys.argv[1:]), *(200, 3)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.jsonl"
        write(path, megabytes)
        print(f"{megabytes} MB, {rounds} rounds, cores are shared with whatever else runs")
        _race(path, _ways(path, _without_extras(Path(folder))), rounds)
        asyncio.run(_stalls(path))


def _without_extras(folder: Path) -> dict[str, str]:
    for name in ("gigatoken", "msgspec"):
        package = folder / "absent" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(f"raise ImportError('{name} is not there for this measurement')\n")
    return {"PYTHONPATH": str(folder / "absent")}


def _ways(path: Path, plain: dict[str, str]) -> dict[str, tuple[list[str], dict[str, str]]]:
    check = [sys.executable, "-m", "fttui", "check", str(path), "--model", MODEL, "--json", "--fail-on", "never"]
    return {
        "cookbook": ([sys.executable, "-c", COOKBOOK, str(path)], {}),
        "fttui check": (check, {}),
        "with tiktoken alone": (check, plain),
    }


def _race(path: Path, ways: dict[str, tuple[list[str], dict[str, str]]], rounds: int) -> None:
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (command, environ) in ways.items():
            costs[name].append(watched(command, environ))
    _compare({name: json.loads(entries[0].output) for name, entries in costs.items()})
    base = statistics.median(cost.wall for cost in costs["cookbook"])
    base_cpu = statistics.median(cost.cpu for cost in costs["cookbook"])
    print(f"{'':22} {'wall s':>8} {'CPU s':>8} {'MB/s':>6} {'x wall':>7} {'x CPU':>6} {'MB':>6} {'MB, summed':>11}")
    for name, entries in costs.items():
        wall = statistics.median(cost.wall for cost in entries)
        cpu = statistics.median(cost.cpu for cost in entries)
        memory, each = max(cost.memory for cost in entries), max(cost.memory_each for cost in entries)
        speed = path.stat().st_size / 1e6 / wall
        print(
            f"{name:22} {wall:8.2f} {cpu:8.2f} {speed:6.0f} {base / wall:7.1f} {base_cpu / cpu:6.1f}"
            f" {memory:6.0f} {each:11.0f}"
        )


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


async def _stalls(path: Path) -> None:
    """How late a timer of five milliseconds comes while the file is validated."""
    delays: list[float] = []

    async def heartbeat() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.005)
            delays.append((time.perf_counter() - begun - 0.005) * 1000)

    beat = asyncio.create_task(heartbeat())
    await asyncio.sleep(1)
    idle = max(delays)
    delays.clear()
    report = await validate(path, model=MODEL)
    beat.cancel()
    p95 = statistics.quantiles(delays, n=20)[-1]
    print(f"event loop while validating ({report.seconds:.2f} s): 95 % of stalls up to {p95:.1f} ms, ", end="")
    print(f"worst {max(delays):.1f} ms; worst when idle {idle:.1f} ms")


if __name__ == "__main__":
    main()
