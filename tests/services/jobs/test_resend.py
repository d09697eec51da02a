"""A launch that came to nothing is sent again on a word, once, with its tag; files nobody uses are offered."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fakes import FakeClock
from fault_server import Fault, FaultServer, error
from fttui.domain.errors import ProviderError, RefusedLaunchError, UnconfirmedLaunchError, UnreachableError
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import TAG, Operation, OperationState
from fttui.services.jobs.create_once import resend
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch import launch
from fttui.services.jobs.launch_plan import LaunchPlan
from fttui.services.jobs.loose_ends import delete_unused, unused_files
from fttui.services.jobs.reconcile import reconcile
from fttui.services.openai_api.provider import OpenAiProvider

CREATE = "/fine_tuning/jobs$"
LIST = "/fine_tuning/jobs$"
ROWS = b'{"messages": []}\n'


@pytest.fixture
async def lost(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> Operation:
    """A launch that never arrived, long enough ago."""
    server.fail("POST", CREATE, Fault(close=True))
    with pytest.raises(UnconfirmedLaunchError):
        await launch(provider, journal, "p", plan, clock=clock)
    clock.time += 300
    (operation,) = journal.operations("p")
    return operation


async def test_a_launch_that_came_to_nothing_is_sent_again_with_the_same_tag(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, lost: Operation
) -> None:
    job = await resend(provider, journal, lost, clock)

    assert list(server.memory.jobs) == [job.id]
    assert job.metadata[TAG] == lost.id
    (operation,) = journal.operations("p")
    assert (operation.state, operation.job_id) == (OperationState.CREATED, job.id)


async def test_a_job_that_shows_up_late_is_found_and_nothing_is_sent_again(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, lost: Operation
) -> None:
    late = server.memory.start_job({"model": "base", "training_file": "file-1", "metadata": {TAG: lost.id}})

    job = await resend(provider, journal, lost, clock)

    assert job.id == late["id"]
    assert server.count("POST", CREATE) == 1
    assert journal.operations("p", only_open=True) == []


async def test_a_launch_is_not_sent_again_without_asking_the_provider_first(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, lost: Operation
) -> None:
    server.fail("GET", LIST, error(503, "x"), forever=True)

    with pytest.raises(UnreachableError):
        await resend(provider, journal, lost, clock)
    assert server.count("POST", CREATE) == 1


async def test_of_two_programs_that_are_told_to_send_again_one_does(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, lost: Operation
) -> None:
    other = Journal(journal.path)
    outcomes = await asyncio.gather(
        resend(provider, journal, lost, clock), resend(provider, other, lost, clock), return_exceptions=True
    )
    other.close()

    assert len(server.memory.jobs) == 1
    assert server.count("POST", CREATE) == 2
    assert sum(isinstance(outcome, Job) for outcome in outcomes) >= 1


async def test_a_launch_that_is_lost_again_waits_before_it_may_be_sent_a_third_time(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, lost: Operation
) -> None:
    server.fail("POST", CREATE, Fault(close=True))
    with pytest.raises(UnconfirmedLaunchError):
        await resend(provider, journal, lost, clock)

    (young,) = await reconcile(provider, journal, "p", clock)
    with pytest.raises(RefusedLaunchError):
        await resend(provider, journal, lost, clock)
    clock.time += 300
    (old,) = await reconcile(provider, journal, "p", clock)

    assert (young.may_be_resent, old.may_be_resent) == (False, True)


@pytest.mark.parametrize("outcome", [OperationState.ABANDONED, OperationState.REFUSED, OperationState.CREATED])
async def test_what_is_settled_is_not_sent_again(
    server: FaultServer,
    provider: OpenAiProvider,
    journal: Journal,
    clock: FakeClock,
    lost: Operation,
    outcome: OperationState,
) -> None:
    journal.settle(lost.id, outcome)

    with pytest.raises(RefusedLaunchError):
        await resend(provider, journal, lost, clock)
    assert server.count("POST", CREATE) == 1


async def test_a_file_of_a_refused_launch_is_offered_for_deletion_and_one_in_use_is_not(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan, rows: Path
) -> None:
    server.fail("POST", CREATE, error(400, "No such model"))
    with pytest.raises(ProviderError):
        await launch(provider, journal, "p", plan, clock=clock)
    (unused,) = await unused_files(journal, "p", clock)
    assert unused.path == str(rows)

    await launch(provider, journal, "p", plan, clock=clock)
    assert await unused_files(journal, "p", clock) == []


async def test_a_file_whose_launch_was_killed_is_offered_for_deletion_once_no_launch_can_be_waiting_for_it(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock
) -> None:
    kept = str(server.memory.keep_file("x.jsonl", ROWS)["id"])
    journal.remember_upload("p", "abc", kept, at=clock.now())
    assert await unused_files(journal, "p", clock) == []
    clock.time += 4000
    (unused,) = await unused_files(journal, "p", clock)

    await delete_unused(provider, journal, unused)

    assert server.memory.files == {}
    assert await unused_files(journal, "p", clock) == []
