"""One job's screen: followed live, the same after coming back, honest when something is in the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.feed import JobUpdate
from fttui.domain.jobs.job import Job
from fttui.domain.plot.tabs import Run
from fttui.ui import job_facts
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.place import Place
from fttui.ui.runs_dialog import RunsDialog
from fttui.ui.screens.job import JobScreen
from make_jobs import StillClock, make_checkpoints, make_job, make_log, put_job
from pictures import FakeServices, make_app, until
from reading import shown


@pytest.fixture
def clock(services: FakeServices) -> StillClock:
    """Time that passes only when a test says so."""
    services.clock = StillClock()
    return services.clock


@asynccontextmanager
async def job_screen(
    services: FakeServices, job: Job, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Pilot[None], JobScreen]]:
    """The app on a job's screen."""
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=size, notifications=True) as pilot:
        app.open_job("local", job.id)
        await until(pilot, lambda: isinstance(app.screen, JobScreen), "the job's screen")
        screen = app.screen
        assert isinstance(screen, JobScreen)
        await until(pilot, lambda: screen.feed.job is not None, "the job")
        # Others sleep on the same clock, so that somebody sleeps does not tell that all of the job is there.
        await until(pilot, lambda: knows_all(screen, services, job), "what the provider has of it")
        if not job.is_final:
            await asleep(pilot, services)
        await until(pilot, lambda: screen.panes.plot.is_up_to_date, "the plot")
        yield pilot, screen


def knows_all(screen: JobScreen, services: FakeServices, job: Job) -> bool:
    """Whether every event and checkpoint of a job has come."""
    events, kept = services.fake.events.get(job.id, ()), services.fake.kept.get(job.id, ())
    return (len(screen.feed.events), len(screen.feed.checkpoints)) == (len(events), len(kept))


async def asleep(pilot: Pilot[None], services: FakeServices) -> None:
    """Wait until the watching has nothing to do but let time pass."""
    clock = services.clock
    assert isinstance(clock, StillClock)
    await until(pilot, lambda: clock.is_slept_on, "the watching to pause")
    await pilot.pause()


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


async def test_the_best_checkpoint_is_chosen_until_the_cursor_is_moved(
    services: FakeServices, clock: StillClock
) -> None:
    job = put_job(services.fake, make_job(), 60, 20, 40)
    async with job_screen(services, job) as (pilot, screen):
        assert screen.panes.checkpoints.chosen == services.fake.kept[job.id][1]

        screen.panes.checkpoints.focus()
        await pilot.press("down")

        assert screen.panes.checkpoints.chosen == services.fake.kept[job.id][0]


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


async def test_a_job_that_has_no_values_says_whether_some_may_come(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(status="queued"))
    async with job_screen(services, job) as (pilot, screen):
        assert "no values yet" in screen.panes.plot.text
        services.fake.jobs[0] = replace(make_job(status="succeeded"), id=job.id)
        clock.wake()
        await until(pilot, lambda: "no values were reported" in screen.panes.plot.text, "what the plot says at the end")


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


async def test_the_measure_key_changes_between_loss_and_accuracy(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 43)
    async with job_screen(services, job) as (pilot, screen):
        loss = screen.panes.plot.text
        await pilot.press("a")
        await until(pilot, lambda: screen.panes.plot.text != loss, "the accuracies")
        accuracy = screen.panes.plot.text
        await pilot.press("a", "o")
        await until(pilot, lambda: screen.panes.plot.text not in (loss, accuracy), "the logarithmic scale")
        await pilot.press("o")

        await until(pilot, lambda: screen.panes.plot.text == loss, "the first plot again")


async def test_the_plot_is_not_drawn_again_without_news(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 43)
    async with job_screen(services, job) as (pilot, screen):
        drawn = screen.panes.plot.drawings
        for _ in range(3):
            clock.wake()
            await asleep(pilot, services)

        assert screen.panes.plot.drawings == drawn


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
    asked = make_job(status="succeeded", model="gpt-4.1-2025-04-14", fine_tuned_model="ft:gpt-4.1-2025-04-14:me::1")
    job = put_job(services.fake, asked, 60, 20, 40, 60)
    async with job_screen(services, job, (120, 40)) as (pilot, screen):
        summary = "60 steps · 1 min 35 s · best at step 60 · cost nothing, trained here · 34.2k tokens"
        await until(pilot, lambda: summary in shown(pilot), "the summary")

        details = dict(job_facts.details(job, screen._beside))
        assert "2027-01-14" in details["Base"]
        assert "new jobs" in details["Base"] or "takes no jobs" in details["Base"]
        assert "2027" in details["Tune"]


async def changed(pilot: Pilot[None], screen: JobScreen, *keys: str) -> str:
    """The plot after keys that change it."""
    before = screen.panes.plot.text
    await pilot.press(*keys)
    await until(pilot, lambda: screen.panes.plot.is_up_to_date and screen.panes.plot.text != before, "another plot")
    return screen.panes.plot.text


async def test_smoothing_zoom_pan_and_cursor_go_by_key(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 60, 20, 40)
    async with job_screen(services, job) as (pilot, screen):
        whole = screen.panes.plot.text
        assert "smoothed 0.6" in await changed(pilot, screen, "s")
        await changed(pilot, screen, "s", "s", "s")
        assert screen.panes.plot.text == whole

        near = await changed(pilot, screen, "plus")
        later = await changed(pilot, screen, "greater_than_sign")
        read = await changed(pilot, screen, "h")

        assert near != whole
        steps = [int(word) for word in later.splitlines()[-1].split()]
        assert steps[-1] > max(int(word) for word in near.splitlines()[-1].split())
        assert read.startswith("step 5")
        assert "train" in read
        await pilot.press("0")
        await until(pilot, lambda: screen.panes.plot.text == whole, "all steps")


async def test_the_verdict_stands_below_the_plot(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(status="succeeded"), 60, 20, 40, 60)
    async with job_screen(services, job) as (pilot, _):
        assert "Noisy: the training loss" in shown(pilot)
        assert "Still falling: training loss" in shown(pilot)


async def test_where_the_curves_say_little_there_is_no_verdict(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 12)
    async with job_screen(services, job) as (_, screen):
        assert not screen.query_one("#verdict").display


async def test_checkpoints_are_ranked_by_loss_or_by_accuracy(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(), 60, 20, 40, 60)
    services.fake.kept[job.id][1].metrics["full_valid_loss"] = 0.1  # type: ignore[index]  # a plain dict in truth
    async with job_screen(services, job) as (pilot, screen):
        first, last = services.fake.kept[job.id][1], services.fake.kept[job.id][2]
        assert screen.panes.checkpoints.chosen == first
        await changed(pilot, screen, "m")

        assert screen.panes.checkpoints.chosen == last
        assert "best 60" in screen.panes.plot.text


async def test_other_jobs_are_laid_over_and_taken_away(services: FakeServices, clock: StillClock) -> None:
    other = make_job(2, "succeeded", suffix="other")
    services.journal.record("elsewhere", other.id, JobUpdate(other, tuple(make_log(other, 50))))
    job = put_job(services.fake, make_job(1), 43)
    async with job_screen(services, job, (80, 24)) as (pilot, screen):
        alone = screen.panes.plot.text
        # Whatever is chosen, what was drawn before can be painted until the new picture is there.
        screen.panes.plot.overlay([Run("other", ())], "own")
        assert "train" in screen.panes.plot.render_line(0).text
        screen.panes.plot.overlay(())
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunsDialog), "the question")
        await until(pilot, lambda: "[ ] other b-0002" in shown(pilot), "the other job")
        await pilot.press("space", "enter")
        await until(pilot, lambda: "other b-0002" in screen.panes.plot.text, "both curves")

        assert "smart-home b-0001" in screen.panes.plot.text
        assert await changed(pilot, screen, "b") == alone
