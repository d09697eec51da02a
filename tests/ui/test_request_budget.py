"""How often a provider is asked while a job goes on and its list is looked at, counted where the requests arrive."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from fakes import NOON, FakeClock, FakeProvider
from fault_server import FaultServer, running_fault_server
from fttui.domain.jobs.cadence import REMOTE
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.poll_turn import LIST, PollTurn, folder_of
from fttui.services.jobs.watch import watch
from fttui.services.openai_api.provider import OpenAiProvider
from fttui.ui import job_following
from fttui.ui.place import Place
from fttui.ui.screens import jobs
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.jobs import JobsScreen
from pictures import FakeServices, make_app, until
from reading import shown

MINUTES = 3
MOST_A_MINUTE = 15


class MinuteClock(FakeClock):
    """Time that goes on by the second; whoever sleeps wakes when it is time."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._number = count()

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self.time + seconds, next(self._number), woken))
        await woken.wait()

    @property
    def sleepers(self) -> int:
        """How many wait for time to pass."""
        return len(self._sleepers)

    def tick(self) -> None:
        """Let a second pass."""
        self.time += 1
        while self._sleepers and self._sleepers[0][0] <= self.time:
            heapq.heappop(self._sleepers)[2].set()


class RemoteServices(FakeServices):
    """Services whose provider is asked over a socket."""

    def __init__(self, home: Path, server: FaultServer) -> None:
        super().__init__(home)
        self.remote = OpenAiProvider(server.endpoint())

    async def provider(self, name: str | None = None) -> FakeProvider:
        self.profile(name)
        return cast("FakeProvider", self.remote)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A server with twenty jobs of old, and one that is running."""
    with running_fault_server() as running:
        for number in range(21):
            made = running.memory.start_job({"model": f"base-{number}", "training_file": "file-1"})
            old = {"status": "succeeded", "finished_at": int(NOON) - 86_400, "fine_tuned_model": f"ft:{number}"}
            made |= {"created_at": int(NOON) - 90_000 + number, **(old if number < 20 else {"status": "running"})}
        yield running


@pytest.fixture
def remote(fresh_user: Path, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> RemoteServices:
    """A user whose time passes by the second, of a provider that is spared."""
    for module in (job_following, jobs):
        monkeypatch.setattr(module, "cadence_for", lambda _: REMOTE)
    services = RemoteServices(fresh_user, server)
    services.clock = MinuteClock()
    return services


@asynccontextmanager
async def the_list(services: RemoteServices) -> AsyncIterator[tuple[Pilot[None], JobsScreen]]:
    """The app on its list of jobs."""
    async with make_app(services, Place.JOBS).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "21 jobs" in shown(pilot), "the jobs")
        screen = pilot.app.screen
        assert isinstance(screen, JobsScreen)
        await until(pilot, lambda: not screen._asking, "the first answer")
        try:
            yield pilot, screen
        finally:
            await services.remote.close()


async def busiest_minute(pilot: Pilot[None], services: RemoteServices, server: FaultServer, watchers: int) -> int:
    """Let some minutes pass while a job makes a step a second; the most requests in any 60 seconds."""
    clock = services.clock
    assert isinstance(clock, MinuteClock)
    running = list(server.memory.jobs)[-1]
    arrived: list[int] = []
    for second in range(60 * MINUTES):
        server.memory.step(running, second + 1, 900, 1.0)
        if second % 50 == 49:
            server.memory.tell(running, f"Checkpoint created at step {second}")
        clock.tick()
        screen = pilot.app.screen
        if isinstance(screen, JobsScreen):
            screen._refresh_if_moving()
        await until(pilot, lambda: clock.sleepers == watchers and not is_asking(pilot), "an answer")
        arrived.append(len(server.requests))
    return max(last - first for first, last in zip([0, *arrived], arrived[59:], strict=False))


def is_asking(pilot: Pilot[None]) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, JobsScreen) and (screen._asking or any(not one.is_finished for one in screen.workers))


async def test_the_list_alone_asks_at_most_fifteen_times_a_minute(remote: RemoteServices, server: FaultServer) -> None:
    async with the_list(remote) as (pilot, _):
        assert 3 <= await busiest_minute(pilot, remote, server, 0) <= MOST_A_MINUTE


async def test_the_list_in_one_program_and_the_job_in_another_ask_at_most_fifteen_times_a_minute_together(
    remote: RemoteServices, server: FaultServer
) -> None:
    clock, job_id = remote.clock, list(server.memory.jobs)[-1]
    journal = Journal(remote.journal.path)

    async def follow() -> None:
        other = OpenAiProvider(server.endpoint())
        try:
            async with aclosing(watch(other, journal, remote.settings.profile, job_id, clock)) as news:
                async for _ in news:
                    pass
        finally:
            await other.close()
            journal.close()

    async with the_list(remote) as (pilot, _):
        following = asyncio.create_task(follow())
        assert isinstance(clock, MinuteClock)
        await until(pilot, lambda: clock.sleepers == 1, "the watching to begin")
        busiest = await busiest_minute(pilot, remote, server, 1)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

        assert 10 <= busiest <= MOST_A_MINUTE
        await pilot.press("r")
        await until(pilot, lambda: "20 %" in shown(pilot), "what the other program wrote down")


async def test_the_job_on_top_of_the_list_asks_at_most_fifteen_times_a_minute(
    remote: RemoteServices, server: FaultServer
) -> None:
    clock = remote.clock
    async with the_list(remote) as (pilot, _):
        await pilot.press("g", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job's screen")
        assert isinstance(clock, MinuteClock)
        await until(pilot, lambda: clock.sleepers == 1, "the watching to begin")

        assert 8 <= await busiest_minute(pilot, remote, server, 1) <= MOST_A_MINUTE


async def test_of_two_lists_one_asks(remote: RemoteServices, server: FaultServer) -> None:
    async with the_list(remote) as (pilot, screen):
        await pilot.press("2")
        await until(pilot, lambda: not isinstance(pilot.app.screen, JobsScreen), "another place")
        other = PollTurn(folder_of(remote.journal), remote.settings.profile, LIST)
        assert other.take()
        await pilot.press("4")
        await until(pilot, lambda: pilot.app.screen is screen, "the list")
        asked = server.count("GET", "/fine_tuning/jobs$")

        await busiest_minute(pilot, remote, server, 0)
        assert server.count("GET", "/fine_tuning/jobs$") == asked
        other.give_up()
        await busiest_minute(pilot, remote, server, 0)
        assert server.count("GET", "/fine_tuning/jobs$") > asked
