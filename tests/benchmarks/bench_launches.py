"""Two hundred launches with kills and lost replies, and what is known afterwards.

Run with ``PYTHONPATH=tests:tests/support python tests/benchmarks/bench_launches.py [ROUNDS] [SEED]``, default 200 and
11. The server is one of our own on this computer. Three quarters of the launches are killed with SIGKILL around one of
their requests, chosen at random, and a quarter of the replies to the request for the job are lost.
"""

from __future__ import annotations

import asyncio
import dataclasses
import sys
import tempfile
import time
from pathlib import Path

from fault_server import running_fault_server
from fttui.services.jobs.journal import Journal
from launch_chaos import jobs_of, launch_many, settle_all


async def main(rounds: int, seed: int) -> None:
    """Launch, and print what came of it."""
    with tempfile.TemporaryDirectory() as name, running_fault_server() as server:
        journal = Journal(Path(name) / "state" / "journal.db")
        began = time.perf_counter()
        outcome = await launch_many(server, journal, Path(name), rounds, seed)
        for field, value in dataclasses.asdict(outcome).items():
            print(f"{field:<14} {value:6}")
        open_before = len(journal.operations("p", only_open=True))
        await settle_all(server, journal)
        counts = [jobs_of(server, operation.id) for operation in journal.operations("p")]
        print(
            f"open           {open_before:6}  sent again on a word; after that jobs per launch: {sorted(set(counts))}"
        )
        print(f"seconds        {time.perf_counter() - began:6.0f}")
        journal.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 11))
