"""The event log: bounded, following its end, left alone while somebody reads further up."""

from __future__ import annotations

from functools import partial

from textual.app import App, ComposeResult

from fttui.domain.jobs.job import JobEvent
from fttui.ui.widgets.event_log import EventLog
from pictures import until


class LogApp(App[None]):
    """A log and nothing else."""

    def compose(self) -> ComposeResult:
        yield EventLog()


def make_events(count: int, first: int = 1) -> list[JobEvent]:
    """Numbered events."""
    return [JobEvent(f"e{number}", 1_790_000_000, "info", f"event {number}") for number in range(first, first + count)]


def ends_at(log: EventLog, first: int) -> bool:
    """Whether the lines from one on are shown."""
    return log.scroll_offset.y == first


async def test_the_log_follows_its_end_until_somebody_scrolls_up() -> None:
    async with LogApp().run_test(size=(60, 10)) as pilot:
        log = pilot.app.query_one(EventLog)
        log.focus()
        log.show(make_events(50))
        await pilot.pause()
        assert log.scroll_offset.y == 40

        await pilot.press("k", "k")
        await pilot.pause()
        log.show(make_events(60))
        await pilot.pause()
        assert log.scroll_offset.y == 38

        await pilot.press("G")
        await pilot.pause()
        log.show(make_events(61))
        await pilot.pause()

        assert log.scroll_offset.y == 51


async def test_a_log_that_loses_or_gains_lines_still_shows_its_end() -> None:
    async with LogApp().run_test(size=(60, 60)) as pilot:
        log = pilot.app.query_one(EventLog)
        log.show(make_events(50))
        await pilot.pause()
        assert log.scroll_offset.y == 0

        for height in (10, 4, 20):
            await pilot.resize_terminal(60, height)
            await until(pilot, partial(ends_at, log, 50 - height), f"the end at {height} lines")


async def test_old_events_are_left_out_and_counted() -> None:
    async with LogApp().run_test(size=(60, 10)) as pilot:
        log = pilot.app.query_one(EventLog)
        log.show(make_events(EventLog.LIMIT + 7))
        await pilot.pause()
        lines = log.text.splitlines()

        assert len(lines) == EventLog.LIMIT + 1
        assert "7 earlier events are not shown" in lines[0]
        assert lines[-1].endswith(f"event {EventLog.LIMIT + 7}")


async def test_another_job_replaces_the_log() -> None:
    async with LogApp().run_test(size=(60, 10)) as pilot:
        log = pilot.app.query_one(EventLog)
        log.show(make_events(5))
        log.show(make_events(2, first=90))
        await pilot.pause()

        assert [line.split(maxsplit=1)[1] for line in log.text.splitlines()] == ["event 90", "event 91"]


async def test_long_and_wide_messages_are_wrapped_to_the_width_also_after_a_resize() -> None:
    async with LogApp().run_test(size=(40, 10)) as pilot:
        log = pilot.app.query_one(EventLog)
        log.show([JobEvent("e", 1_790_000_000, "error", "训练" * 20 + "\n\x1b[31m")])
        await pilot.pause()
        narrow = log.text.splitlines()
        await pilot.resize_terminal(120, 10)
        await pilot.pause()

        assert len(narrow) == 3
        assert log.text.splitlines()[0].endswith("␤␛[31m")
