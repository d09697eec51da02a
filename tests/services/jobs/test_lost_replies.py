"""A job is asked for once: one whose reply is lost is found, and two of one launch are told."""

from __future__ import annotations

import asyncio

import pytest

from fakes import FakeClock
from fault_server import Fault, FaultServer, error
from fttui.domain.errors import (
    UnconfirmedLaunchError,
)
from fttui.domain.jobs.operation import OperationState, doubles
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch import launch
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage
from fttui.services.jobs.reconcile import abandon, reconcile, refresh
from fttui.services.openai_api.provider import OpenAiProvider

CREATE = "/fine_tuning/jobs$"
LIST = "/fine_tuning/jobs$"


async def launch_in_vain(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    """Launch a job that is made, while the reply is lost and the provider cannot be asked for it."""
    server.fail("POST", CREATE, Fault(close=True, after_effect=True))
    server.fail("GET", LIST, error(503, "x"), forever=True)
    with pytest.raises(UnconfirmedLaunchError):
        await launch(provider, journal, "p", plan, clock=clock)
    server.heal()


LOST = [
    pytest.param(Fault(close=True, after_effect=True), id="connection closed"),
    pytest.param(Fault(502, b"<html>bad gateway", after_effect=True), id="bad gateway"),
    pytest.param(Fault(200, b"<html>log in", {"content-type": "text/html"}, after_effect=True), id="web page"),
    pytest.param(Fault(200, b'{"id": "ftj', after_effect=True), id="truncated"),
    pytest.param(Fault(409, b"{}", after_effect=True), id="conflict"),
    pytest.param(Fault(200, b'{"object": "job"}', after_effect=True), id="no id"),
]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("keeps_metadata", [True, False], ids=["tag", "no tag"])
async def test_a_job_whose_reply_was_lost_is_found_and_not_asked_for_again(
    server: FaultServer,
    provider: OpenAiProvider,
    journal: Journal,
    clock: FakeClock,
    plan: LaunchPlan,
    fault: Fault,
    keeps_metadata: bool,
) -> None:
    server.memory.keeps_metadata = keeps_metadata
    server.fail("POST", CREATE, fault, forever=True)
    told: list[LaunchProgress] = []

    job = await launch(provider, journal, "p", plan, told.append, clock)

    assert [job.id] == list(server.memory.jobs)
    assert server.count("POST", CREATE) == 1
    assert [one.state for one in journal.operations("p")] == [OperationState.CREATED]
    assert told[-1].stage is Stage.LOOKING


async def test_without_a_tag_an_older_job_of_the_same_file_is_not_taken_for_the_lost_one(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    server.memory.keeps_metadata = False
    first = await launch(provider, journal, "p", plan, clock=clock)
    server.fail("POST", CREATE, Fault(close=True))

    with pytest.raises(UnconfirmedLaunchError):
        await launch(provider, journal, "p", plan, clock=clock)
    assert list(server.memory.jobs) == [first.id]


async def test_a_launch_that_never_arrived_stays_open_and_is_not_sent_again_by_itself(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    server.fail("POST", CREATE, Fault(close=True), forever=True)

    with pytest.raises(UnconfirmedLaunchError):
        await launch(provider, journal, "p", plan, clock=clock)
    young = await reconcile(provider, journal, "p", clock)
    clock.time += 300
    old = await reconcile(provider, journal, "p", clock)

    assert [outcome.jobs for outcome in (*young, *old)] == [(), ()]
    assert [outcome.may_be_resent for outcome in (*young, *old)] == [False, True]
    assert server.count("POST", CREATE) == 1

    await abandon(journal, old[0].operation)
    assert await reconcile(provider, journal, "p", clock) == []


async def test_a_launch_whose_job_shows_up_later_is_settled_at_the_next_start(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    await launch_in_vain(server, provider, journal, clock, plan)

    (outcome,) = await refresh(provider, journal, "p", clock)

    assert [job.id for job in outcome.jobs] == list(server.memory.jobs)
    assert journal.operations(only_open=True) == []
    assert await refresh(provider, journal, "p", clock) == []


async def test_two_jobs_of_one_launch_are_both_shown(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    await launch_in_vain(server, provider, journal, clock, plan)
    (only,) = server.memory.jobs.values()
    server.memory.start_job({name: only[name] for name in ("model", "training_file", "metadata")})

    (outcome,) = await reconcile(provider, journal, "p", clock)

    assert [job.id for job in outcome.jobs] == list(server.memory.jobs)
    assert {entry.job.id for entry in journal.jobs("p")} == set(server.memory.jobs)


@pytest.mark.parametrize("at_once", [True, False], ids=["found at once", "found later"])
async def test_two_jobs_without_a_tag_are_told_until_one_is_stopped(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan, at_once: bool
) -> None:
    server.memory.keeps_metadata = False
    if at_once:
        server.fail("POST", CREATE, Fault(close=True, after_effect=True))
        server.memory.twice = True
        await launch(provider, journal, "p", plan, clock=clock)
    else:
        await launch_in_vain(server, provider, journal, clock, plan)
        (only,) = server.memory.jobs.values()
        server.memory.start_job({name: only[name] for name in ("model", "training_file")})

    second = list(server.memory.jobs)[1]
    for _ in range(2):
        await refresh(provider, journal, "p", clock)
        ((operation, jobs),) = doubles(journal.operations("p"), [entry.job for entry in journal.jobs("p")])
        assert [job.id for job in jobs] == list(server.memory.jobs)
        assert not operation.is_open

    await provider.cancel_job(second)
    await refresh(provider, journal, "p", clock)
    assert doubles(journal.operations("p"), [entry.job for entry in journal.jobs("p")]) == []


async def test_a_launch_stopped_while_it_asks_is_found_at_the_next_start(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, clock: FakeClock, plan: LaunchPlan
) -> None:
    server.fail("POST", CREATE, Fault(200, b"{" * 100, drip=1, pause=0.05, after_effect=True))
    task = asyncio.create_task(launch(provider, journal, "p", plan, clock=clock))
    assert await asyncio.to_thread(server.took_effect.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    (outcome,) = await reconcile(provider, journal, "p", clock)

    assert [job.id for job in outcome.jobs] == list(server.memory.jobs)
