"""A launch whose answer was lost is told with what can be done, and done only on a word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fault_server import FaultServer
from fttui.domain.jobs.operation import TAG, Operation, OperationState
from fttui.domain.jobs.spec import JobSpec
from fttui.services.jobs.journal import Journal
from fttui.services.paths import user_paths
from fttui_program import fttui

LOST = "0123abcd-0000"
LONG_AGO = 1_700_000_000.0


@pytest.fixture
def journal() -> Iterator[Journal]:
    opened = Journal(user_paths().journal)
    spec = JobSpec("base", "file-0", metadata={TAG: LOST})
    opened.begin(Operation(LOST, "openai", OperationState.UNKNOWN, spec, LONG_AGO))
    yield opened
    opened.close()


def test_a_lost_launch_is_told_with_the_commands_that_settle_it(
    server: FaultServer, remote: Mapping[str, str], journal: Journal
) -> None:
    listed = fttui("jobs", "list", "--json", environ=remote)

    assert "fttui jobs resend 0123abcd" in listed.stderr
    assert "fttui jobs abandon 0123abcd" in listed.stderr
    assert [launch["id"] for launch in json.loads(listed.stdout)["unsettled_launches"]] == [LOST]
    assert server.memory.jobs == {}


def test_it_is_sent_again_with_its_tag_only_on_a_yes(
    server: FaultServer, remote: Mapping[str, str], journal: Journal
) -> None:
    refused = fttui("jobs", "resend", "0123", environ=remote)
    assert (refused.returncode, server.memory.jobs) == (2, {})

    sent = fttui("jobs", "resend", "0123", "--yes", environ=remote)
    again = fttui("jobs", "resend", "0123", "--yes", environ=remote)

    (job,) = server.memory.jobs.values()
    assert (sent.returncode, sent.stdout.strip()) == (0, job["id"])
    assert job["metadata"] == {TAG: LOST}
    assert again.returncode == 2
    assert journal.operations("openai")[0].job_id == job["id"]


def test_it_can_be_let_be(server: FaultServer, remote: Mapping[str, str], journal: Journal) -> None:
    assert fttui("jobs", "abandon", LOST, "--yes", environ=remote).returncode == 0

    assert journal.operations(only_open=True) == []
    assert "resend" not in fttui("jobs", "list", environ=remote).stderr
    assert server.memory.jobs == {}


def test_two_jobs_of_one_launch_are_told_until_one_is_stopped_or_both_are_kept(
    server: FaultServer, remote: Mapping[str, str], journal: Journal
) -> None:
    made = [
        str(server.memory.start_job({"model": "base", "training_file": "file-1", "metadata": {TAG: LOST}})["id"])
        for _ in range(2)
    ]

    told = fttui("jobs", "list", environ=remote).stderr
    assert "made 2 jobs" in told
    assert all(f"fttui jobs cancel {job_id}" in told for job_id in made)

    assert fttui("jobs", "abandon", LOST, environ=remote).returncode == 0
    assert "made 2 jobs" not in fttui("jobs", "list", environ=remote).stderr


def test_files_no_job_uses_are_listed_and_deleted_on_a_yes(
    server: FaultServer, remote: Mapping[str, str], journal: Journal
) -> None:
    kept = str(server.memory.keep_file("x.jsonl", b"{}")["id"])
    journal.remember_upload("openai", "abc", kept, at=LONG_AGO, path=Path("/data/rows.jsonl"))

    listed = fttui("files", "unused", "--json", environ=remote)
    deleted = fttui("files", "unused", "--delete", "--yes", environ=remote)

    assert [file["id"] for file in json.loads(listed.stdout)["files"]] == [kept]
    assert (deleted.returncode, server.memory.files) == (0, {})
    assert json.loads(fttui("files", "unused", "--json", environ=remote).stdout)["files"] == []


def test_doctor_says_how_the_journal_is_written() -> None:
    report = json.loads(fttui("doctor", "--json").stdout)

    assert report["journal"]["path"] == str(user_paths().journal)
    assert report["journal"]["exists"] is False
    assert report["journal"]["mode"] in ("WAL", "DELETE")
