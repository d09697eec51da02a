"""How fast a job goes and when it will be done."""

from __future__ import annotations

from fttui.domain.jobs.feed import JobFeed

RECENT_STEPS = 40
"""Steps the present speed is taken from."""


def seconds_per_step(feed: JobFeed) -> float | None:
    """Seconds one step takes at present, from the newest steps; None where times do not tell them apart."""
    steps = [event for event in feed.events[-4 * RECENT_STEPS :] if event.step is not None][-RECENT_STEPS:]
    if len(steps) < 2:
        return None
    first, last = steps[0], steps[-1]
    done = (last.step or 0) - (first.step or 0)
    span = last.created_at - first.created_at
    return span / done if done > 0 and span > 0 else None


def seconds_left(feed: JobFeed, now: float) -> float | None:
    """Seconds until a running job is done: the provider's own estimate, else at the present speed.

    Args:
        feed: what is known of the job.
        now: unix seconds.
    """
    if feed.job is None or feed.job.status != "running":
        return None
    if feed.job.estimated_finish is not None:
        return max(feed.job.estimated_finish - now, 0.0)
    newest, pace = feed.last_step, seconds_per_step(feed)
    if newest is None or newest.step is None or not newest.total_steps or pace is None:
        return None
    remaining = (newest.total_steps - newest.step) * pace
    return max(remaining - max(now - newest.created_at, 0.0), 0.0)
