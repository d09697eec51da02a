"""What was learnt once is there again without the provider: every command that looks at jobs, and their screens."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from fault_server import KEY, Fault, FaultServer, running_fault_server
from fttui.cli.program import main
from fttui.services.container import Services
from fttui.ui.app import FttuiApp, Start
from fttui.ui.place import Place
from fttui.ui.screens.compare import CompareScreen
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.jobs import JobsScreen
from fttui.ui.screens.results import ResultsScreen
from reading import shown

STEPS = 40
STATUSES = ("succeeded", "running", "paused", "awaiting_review")
PATIENCE = 60


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A provider, reached by the profile `there`, with jobs in four states that were started by somebody else."""
    monkeypatch.setenv("FTTUI_API_KEY_THERE", KEY)
    monkeypatch.setenv("FTTUI_PROFILE", "there")
    monkeypatch.setenv("COLUMNS", "100")
    with running_fault_server() as running:
        memory = running.memory
        for status in STATUSES:
            job = memory.start_job({"model": "gpt-4.1-2025-04-14", "training_file": "file-1", "suffix": status})
            job["status"] = status
            for step in range(1, STEPS + 1):
                memory.step(str(job["id"]), step, STEPS, 4 / step)
        done = memory.jobs[ids(running)["succeeded"]]
        done |= {"finished_at": memory.now - 9000, "trained_tokens": 2_000_000, "fine_tuned_model": "ft:gpt-4.1:me::1"}
        table = "step,train_loss\n" + "".join(f"{step},{4 / step}\n" for step in range(1, STEPS + 1))
        results = memory.keep_file("step_metrics.csv", base64.b64encode(table.encode()), "fine-tune-results")
        done["result_files"] = [results["id"]]
        yield running


def ids(server: FaultServer) -> dict[str, str]:
    """The jobs by the status they have."""
    return {str(job["suffix"]): key for key, job in server.memory.jobs.items()}


def looks(server: FaultServer) -> list[tuple[str, ...]]:
    """Every way to look at the jobs in a shell."""
    job = ids(server)
    return [
        ("jobs", "list"),
        *(("jobs", "show", job[status]) for status in STATUSES),
        ("jobs", "show", job["awaiting_review"], "--json"),
        ("jobs", "compare", job["succeeded"], job["running"]),
        ("plot", job["succeeded"]),
        ("plot", job["succeeded"], job["paused"], "--log"),
        ("results", job["succeeded"]),
        ("costs",),
    ]


def no_screens(_: object) -> int:
    raise AssertionError("no screen was asked for")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command says on standard output."""
    assert main(list(words), no_screens) == 0, words
    return capsys.readouterr().out


def test_every_look_at_jobs_says_the_same_without_the_provider(
    server: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "profiles", "add", "there", server.base_url, "--kind", "openai")
    there = [told(capsys, *look) for look in looks(server)]
    server.fail("GET", ".*", Fault(close=True), forever=True)
    again = [told(capsys, *look) for look in looks(server)]

    assert again == there
    assert "awaiting_review" in there[0]
    assert server.count("POST", ".*") == 0


async def until(pilot: Pilot[None], *words: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while not all(word in shown(pilot) for word in words):
            await pilot.pause(0.02)


async def test_the_screens_show_what_is_known_after_a_restart_without_the_provider(
    server: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await asyncio.to_thread(told, capsys, "profiles", "add", "there", server.base_url, "--kind", "openai")
    job = ids(server)
    for look in looks(server):
        await asyncio.to_thread(told, capsys, *look)
    server.fail("GET", ".*", Fault(close=True), forever=True)
    services = await asyncio.to_thread(Services.open)
    app = FttuiApp(services, Start(place=Place.JOBS))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, "as known last", "awaiting revi", "paused", "running")
        assert isinstance(app.screen, JobsScreen)
        app.open_job("there", job["succeeded"])
        await until(pilot, "ft:gpt-4.1:me::1", "cost $50.00", "train")
        assert isinstance(app.screen, JobScreen)
        await pilot.press("w")
        await until(pilot, "40 rows, 2 columns")
        assert isinstance(app.screen, ResultsScreen)
        app.push_screen(CompareScreen([("there", job["succeeded"]), ("there", job["paused"])]))
        await until(pilot, "Settings that differ", "$50.00", "2 jobs of there")
        app.push_screen(JobScreen("there", job["running"]))
        await until(pilot, "step 40 of 40", "Offline since", "2027-01-14")
        assert not app._notifications
    await services.close()
