"""A file arrives byte for byte and once, whatever happens to the line, the program, the file or the server."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from deliveries import CONTENT, KIB, PARTS, Deliver, statuses, stopped_after
from fakes import FakeClock
from fault_server import Fault, FaultServer, error
from fttui.domain.errors import RefusedError, UnreachableError, UnreadableFileError
from fttui.domain.jobs.transfer import TransferState
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchProgress
from fttui.services.jobs.loose_ends import tie_up
from fttui.services.openai_api.provider import OpenAiProvider


async def test_a_large_file_arrives_in_parts(
    server: FaultServer, journal: Journal, deliver: Deliver, told: list[LaunchProgress]
) -> None:
    sent = await deliver()

    assert server.memory.contents[sent] == CONTENT
    assert server.count("POST", PARTS) > 10
    assert server.memory.files[sent]["filename"] == f"fttui-{hashlib.sha256(CONTENT).hexdigest()[:16]}.jsonl"
    assert b"rows" not in b"".join(request.body for request in server.requests if "uploads" in request.path)[:2000]
    done = [progress.done for progress in told if progress.total]
    assert (done[0], done[-1]) == (0, len(CONTENT))
    assert journal.transfers.all("p") == []


async def test_parts_go_several_at_a_time(server: FaultServer, deliver: Deliver) -> None:
    server.fail("POST", PARTS, *[Fault(200, b'{"id": "part_0"}', drip=1, pause=0.02, after_effect=True)] * 3)
    sending = deliver()
    while server.count("POST", PARTS) < 3:
        assert not sending.done()
        await asyncio.sleep(0.01)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_parts_that_are_lost_are_sent_again_and_count_once(
    server: FaultServer, deliver: Deliver, told: list[LaunchProgress]
) -> None:
    lost = Fault(close=True, after_effect=True)
    server.fail("POST", PARTS, lost, error(503, "x"), Fault(200, b"<html>log in"), error(429, "slow"), lost)

    sent = await deliver()

    assert server.memory.contents[sent] == CONTENT
    assert any("trying again" in progress.note for progress in told)
    assert told[-1].note == ""


async def test_a_kill_costs_only_the_parts_under_way(
    server: FaultServer, journal: Journal, deliver: Deliver, told: list[LaunchProgress]
) -> None:
    await stopped_after(deliver, journal, 6)
    kept = len(journal.transfers.all("p")[0].parts)
    before = server.count("POST", PARTS)

    sent = await deliver()

    assert server.memory.contents[sent] == CONTENT
    assert len(server.memory.uploads) == 1
    assert any("Taken up where it stopped" in progress.note for progress in told)
    again = sum(len(request.body) for request in server.requests[before:] if request.path.endswith("/parts"))
    assert kept >= 6
    assert again < len(CONTENT)


async def test_a_line_that_stays_lost_keeps_what_arrived_for_the_next_time(
    server: FaultServer, journal: Journal, deliver: Deliver
) -> None:
    def cut(progress: LaunchProgress) -> None:
        if progress.done > 300 * KIB:
            server.fail("POST", PARTS, Fault(close=True), forever=True)

    with pytest.raises(UnreachableError) as failure:
        await deliver(cut)
    (kept,) = journal.transfers.all("p")
    server.heal()
    sent = await deliver()

    assert "only the rest is sent" in failure.value.hint
    assert kept.state is TransferState.SENDING
    assert kept.parts
    assert statuses(server) == ["completed"]
    assert server.memory.contents[sent] == CONTENT


async def test_an_upload_the_provider_has_dropped_is_sent_anew_and_told_why(
    server: FaultServer, journal: Journal, deliver: Deliver, clock: FakeClock, told: list[LaunchProgress]
) -> None:
    await stopped_after(deliver, journal, 4)
    server.memory.now += 3700
    clock.time += 3700

    sent = await deliver()

    assert server.memory.contents[sent] == CONTENT
    # A part that was still on its way when the first try ended may have let the server notice that time is up.
    assert statuses(server) in (["pending", "completed"], ["expired", "completed"])
    assert any("too old" in progress.note for progress in told)


async def test_an_upload_that_expires_on_the_way_is_sent_anew_and_told_why(
    server: FaultServer, deliver: Deliver, told: list[LaunchProgress]
) -> None:
    def expire(progress: LaunchProgress) -> None:
        if progress.done > 300 * KIB and len(server.memory.uploads) == 1:
            for upload in server.memory.uploads.values():
                upload["status"] = "expired"

    sent = await deliver(expire)

    assert server.memory.contents[sent] == CONTENT
    assert statuses(server) == ["expired", "completed"]
    assert any("sent anew" in progress.note for progress in told)


async def test_an_upload_that_expires_again_and_again_is_given_up_in_words(
    server: FaultServer, deliver: Deliver
) -> None:
    server.memory.upload_seconds = 0

    with pytest.raises(UnreachableError, match=r"dropped the unfinished upload of rows\.jsonl twice"):
        await deliver()


async def test_a_person_who_stops_it_leaves_nothing_behind(
    server: FaultServer, journal: Journal, deliver: Deliver
) -> None:
    reached = asyncio.Event()
    sending = deliver(lambda progress: reached.set() if progress.done > 100 * KIB else None)
    await reached.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending

    assert statuses(server) == ["cancelled"]
    assert journal.transfers.all("p") == []


async def test_what_could_not_be_called_off_is_called_off_at_the_next_start(
    server: FaultServer, provider: OpenAiProvider, journal: Journal, deliver: Deliver, clock: FakeClock
) -> None:
    server.fail("POST", "/cancel$", error(503, "x"))
    reached = asyncio.Event()
    sending = deliver(lambda progress: reached.set() if progress.done > 100 * KIB else None)
    await reached.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert [transfer.state for transfer in journal.transfers.all("p")] == [TransferState.CANCELLING]

    await tie_up(provider, journal, "p", clock)

    assert statuses(server) == ["cancelled"]
    assert journal.transfers.all("p") == []


@pytest.mark.parametrize("change", ["appended", "shortened", "replaced", "overwritten"])
async def test_a_file_that_changes_stops_the_sending_and_is_named(
    server: FaultServer, journal: Journal, deliver: Deliver, file: Path, change: str
) -> None:
    def meddle(progress: LaunchProgress) -> None:
        if not 200 * KIB < progress.done < 700 * KIB:
            return
        match change:
            case "appended":
                with file.open("ab") as end:
                    end.write(b"x")
            case "shortened":
                os.truncate(file, 250 * KIB)
            case "replaced":
                file.with_name("new").write_bytes(CONTENT)
                file.with_name("new").replace(file)
            case _:
                with file.open("r+b") as middle:
                    middle.write(b"x")

    with pytest.raises(UnreadableFileError, match=r"rows\.jsonl changed while it was sent"):
        await deliver(meddle)

    assert statuses(server) == ["cancelled"]
    assert server.memory.files == {}
    assert journal.transfers.all("p") == []


async def test_the_checksum_tells_what_the_times_of_a_file_hide(
    server: FaultServer, deliver: Deliver, file: Path
) -> None:
    state = os.stat(file)  # noqa: PTH116 - the test's own file

    def meddle(progress: LaunchProgress) -> None:
        if progress.total and progress.done == 0:
            with file.open("r+b") as start:
                start.write(b"xx")
            os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))

    with pytest.raises(RefusedError, match="MD5"):
        await deliver(meddle)
    assert statuses(server) == ["cancelled"]
    assert server.memory.files == {}
