"""A journal on a real disk, a provider with a clock of its own, files to send there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from deliveries import CONTENT, SMALL_PARTS, Deliver
from fakes import FakeClock
from fault_server import FaultServer
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.jobs.transfer import Cutting
from fttui.services.jobs.file_delivery import FileDelivery
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress
from fttui.services.openai_api.provider import OpenAiProvider

ROWS = b'{"messages": []}\n'


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "state" / "journal.db")
    yield opened
    opened.close()


@pytest.fixture
def clock(server: FaultServer) -> FakeClock:
    return FakeClock(server.memory.now)


@pytest.fixture
async def provider(server: FaultServer, clock: FakeClock) -> AsyncIterator[OpenAiProvider]:
    connected = OpenAiProvider(server.endpoint(), clock)
    yield connected
    await connected.close()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(ROWS)
    return path


@pytest.fixture
def plan(rows: Path) -> LaunchPlan:
    return LaunchPlan(JobSpec("base", "", metadata={"team": "a"}), rows)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def told() -> list[LaunchProgress]:
    return []


@pytest.fixture
def deliver(
    provider: OpenAiProvider, journal: Journal, clock: FakeClock, file: Path, told: list[LaunchProgress]
) -> Deliver:
    """Send the file; what is told can be acted upon."""

    def start(act: Callable[[LaunchProgress], None] | None = None, cutting: Cutting = SMALL_PARTS) -> asyncio.Task[str]:
        def tell(progress: LaunchProgress) -> None:
            told.append(progress)
            if act is not None:
                act(progress)

        plan = LaunchPlan(JobSpec("base", ""), file)
        return asyncio.create_task(FileDelivery(provider, journal, "p", plan, tell, clock, cutting).prepare(file))

    return start
