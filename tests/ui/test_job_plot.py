"""The plot of a job's screen, and what stands below it: curves by key, verdict, checkpoints by rank, other jobs."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from fttui.domain.jobs.feed import JobUpdate
from fttui.domain.plot.tabs import Run
from fttui.ui.runs_dialog import RunsDialog
from fttui.ui.screens.job import JobScreen
from job_view import asleep, job_screen
from make_jobs import StillClock, make_job, make_log, put_job
from pictures import FakeServices, until
from reading import shown


async def test_the_best_checkpoint_is_chosen_until_the_cursor_is_moved(
    services: FakeServices, clock: StillClock
) -> None:
    job = put_job(services.fake, make_job(), 60, 20, 40)
    async with job_screen(services, job) as (pilot, screen):
        assert screen.panes.checkpoints.chosen == services.fake.kept[job.id][1]

        screen.panes.checkpoints.focus()
        await pilot.press("down")

        assert screen.panes.checkpoints.chosen == services.fake.kept[job.id][0]


async def test_a_job_that_has_no_values_says_whether_some_may_come(services: FakeServices, clock: StillClock) -> None:
    job = put_job(services.fake, make_job(status="queued"))
    async with job_screen(services, job) as (pilot, screen):
        assert "no values yet" in screen.panes.plot.text
        services.fake.jobs[0] = replace(make_job(status="succeeded"), id=job.id)
        clock.wake()
        await until(pilot, lambda: "no values were reported" in screen.panes.plot.text, "what the plot says at the end")


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
