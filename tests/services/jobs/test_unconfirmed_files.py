"""A file whose arrival was not confirmed is found and made once; several programs, small files, slow lines."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from deliveries import COMPLETE, CONTENT, PARTS, Deliver, statuses, stopped_after
from fakes import FakeClock
from fault_server import Fault, FaultServer, error
from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.transfer import Cutting, TransferState
from fttui.services.jobs.file_delivery import sending_turn
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchProgress
from fttui.services.jobs.loose_ends import tie_up
from fttui.services.openai_api.provider import OpenAiProvider

LOST = [
    pytest.param(Fault(close=True, after_effect=True), id="closed"),
    pytest.param(Fault(502, b"<html>", after_effect=True), id="bad gateway"),
    pytest.param(Fault(200, b'{"id": "upl', after_effect=True), id="truncated"),
    pytest.param(Fault(409, b"{}", after_effect=True), id="conflict"),
]


@pytest.mark.parametrize("fault", LOST)
async def test_a_completion_whose_reply_is_lost_is_found_and_made_once(
    server: FaultServer, journal: Journal, deliver: Deliver, fault: Fault
) -> None:
    server.fail("POST", COMPLETE, fault)

    sent = await deliver()

    assert list(server.memory.files) == [sent]
    assert server.count("POST", COMPLETE) == 1
    assert journal.transfers.all("p") == []


async def test_a_completion_that_never_arrived_is_asked_for_again(server: FaultServer, deliver: Deliver) -> None:
    server.fail("POST", COMPLETE, Fault(close=True), error(503, "x"))

    sent = await deliver()

    assert list(server.memory.files) == [sent]
    assert server.memory.contents[sent] == CONTENT


async def test_a_completion_that_is_not_confirmed_is_settled_the_next_time(
    server: FaultServer, journal: Journal, deliver: Deliver
) -> None:
    server.fail("POST", COMPLETE, Fault(close=True, after_effect=True))
    server.fail("GET", "/files$", error(503, "x"), forever=True)
    with pytest.raises(UnreachableError):
        await deliver()
    assert [transfer.state for transfer in journal.transfers.all("p")] == [TransferState.COMPLETING]
    server.heal()
    parts = server.count("POST", PARTS)

    sent = await deliver()

    assert list(server.memory.files) == [sent]
    assert server.count("POST", PARTS) == parts


async def test_a_completion_that_was_not_confirmed_is_settled_when_jobs_are_listed(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, deliver: Deliver, clock: FakeClock
) -> None:
    server.fail("POST", COMPLETE, Fault(close=True, after_effect=True))
    server.fail("GET", "/files$", error(503, "x"), forever=True)
    with pytest.raises(UnreachableError):
        await deliver()
    server.heal()

    await tie_up(provider, journal, "p", clock)

    (sent,) = server.memory.files
    assert journal.uploaded("p", hashlib.sha256(CONTENT).hexdigest()) == sent
    assert journal.transfers.all("p") == []


WHOLE = Cutting()


async def test_a_small_file_whose_reply_is_lost_is_found_and_not_sent_again(
    server: FaultServer, journal: Journal, deliver: Deliver
) -> None:
    server.fail("POST", "/files$", Fault(close=True, after_effect=True))

    sent = await deliver(cutting=WHOLE)

    assert list(server.memory.files) == [sent]
    assert server.count("POST", "/files$") == 1
    assert journal.transfers.all("p") == []


async def test_a_small_file_whose_program_was_killed_is_found_the_next_time(
    server: FaultServer, deliver: Deliver
) -> None:
    server.fail("POST", "/files$", Fault(close=True, after_effect=True))
    server.fail("GET", "/files$", error(503, "x"), error(503, "x"), *[error(503, "x")] * 7)
    with pytest.raises(UnreachableError):
        await deliver(cutting=WHOLE)
    server.heal()

    sent = await deliver(cutting=WHOLE)

    assert list(server.memory.files) == [sent]
    assert server.count("POST", "/files$") == 1


async def test_a_small_file_that_never_arrived_is_looked_for_no_longer_than_two_minutes(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, deliver: Deliver, clock: FakeClock
) -> None:
    server.fail("POST", "/files$", Fault(close=True))
    with pytest.raises(UnreachableError):
        await deliver(cutting=WHOLE)
    await tie_up(provider, journal, "p", clock)
    assert len(journal.transfers.all("p")) == 1
    clock.time += 200
    await tie_up(provider, journal, "p", clock)
    asked = len(server.requests)
    await tie_up(provider, journal, "p", clock)

    assert journal.transfers.all("p") == []
    assert len(server.requests) == asked


async def test_a_server_without_uploads_gets_the_file_in_one_piece(server: FaultServer, deliver: Deliver) -> None:
    server.fail("POST", "/uploads$", error(404, "Invalid URL"))

    sent = await deliver()

    assert server.memory.contents[sent] == CONTENT
    assert server.count("POST", "/files$") == 1


async def test_of_two_programs_one_sends_and_the_other_waits_for_it(
    server: FaultServer, journal: Journal, deliver: Deliver, told: list[LaunchProgress]
) -> None:
    other = sending_turn(journal, "p", hashlib.sha256(CONTENT).hexdigest())
    assert other.take()
    waiting = asyncio.Event()
    sending = deliver(lambda progress: waiting.set() if "Another" in progress.note else None)
    await waiting.wait()
    assert server.requests == []
    other.give_up()

    sent = await sending

    assert server.memory.contents[sent] == CONTENT


async def test_what_was_begun_of_a_file_that_is_another_now_is_called_off(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, deliver: Deliver, clock: FakeClock, file: Path
) -> None:
    await stopped_after(deliver, journal, 3)
    file.write_bytes(CONTENT[::-1])  # noqa: ASYNC240 - the test's own file

    sent = await deliver()
    await tie_up(provider, journal, "p", clock)

    assert server.memory.contents[sent] == CONTENT[::-1]
    assert statuses(server) == ["cancelled", "completed"]


async def test_a_line_that_is_too_slow_is_told_early(
    server: FaultServer, deliver: Deliver, clock: FakeClock, told: list[LaunchProgress]
) -> None:
    def slow(progress: LaunchProgress) -> None:
        if progress.done:
            clock.time += 10.0

    server.memory.upload_seconds = 700
    await deliver(slow)

    warned = next(progress for progress in told if "Too slow" in progress.warning)
    assert warned.done < len(CONTENT) / 2
    assert warned.rate is not None
    assert warned.seconds_left is not None
