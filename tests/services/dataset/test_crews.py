"""Processes are kept for the next file, and go when nobody needs them or somebody breaks the work off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fttui.services.dataset.crew import Crews
from fttui.services.dataset.leader import Leader
from fttui.services.dataset.validation import ValidationProgress, validate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    with path.open("w") as file:
        for number in range(6000):
            said = [("user", f"Question {number}"), ("assistant", f"Answer {number} " + "word " * 60)]
            file.write(json.dumps({"messages": [{"role": role, "content": text} for role, text in said]}) + "\n")
    return path


@pytest.fixture
async def crews() -> AsyncIterator[Crews]:
    crews = Crews()
    yield crews
    await crews.close()


def leader_of(crews: Crews) -> Leader | None:
    return None if crews._kept is None else crews._kept._leader


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.to_thread(lambda: None)


async def test_the_next_file_is_checked_by_the_same_processes(path: Path, crews: Crews) -> None:
    first = await validate(path, crews=crews)
    leader = leader_of(crews)
    second = await validate(path, crews=crews)

    assert leader is not None
    assert leader_of(crews) is leader
    assert leader.is_alive
    assert (first.findings, first.tokens) == (second.findings, second.tokens)


async def test_another_encoding_gets_processes_of_its_own(path: Path, crews: Crews) -> None:
    await validate(path, model="gpt-4o-mini", crews=crews)
    before = leader_of(crews)
    report = await validate(path, model="gpt-3.5-turbo", crews=crews)
    after = leader_of(crews)

    assert before is not None
    assert after is not None
    assert not before.is_alive
    assert after.is_alive
    assert report.tokens is not None
    assert report.tokens.encoding == "cl100k_base"


async def test_work_that_is_broken_off_ends_its_processes(path: Path, crews: Crews) -> None:
    await validate(path, crews=crews)
    leader = leader_of(crews)
    assert leader is not None
    begun = asyncio.Event()

    def tell(_: ValidationProgress) -> None:
        begun.set()

    work = asyncio.create_task(validate(path, progress=tell, crews=crews))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert leader_of(crews) is None
    assert not leader.is_alive


async def test_processes_that_nobody_needs_go_after_a_while(path: Path) -> None:
    leader = Leader(2, "o200k_base")
    crews = Crews(leader, patience=0.001)
    await validate(path, crews=crews)

    await until(lambda: not leader.is_alive)
    assert leader_of(crews) is None
    await crews.close()


async def test_processes_that_died_while_they_waited_are_replaced(path: Path, crews: Crews) -> None:
    await validate(path, crews=crews)
    leader = leader_of(crews)
    assert leader is not None
    leader.kill()
    report = await validate(path, crews=crews)

    assert report.examples == 6000
    assert leader_of(crews) is not leader


async def test_closing_ends_what_waits_and_what_was_never_needed(path: Path) -> None:
    leaders = [Leader(1, "o200k_base"), Leader(1, "o200k_base")]
    used, unused = Crews(leaders[0]), Crews(leaders[1])
    await validate(path, crews=used)
    await used.close()
    await unused.close()

    assert [leader.is_alive for leader in leaders] == [False, False]


def test_processes_end_with_the_event_loop(path: Path) -> None:
    leader = Leader(1, "o200k_base")

    async def check_and_forget() -> None:
        await validate(path, crews=Crews(leader))

    asyncio.run(check_and_forget())

    assert not leader.is_alive


async def test_two_files_at_once_are_both_checked(path: Path, crews: Crews) -> None:
    reports = await asyncio.gather(validate(path, crews=crews), validate(path, crews=crews))

    assert [report.examples for report in reports] == [6000, 6000]


async def test_a_check_that_is_given_up_while_processes_start_leaves_none(path: Path) -> None:
    crews = Crews(Leader(2, "o200k_base"))
    work = asyncio.create_task(validate(path, crews=crews))
    for _ in range(20):
        await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await crews.close()

    assert leader_of(crews) is None
