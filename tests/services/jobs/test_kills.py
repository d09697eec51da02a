"""A program that is killed at any moment of a launch never makes a second job, and loses none."""

from __future__ import annotations

import os
from pathlib import Path

from fault_server import running_fault_server
from fttui.services.jobs.journal import Journal
from launch_chaos import jobs_of, launch_many, settle_all

ROUNDS = int(os.environ.get("FTTUI_TEST_KILLS", "20"))


async def test_after_every_kill_the_journal_knows_exactly_the_jobs_there_are(journal: Journal, tmp_path: Path) -> None:
    with running_fault_server() as server:
        outcome = await launch_many(server, journal, tmp_path, ROUNDS, seed=11)

        assert {entry.job.id for entry in journal.jobs("p")} == set(server.memory.jobs)
        assert outcome.known == outcome.jobs
        assert outcome.doubled == 0
        assert outcome.killed > ROUNDS / 4
        for operation in journal.operations("p"):
            assert jobs_of(server, operation.id) == (1 if operation.job_id else 0)
        assert outcome.creates <= outcome.written_down

        await settle_all(server, journal)
        assert [jobs_of(server, operation.id) for operation in journal.operations("p")] == [1] * outcome.written_down
