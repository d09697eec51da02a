"""One job's screen: followed live, the same after coming back, honest when something is in the way."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from fttui.domain.errors import UnreachableError
from fttui.domain.remote import RemoteModel
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.place import Place
from fttui.ui.screens.job import JobScreen
from job_view import asleep, job_screen
from make_jobs import StillClock, make_checkpoints, make_job, make_log, put_job
from pictures import FakeServices, make_app, until
from reading import shown


async def test_new_steps_reach_log_plot_and_progress(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 10)
    async with job_screen(services, job) as (pilot, screen):
        before = screen.panes.plot.text
        services.fake.events[job.id] = make_log(job, 43)
        clock.wake()
        await until(pilot, lambda: "Step 43/60" in screen.panes.event_log.text, "the newest step")
        await until(pilot, lambda: screen.panes.plot.text != before, "another plot")

        assert screen.feed.progress == pytest.approx(43 / 60)
        assert "71 %" in shown(pilot)


async def test_leaving_and_coming_back_shows_the_same_without_the_provider(
    services: FakeServices, clock: StillClock
) -> None:
    job = put_job(services.fake, make_job(), 43, 20, 40)
    async with job_screen(services, job) as (pilot, screen):
        plot, log = screen.panes.plot.text, screen.panes.event_log.text
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen, "the list")
        services.fake.failure = UnreachableError("No answer from 127.0.0.1")
        pilot.app.open_job("local", job.id)  # type: ignore[attr-defined]  # the pilot does not know our app
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen), "the job's screen")
        again = pilot.app.screen
        assert isinstance(again, JobScreen)
        await until(pilot, lambda: again.panes.plot.text == plot, "the plot as it was")

        assert again is not screen
        assert again.panes.event_log.text == log
        assert [one.step for one in again.feed.checkpoints] == [20, 40]


async def test_nobody_is_asked_after_the_screen_was_left(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 5)
    async with job_screen(services, job) as (pilot, screen):
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen, "the list")
        await pilot.pause()
        services.fake.calls.clear()
        clock.wake()
        await pilot.pause(0.1)

        assert not clock.is_slept_on
        assert ("checkpoints", job.id) not in services.fake.calls
        assert pilot.app.running == ""  # type: ignore[attr-defined]


async def test_a_job_that_ends_is_swept_once_more_and_followed_no_longer(
    services: FakeServices, clock: StillClock
) -> None:
    job = put_job(services.fake, make_job(), 58)
    async with job_screen(services, job) as (pilot, screen):
        services.fake.jobs[0] = replace(make_job(status="succeeded"), id=job.id)
        services.fake.events[job.id] = make_log(job, 60)
        services.fake.kept[job.id] = make_checkpoints(job, 20, 40, 60)
        clock.wake()
        await until(pilot, lambda: screen.feed.job is not None and screen.feed.job.is_final, "the end")
        while not all(worker.is_finished for worker in pilot.app.workers):
            await pilot.pause(0.01)
            clock.wake()
        await pilot.pause()

        assert len(screen.feed.events) == len(make_log(job, 60))
        assert "ft:fttui-nano:me:smart-home:0001" in shown(pilot)
        assert len(screen.feed.checkpoints) == 3


async def test_out_of_reach_is_said_once_and_for_as_long_as_it_lasts(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 20)
    async with job_screen(services, job, (80, 24)) as (pilot, screen):
        services.fake.failure = UnreachableError("No answer from 127.0.0.1")
        for _ in range(3):
            clock.wake()
            await asleep(pilot, services)
        assert "Offline since" in shown(pilot)
        assert not pilot.app._notifications
        assert "Step 20/60" in screen.panes.event_log.text

        services.fake.failure = None
        clock.wake()
        await until(pilot, lambda: not screen.state.is_offline, "the connection")

        assert "Offline" not in shown(pilot)


async def test_a_failed_job_says_why_with_its_code(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(status="failed"))
    async with job_screen(services, job, (80, 24)) as (pilot, screen):
        text = shown(pilot)

        assert "Line 7 has no assistant message to learn from." in text
        assert "[invalid_training_file]" in text
        assert "the job ended before its first step" in screen.panes.plot.text


async def test_markup_in_what_the_provider_says_is_text(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(status="[/bold]odd", suffix="[red]x[/red]", model="[link=x]m"), 3)
    services.fake.events[job.id].append(
        replace(services.fake.events[job.id][-1], id="odd", message="[/foo] \x1b[31mred\x1b[0m", step=None)
    )
    async with job_screen(services, job) as (_, screen):
        assert "[/foo] ␛[31mred␛[0m" in screen.panes.event_log.text


async def test_stopping_asks_first_and_the_safe_answer_has_the_cursor(
    services: FakeServices, clock: StillClock
) -> None:
    job = put_job(services.fake, make_job(), 5)
    async with job_screen(services, job) as (pilot, screen):
        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen, "the job's screen")
        assert services.fake.jobs[0].status == "running"

        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question")
        await pilot.press("left", "enter")

        await until(pilot, lambda: screen.feed.job is not None and screen.feed.job.status == "cancelled", "the end")
        assert services.fake.jobs[0].status == "cancelled"


async def test_one_key_pauses_and_resumes(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 5)
    async with job_screen(services, job) as (pilot, screen):
        await pilot.press("p")
        await until(pilot, lambda: bool(screen.check_action("resume", ())), "the job to pause")
        assert services.fake.jobs[0].status == "paused"

        await pilot.press("p")
        await until(pilot, lambda: bool(screen.check_action("pause", ())), "the job to go on")

        assert services.fake.jobs[0].status == "running"


async def test_a_narrow_screen_shows_one_pane_at_a_time(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 43, 20, 40)
    async with job_screen(services, job, (80, 24)) as (pilot, screen):
        seen = []
        for _ in range(3):
            seen.append([name for name in ("log", "checkpoints", "details") if screen.query_one(f"#{name}").display])
            await pilot.press("v")
            await pilot.pause()

        assert seen == [["log"], ["checkpoints"], ["details"]]
        assert screen.panes.event_log.has_focus


async def test_a_low_screen_shows_the_plot_or_one_pane_in_its_place(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(status="succeeded"), 60, 20, 40, 60)
    async with job_screen(services, job, (40, 12)) as (pilot, screen):
        assert len(screen.panes.plot.text.splitlines()) >= 7
        seen = []
        for _ in range(5):
            names = ("curves", "log", "checkpoints", "details")
            seen.append([name for name in names if screen.query_one(f"#{name}").display])
            await pilot.press("v")
            await pilot.pause()

        assert seen == [["curves"], ["log"], ["checkpoints"], ["details"], ["curves"]]


async def test_a_job_that_is_over_says_what_came_of_it(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(status="succeeded"), 60, 20, 40, 60)
    async with job_screen(services, job, (120, 40)) as (pilot, _):
        summary = "60 steps · 1 min 35 s · best at step 60 · cost nothing, trained here · 34.2k tokens"
        await until(pilot, lambda: summary in shown(pilot), "the summary")


async def test_a_job_tells_until_when_its_base_and_its_model_are_there(services: FakeServices) -> None:
    said = [RemoteModel("odd", 0, "x", "2026-10-01", "2026-09-25")]
    await services.announcements.learn(services.profile("openai"), said, date(2026, 9, 1))
    job = make_job(status="succeeded", model="odd", fine_tuned_model="ft:odd:me::1")
    services.journal.adopt("openai", [job], seen_at=0.0)
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=(120, 60), notifications=True) as pilot:
        app.open_job("openai", job.id)
        await until(pilot, lambda: "Tune  " in shown(pilot), "the ends among the details")

        assert re.search(r"Base  +ends in 10 days, 2026-10-01; new ", shown(pilot))
        assert re.search(r"Tune  +ends in 10 days, 2026-10-01", shown(pilot))
