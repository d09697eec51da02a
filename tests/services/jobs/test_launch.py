"""Launching: nothing is sent that was not checked, files once, and a refusal is settled."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import FakeClock
from fault_server import Fault, FaultServer, error, reply
from fttui.domain.errors import (
    ForbiddenError,
    JournalError,
    KeyRefusedError,
    ProviderError,
    RefusedLaunchError,
    UnreachableError,
    UnreadableFileError,
)
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.operation import TAG, OperationState
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.remote import RemoteFile
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch import launch
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage
from fttui.services.openai_api.provider import OpenAiProvider

CREATE = "/fine_tuning/jobs$"
ROWS = b'{"messages": []}\n'


async def test_a_launch_sends_the_file_and_asks_for_the_job_with_its_tag(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    told: list[LaunchProgress] = []

    job = await launch(provider, journal, "p", plan, told.append, clock)

    (operation,) = journal.operations("p")
    assert (operation.state, operation.job_id) == (OperationState.CREATED, job.id)
    assert job.metadata == {"team": "a", TAG: operation.id}
    assert server.memory.contents[job.training_file] == ROWS
    assert journal.jobs("p")[0].job == job
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == [Stage.HASHING, Stage.UPLOADING, Stage.CREATING]


async def test_the_stored_name_tells_nothing_of_this_computer(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    await launch(provider, journal, "p", plan, clock=clock)

    name = f"fttui-{hashlib.sha256(ROWS).hexdigest()[:16]}.jsonl"
    assert [file["filename"] for file in server.memory.files.values()] == [name]


async def test_the_same_content_is_sent_once(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan, rows: Path
) -> None:
    copy = rows.with_name("copy.jsonl")
    copy.write_bytes(ROWS)

    first = await launch(provider, journal, "p", replace(plan, validation=copy), clock=clock)
    second = await launch(provider, journal, "p", plan, clock=clock)

    assert len(server.memory.files) == 1
    assert first.training_file == first.validation_file == second.training_file


async def test_a_file_that_was_deleted_at_the_provider_is_sent_again(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    first = await launch(provider, journal, "p", plan, clock=clock)
    await provider.delete_file(first.training_file)

    second = await launch(provider, journal, "p", plan, clock=clock)

    assert second.training_file != first.training_file


async def test_files_the_provider_has_are_named_and_not_sent(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock
) -> None:
    kept = str(server.memory.keep_file("there.jsonl", ROWS)["id"])
    file = RemoteFile(kept, "there.jsonl", len(ROWS), 0, "fine-tune", "processed")

    job = await launch(provider, journal, "p", LaunchPlan.from_draft(Draft("base", file, file)), clock=clock)

    assert (job.training_file, job.validation_file) == (kept, kept)
    assert server.count("POST", "/files") == 0


async def test_a_file_that_changed_since_it_was_checked_is_not_sent(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan, rows: Path
) -> None:
    checked = replace(plan, hashes={rows: hashlib.sha256(ROWS).hexdigest()})
    await asyncio.to_thread(rows.write_bytes, ROWS * 2)

    with pytest.raises(RefusedLaunchError, match="changed since it was checked"):
        await launch(provider, journal, "p", checked, clock=clock)
    assert server.requests == []


async def test_a_file_that_is_gone_is_told_before_anything_is_sent(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan, rows: Path
) -> None:
    await asyncio.to_thread(rows.unlink)

    with pytest.raises(UnreadableFileError):
        await launch(provider, journal, "p", plan, clock=clock)
    assert server.requests == []


async def test_a_request_that_is_wrong_is_not_sent(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    wrong = replace(plan, spec=JobSpec("base", "", hyperparameters={"n_epochs": 0}, seed=-1))

    with pytest.raises(RefusedLaunchError, match=r"seed.*Epochs must be"):
        await launch(provider, journal, "p", wrong, clock=clock)
    assert server.requests == []


async def test_without_a_journal_nothing_is_sent(
    server: FaultServer, provider: OpenAiProvider, clock: FakeClock, plan: LaunchPlan, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(JournalError):
        await launch(provider, Journal(tmp_path / "file" / "journal.db"), "p", plan, clock=clock)
    assert server.requests == []


async def test_a_file_is_waited_for_until_it_is_processed(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    waiting = {"id": "file-1", "filename": "x", "bytes": 1, "status": "pending"}
    server.fail("GET", "/files/", reply(waiting), reply(waiting))
    told: list[LaunchProgress] = []

    await launch(provider, journal, "p", plan, told.append, clock)

    assert [progress.stage for progress in told].count(Stage.PROCESSING) == 2


async def test_a_file_the_provider_cannot_use_stops_the_launch(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    server.fail("GET", "/files/", reply({"id": "file-1", "status": "error"}))

    with pytest.raises(RefusedLaunchError, match="cannot use"):
        await launch(provider, journal, "p", plan, clock=clock)
    assert server.count("POST", CREATE) == 0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (error(401, "Who are you"), KeyRefusedError),
        (error(403, "Closed", "training_not_available"), ForbiddenError),
        (error(400, "Model x is not available for fine-tuning"), ProviderError),
        (error(429, "Too many jobs"), ProviderError),
    ],
    ids=["401", "403", "400", "429"],
)
async def test_a_clear_refusal_is_settled_and_told(
    server: FaultServer,
    provider: OpenAiProvider,
    journal: Journal,
    clock: FakeClock,
    plan: LaunchPlan,
    fault: Fault,
    kind: type[ProviderError],
) -> None:
    server.fail("POST", CREATE, fault)

    with pytest.raises(kind):
        await launch(provider, journal, "p", plan, clock=clock)
    assert [one.state for one in journal.operations("p")] == [OperationState.REFUSED]
    assert server.count("POST", CREATE) == 1


async def test_a_refusal_because_the_file_is_not_ready_yet_is_waited_out(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    busy = error(400, "File 'file-1' is still being processed and is not ready to be used for fine-tuning.")
    server.fail("POST", CREATE, busy, busy)

    await launch(provider, journal, "p", plan, clock=clock)

    assert len(server.memory.jobs) == 1


async def test_a_provider_out_of_reach_before_the_asking_leaves_nothing_open(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    server.fail("POST", "/files$", Fault(close=True))

    with pytest.raises(UnreachableError):
        await launch(provider, journal, "p", plan, clock=clock)
    assert journal.operations() == []
