"""What is said in the shell when the program was left: the jobs that go on without it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from rich.text import Text

from fttui.domain.errors import JournalError
from fttui.domain.profiles.profile import Dialect
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fttui.services.container import Services
    from fttui.services.jobs.journal import JournalJob

PATIENCE_SECONDS = 1.0


async def going_on(services: Services, since: float) -> Text | None:
    """Name the jobs that were seen under way; None where there are none.

    Args:
        services: whose journal is read, if there is one.
        since: when the program was started, in unix seconds: what was seen before may be over by now.
    """
    if not services.paths.journal.exists():
        return None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            jobs = await asyncio.to_thread(_read, services)
    except (JournalError, TimeoutError):
        # Every screen that shows jobs says so; leaving is not to be held up by it.
        return None
    known = {profile.name for profile in services.settings.profiles}
    moving = [
        entry
        for entry in jobs
        if entry.seen_at >= since and entry.profile in known and not entry.job.is_final and entry.job.status != "paused"
    ]
    return Text("\n".join(_words(services, entry) for entry in moving)) if moving else None


def _read(services: Services) -> Sequence[JournalJob]:
    return services.journal.jobs()


def _words(services: Services, entry: JournalJob) -> str:
    name = safe_line(entry.job.id, 60)
    if services.profile(entry.profile).dialect is not Dialect.ENGINE:
        return f"{name} goes on at {safe_line(entry.profile, 30)}:\n  fttui follow {name}"
    if services.settings.engine_outlives_app:
        return f"{name} goes on in the background:\n  fttui follow {name}"
    return f"{name} waits until fttui is started again."
