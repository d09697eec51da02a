"""The list of jobs: from the journal at once, brought up to date by the provider, narrowed down by typing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import TAG, Operation, OperationState
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.remote import RemoteModel
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from fttui.ui.screens.jobs import JobsScreen
from fttui.ui.widgets.job_list import GAP, NAME_CELLS, PROGRESS_CELLS, lay_out
from make_jobs import StillClock, make_job, put_job
from pictures import FakeServices, make_app, until
from reading import shown


@pytest.fixture(autouse=True)
def clock(services: FakeServices) -> StillClock:
    """Time that passes only when a test says so."""
    services.clock = StillClock()
    return services.clock


def screen_of(pilot: Pilot[None]) -> JobsScreen:
    """The list's screen."""
    screen = pilot.app.screen
    assert isinstance(screen, JobsScreen)
    return screen


def ids(pilot: Pilot[None]) -> list[str]:
    """The jobs on show, from the top."""
    return [known.job.id for known in screen_of(pilot).shown]


def known(services: FakeServices, *jobs: Job) -> None:
    """Let the journal know jobs from an earlier run."""
    services.journal.adopt("local", jobs, seen_at=services.clock.now())


async def test_the_journals_jobs_are_there_before_the_provider_answers(services: FakeServices) -> None:
    known(services, make_job(1, "succeeded"))
    services.fake.gate.clear()
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "me:smart-home:0001" in shown(pilot), "the job of the journal")
        assert "asking the provider" in shown(pilot)

        put_job(services.fake, make_job(2), 30)
        services.fake.gate.set()
        await until(pilot, lambda: ids(pilot) == ["ftjob-0002", "ftjob-0001"], "the provider's job on top")
        await until(pilot, lambda: "50 %" in shown(pilot), "its progress")

        assert [entry.job.id for entry in services.journal.jobs("local")] == ["ftjob-0002", "ftjob-0001"]


async def test_without_a_connection_the_list_stays_and_says_so(services: FakeServices) -> None:
    known(services, make_job(1, "succeeded"))
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    async with make_app(services, Place.JOBS).run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "No answer from 127.0.0.1" in shown(pilot), "what is wrong")

        assert ids(pilot) == ["ftjob-0001"]
        assert not pilot.app._notifications

        services.fake.failure = None
        await pilot.press("r")
        await until(pilot, lambda: "No answer" not in shown(pilot), "the answer")


async def test_typing_narrows_the_list_and_escape_shows_everything_again(services: FakeServices) -> None:
    for number, status in ((1, "succeeded"), (2, "failed"), (3, "running")):
        put_job(services.fake, make_job(number, status))
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(ids(pilot)) == 3, "the jobs")
        await pilot.press("slash", *"fail")
        await until(pilot, lambda: ids(pilot) == ["ftjob-0002"], "the one that failed")
        assert "1 of 3 jobs" in shown(pilot)

        await pilot.press("enter")
        await until(pilot, lambda: screen_of(pilot).list.has_focus, "the cursor in the list")
        await pilot.press("slash", "escape")

        await until(pilot, lambda: len(ids(pilot)) == 3, "all of them")


async def test_enter_opens_the_job_under_the_cursor(services: FakeServices) -> None:
    for number in (1, 2):
        put_job(services.fake, make_job(number, "succeeded"), 60)
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(ids(pilot)) == 2, "the jobs")
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job's screen")

        assert isinstance(pilot.app.screen, JobScreen)
        assert pilot.app.screen.job_id == "ftjob-0001"


async def test_the_cursor_stays_on_its_job_when_a_newer_one_comes(services: FakeServices) -> None:
    for number in (1, 2):
        put_job(services.fake, make_job(number, "succeeded"))
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(ids(pilot)) == 2, "the jobs")
        await pilot.press("j")
        put_job(services.fake, make_job(3))
        await pilot.press("r")
        await until(pilot, lambda: len(ids(pilot)) == 3, "the third job")

        chosen = screen_of(pilot).list.chosen
        assert chosen is not None
        assert chosen.job.id == "ftjob-0001"


async def test_another_profile_has_its_own_jobs(services: FakeServices) -> None:
    known(services, make_job(1, "succeeded"))
    services.fake.failure = UnreachableError("No answer")
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: ids(pilot) == ["ftjob-0001"], "the job")
        app.profile_name = "openai"

        await until(pilot, lambda: ids(pilot) == [], "no jobs")


def lose_launch(services: FakeServices, age: float = 3600) -> Operation:
    """A launch whose answer was lost a while ago."""
    asked_at = services.clock.now() - age
    spec = JobSpec("fttui-nano", "file-train", metadata={TAG: "0123abcd"})
    operation = Operation("0123abcd", "local", OperationState.UNKNOWN, spec, asked_at)
    services.journal.begin(operation)
    return operation


async def test_a_lost_launch_is_sent_again_on_a_word_and_made_once(services: FakeServices) -> None:
    operation = lose_launch(services)
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "1 launch without an answer" in shown(pilot), "the notice")
        assert "create_job" not in [name for name, *_ in services.fake.calls]
        await pilot.press("u")
        await until(pilot, lambda: operation.id in shown(pilot), "the question")
        await pilot.press("left", "left", "enter")
        await until(pilot, lambda: ids(pilot) == ["ftjob-1"], "the job")
        await until(pilot, lambda: "without an answer" not in shown(pilot), "nothing to decide")

    assert [name for name, *_ in services.fake.calls].count("create_job") == 1
    assert services.fake.jobs[0].metadata == {TAG: operation.id}
    assert services.journal.operations("local")[0].job_id == "ftjob-1"


async def test_escape_sends_nothing_and_a_lost_launch_can_be_let_be(services: FakeServices) -> None:
    lose_launch(services)
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "without an answer" in shown(pilot), "the notice")
        await pilot.press("u", "escape")
        await pilot.press("u", "enter")
        await until(pilot, lambda: "without an answer" in shown(pilot), "the notice still there")
        await pilot.press("u", "left", "enter")
        await until(pilot, lambda: not services.journal.operations("local", only_open=True), "the launch let be")
        await until(pilot, lambda: "without an answer" not in shown(pilot), "no notice")

    assert "create_job" not in [name for name, *_ in services.fake.calls]


async def test_a_young_launch_without_an_answer_is_not_offered(services: FakeServices) -> None:
    lose_launch(services, age=30)
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "No jobs on profile" in shown(pilot), "the answer")
        await pilot.press("u")

        assert screen_of(pilot) is not None


async def test_of_two_jobs_of_one_launch_one_can_be_stopped(services: FakeServices) -> None:
    operation = lose_launch(services)
    for number in (1, 2):
        put_job(services.fake, make_job(number, metadata={TAG: operation.id}))
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "1 launch with more than one job" in shown(pilot), "the notice")
        await pilot.press("u")
        await until(pilot, lambda: "Stop 2" in shown(pilot), "both jobs")
        await pilot.press("left", "left", "enter")
        await until(pilot, lambda: "more than one job" not in shown(pilot), "one job left")

    assert {job.id: job.status for job in services.fake.jobs} == {"ftjob-0001": "running", "ftjob-0002": "cancelled"}


async def test_two_jobs_of_one_launch_can_be_kept(services: FakeServices) -> None:
    operation = lose_launch(services)
    for number in (1, 2):
        put_job(services.fake, make_job(number, metadata={TAG: operation.id}))
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "more than one job" in shown(pilot), "the notice")
        await pilot.press("u")
        await until(pilot, lambda: "Keep all" in shown(pilot), "both jobs")
        await pilot.press("left", "enter")
        await until(pilot, lambda: "more than one job" not in shown(pilot), "both kept")

    assert {job.status for job in services.fake.jobs} == {"running"}


async def test_files_no_job_uses_can_be_deleted(services: FakeServices, tmp_path: Path) -> None:
    services.journal.remember_upload("local", "abc", "file-1", at=1.0, path=tmp_path / "rows.jsonl")
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "1 file at the provider that no job uses" in shown(pilot), "the notice")
        await pilot.press("u")
        await until(pilot, lambda: "rows.jsonl" in shown(pilot), "the file")
        await pilot.press("left", "enter")
        await until(pilot, lambda: "no job uses" not in shown(pilot), "the file gone")

    assert ("delete_file", "file-1") in services.fake.calls


@pytest.mark.parametrize(
    ("width", "heading"),
    [
        (120, ["Status", "Done", "Tuned model or job", "Base", "Ends", "Created"]),
        (80, ["Status", "Done", "Tuned model or job", "Base", "Ends", "Created"]),
        (72, ["Status", "Done", "Tuned model or job", "Base", "Ends"]),
        (40, ["Done", "Tuned model or…", "Ends"]),
    ],
)
async def test_the_end_of_a_model_stands_in_a_column_of_its_own_on_every_width(
    services: FakeServices, width: int, heading: list[str]
) -> None:
    services.settings = replace(services.settings, profile="openai")
    said = [RemoteModel("odd", 0, "x", "2026-10-01"), RemoteModel("gone", 0, "x", "2026-09-01")]
    await services.announcements.learn(services.profile("openai"), said, date(2026, 9, 1))
    put_job(services.fake, make_job(1, "succeeded", model="gone", fine_tuned_model="ft:odd:me:smart-home:0001"))
    put_job(services.fake, make_job(2, "failed", model="gone"))
    put_job(services.fake, make_job(3, "failed", model="lasts"))
    async with make_app(services, Place.JOBS).run_test(size=(width, 24)) as pilot:
        await until(
            pilot, lambda: "in 10 days" in shown(pilot) and "Ends" in shown(pilot), "the end of the tuned model"
        )
        lines = shown(pilot).splitlines()

        assert re.split(r"  +", lines[1].strip()) == heading
        at = lines[1].index("Ends")
        assert [line[at : at + 11].strip() for line in lines[2:5]] == ["", "ended", "in 10 days"]
        assert "0001" in lines[4]


async def test_where_no_end_is_announced_there_is_no_column_for_it(services: FakeServices) -> None:
    put_job(services.fake, make_job(1, "succeeded", model="gpt-4.1"))
    async with make_app(services, Place.JOBS).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "1 job" in shown(pilot), "the list")

        assert "Ends" not in shown(pilot)


@pytest.mark.parametrize("with_ends", [False, True])
def test_the_columns_fit_every_line(with_ends: bool) -> None:
    for width in range(40, 201):
        at = lay_out(width, with_ends=with_ends)
        columns = (at.name, at.base, at.ends, at.created)

        assert at.status + PROGRESS_CELLS + sum(cells + len(GAP) for cells in columns if cells) < width
        assert at.name >= NAME_CELLS
        assert bool(at.ends) is with_ends
