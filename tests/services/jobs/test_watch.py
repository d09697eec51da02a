"""Watching a job: everything is told once, nothing is lost, the provider is spared, and being offline is no error."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import FakeClock
from fttui.domain.errors import (
    EngineError,
    JournalError,
    KeyRefusedError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitedError,
    UnreachableError,
)
from fttui.domain.jobs.cadence import LOOPBACK, REMOTE
from fttui.domain.jobs.feed import JobUpdate
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.poll_turn import PollTurn
from fttui.services.jobs.watch import WatchState, look_once, watch
from job_timeline import JOB, Timeline, as_text, collect, line, step


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def provider(clock: FakeClock) -> Timeline:
    """A job that waits 30 s, runs 300 s with a step a second, and succeeds."""
    timeline = Timeline(clock)
    timeline.at(0, timeline.says(line(0, "Created fine-tuning job")))
    timeline.at(30, timeline.becomes("running"))
    timeline.at(30, timeline.says(line(30, "Fine-tuning job started")))
    for number in range(31, 331):
        timeline.at(number, timeline.says(step(number, 330)))
    timeline.at(200, timeline.keeps(200))
    timeline.at(330, timeline.keeps(200, 330))
    timeline.at(330, timeline.becomes("succeeded", fine_tuned_model="ft:base", finished_at=int(clock.now()) + 330))
    timeline.at(338, timeline.says(line(338, "The job has successfully completed")))
    return timeline


async def test_everything_is_told_once_and_in_order_until_after_the_end(
    provider: Timeline, journal: Journal, clock: FakeClock
) -> None:
    told: list[str] = []
    async for news in watch(provider, journal, "remote", JOB.id, clock):
        if isinstance(news, JobUpdate):
            told += [event.id for event in news.events]

    assert told == ["l0", "l30", *(f"s{number}" for number in range(31, 331)), "l338"]
    feed = journal.feed("remote", JOB.id)
    assert feed.job is not None
    assert (feed.job.status, feed.job.fine_tuned_model) == ("succeeded", "ft:base")
    assert [one.step for one in feed.checkpoints] == [200, 330]


async def test_the_provider_is_asked_at_most_fifteen_times_a_minute(
    provider: Timeline, journal: Journal, clock: FakeClock
) -> None:
    await collect(watch(provider, journal, "remote", JOB.id, clock))

    moments = provider.moments
    busiest = max(sum(1 for moment in moments if start <= moment < start + 60) for start in moments)
    assert busiest <= 15


@pytest.mark.parametrize(("away", "looks"), [(False, range(30, 50)), (True, range(12, 28))])
async def test_it_is_asked_less_often_while_nobody_looks(
    provider: Timeline, journal: Journal, clock: FakeClock, away: bool, looks: range
) -> None:
    await collect(watch(provider, journal, "remote", JOB.id, clock, away=lambda: away))

    assert provider.count("events_since") in looks


async def test_who_lists_the_jobs_saves_asking_for_the_one(
    provider: Timeline, journal: Journal, clock: FakeClock
) -> None:
    async def alone() -> int:
        await collect(watch(provider, journal, "remote", JOB.id, clock))
        return provider.count("retrieve_job")

    def listed() -> None:
        journal.adopt("remote", [provider.jobs[0]], seen_at=clock.now())

    for second in range(0, 330, 20):
        provider.at(second, listed)

    assert await alone() <= 6


async def test_a_finished_job_is_asked_after_no_more(provider: Timeline, journal: Journal, clock: FakeClock) -> None:
    first, _ = await collect(watch(provider, journal, "remote", JOB.id, clock))
    asked = len(provider.calls)
    again, _ = await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert len(provider.calls) == asked
    assert as_text(first) == as_text(again)


async def test_a_job_that_ended_long_ago_is_looked_at_once(journal: Journal, clock: FakeClock) -> None:
    provider = Timeline(clock, replace(JOB, status="succeeded", finished_at=int(clock.now()) - 3600))

    await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert provider.count("retrieve_job") == 1


async def test_watching_goes_on_where_it_was_left(provider: Timeline, journal: Journal, clock: FakeClock) -> None:
    async with aclosing(watch(provider, journal, "remote", JOB.id, clock)) as news:
        async for _ in news:
            if clock.now() - provider.started > 100:
                break
    journal.close()

    feed, _ = await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert len(feed.events) == 303
    assert len({event.id for event in feed.events}) == 303


@pytest.mark.parametrize("kind", [UnreachableError, MalformedAnswerError])
async def test_being_offline_is_a_state_and_nothing_is_lost_by_it(
    provider: Timeline, journal: Journal, clock: FakeClock, kind: type[UnreachableError]
) -> None:
    provider.at(60, lambda: setattr(provider, "failure", kind("no way through")))
    provider.at(200, lambda: setattr(provider, "failure", None))

    feed, states = await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert [state.failures for state in states] == [*range(1, len(states)), 0]
    offline = [state for state in states if state.is_offline]
    assert offline
    assert {state.since for state in offline} == {states[0].since}
    assert offline[0].reason == "no way through"
    assert len(feed.events) == 303


async def test_a_provider_that_moved_is_found_again(provider: Timeline, journal: Journal, clock: FakeClock) -> None:
    gone = Timeline(clock)
    gone.failure = UnreachableError("nothing answers there")
    troubles: list[Exception] = [EngineError("it did not start")]

    async def reconnect() -> Timeline:
        if troubles:
            raise troubles.pop()
        return provider

    feed, states = await collect(watch(gone, journal, "remote", JOB.id, clock, reconnect=reconnect))

    assert [state.reason for state in states] == ["nothing answers there", "it did not start", ""]
    assert len(feed.events) == 303


async def test_a_long_outage_is_no_storm_of_requests(provider: Timeline, journal: Journal, clock: FakeClock) -> None:
    provider.failure = UnreachableError("no way through")
    provider.at(3600, lambda: setattr(provider, "failure", None))

    await collect(watch(provider, journal, "remote", JOB.id, clock))

    failed = [call for call in provider.calls if call[0] == "retrieve_job"]
    assert len(failed) < 250


async def test_being_asked_to_wait_is_obeyed(provider: Timeline, journal: Journal, clock: FakeClock) -> None:
    slow = RateLimitedError("Slow down", status=429)
    slow.retry_after = 120.0
    provider.failure = slow
    provider.at(1, lambda: setattr(provider, "failure", None))

    _, states = await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert states[0].next_try - states[0].since == 120
    assert len(states) == 2


@pytest.mark.parametrize("kind", [KeyRefusedError, NotFoundError])
async def test_a_clear_refusal_ends_the_watching(
    provider: Timeline, journal: Journal, clock: FakeClock, kind: type[KeyRefusedError]
) -> None:
    provider.failure = kind("No", status=401)

    with pytest.raises(kind):
        await collect(watch(provider, journal, "remote", JOB.id, clock))
    assert len(provider.calls) == 1


async def test_an_unknown_status_is_watched_on(journal: Journal, clock: FakeClock) -> None:
    provider = Timeline(clock)
    provider.at(0, provider.becomes("awaiting_review"))
    provider.at(60, provider.becomes("succeeded"))

    feed, _ = await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert feed.job is not None
    assert feed.job.status == "succeeded"


async def test_a_paused_job_is_asked_after_less_often(journal: Journal, clock: FakeClock) -> None:
    provider = Timeline(clock)
    provider.at(0, provider.becomes("paused"))
    provider.at(600, provider.becomes("cancelled"))

    await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert provider.count("retrieve_job") <= 600 / REMOTE.paused + 3


async def test_the_embedded_engine_is_asked_often(provider: Timeline, journal: Journal, clock: FakeClock) -> None:
    await collect(watch(provider, journal, "local", JOB.id, clock, cadence=LOOPBACK))

    assert provider.count("events_since") > 600


async def test_a_journal_that_fails_does_not_stop_the_viewing(
    provider: Timeline, journal: Journal, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise JournalError("The disk is full")

    monkeypatch.setattr(journal, "record", fail)

    feed, states = await collect(watch(provider, journal, "remote", JOB.id, clock))

    assert len(feed.events) == 303
    assert {state.reason for state in states} == {"The disk is full"}
    assert not any(state.is_offline for state in states)


async def test_of_two_watchers_one_asks_and_both_are_told_everything(
    provider: Timeline, journal: Journal, clock: FakeClock
) -> None:
    idle = Timeline(clock)
    other = Journal(journal.path)

    (first, _), (second, _) = await asyncio.gather(
        collect(watch(provider, journal, "remote", JOB.id, clock)),
        collect(watch(idle, other, "remote", JOB.id, clock)),
    )
    other.close()

    assert idle.calls == []
    assert as_text(first) == as_text(second)
    assert len(first.events) == 303


async def test_the_turn_passes_on_when_a_watcher_stops(provider: Timeline, journal: Journal, clock: FakeClock) -> None:
    async with aclosing(watch(provider, journal, "remote", JOB.id, clock)) as news:
        await anext(news)

    feed, _ = await collect(watch(provider, Journal(journal.path), "remote", JOB.id, clock))

    assert len(feed.events) == 303


def test_a_turn_is_one_programs_until_it_gives_it_up(tmp_path: Path) -> None:
    mine, theirs = PollTurn(tmp_path, "p", "j"), PollTurn(tmp_path, "p", "j")
    another = PollTurn(tmp_path, "p", "k")

    assert mine.take()
    assert mine.take()
    assert not theirs.take()
    assert another.take()
    mine.give_up()
    assert theirs.take()
    theirs.give_up()
    another.give_up()


async def test_a_single_look_writes_down_and_tells_all_that_is_known(
    provider: Timeline, journal: Journal, clock: FakeClock
) -> None:
    clock.time += 100

    feed = await look_once(provider, journal, "remote", JOB.id, clock)

    assert feed.last_step is not None
    assert feed.last_step.step == 100
    assert as_text(journal.feed("remote", JOB.id)) == as_text(feed)
    assert WatchState() == WatchState(failures=0)
