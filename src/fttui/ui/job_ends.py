"""Tells that a job that was watched is over: here in words, and outside by bell, desktop and the person's command."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.feed import JobFeed
from fttui.ui import present

if TYPE_CHECKING:
    from fttui.services.container import Services
    from fttui.services.jobs.notify import End
    from fttui.ui.app import FttuiApp

SECONDS_SHOWN = 10.0


def tell_end(app: FttuiApp, profile: str, feed: JobFeed) -> None:
    """Tell of a job's end, unless somebody was told of it before; does nothing while it goes on."""
    if feed.job is not None and feed.job.is_final:
        app.run_worker(_tell(app, profile, feed), group="app.job-end")


async def _tell(app: FttuiApp, profile: str, feed: JobFeed) -> None:
    from fttui.services.jobs.notify import claim, end_of, run_command

    services = app.services
    try:
        end = end_of(profile, feed, await asyncio.to_thread(cost_words, app.services, profile, feed))
        if end is None or not await claim(await asyncio.to_thread(lambda: services.journal), end):
            return
    except FttuiError as error:
        app.show_failure(error)
        return
    _show(app, end)
    complaint = await run_command(services.settings.notify_command, end, services.environ)
    if complaint:
        app.say(complaint, "warning")


def _show(app: FttuiApp, end: End) -> None:
    from fttui.services.jobs.notify import desktop_sequence

    succeeded = end.job.status == "succeeded"
    severity: Literal["information", "warning"] = "information" if succeeded else "warning"
    next_step = "In Jobs: c talks to it" if succeeded else "In Jobs: enter shows its log"
    words = "\n".join((*end.outcome, next_step))
    app.notify(words, title=end.headline, severity=severity, timeout=SECONDS_SHOWN, markup=False)
    app.bell()
    driver = app._driver  # noqa: SLF001 - the only way past the screen, as the app's own clipboard takes it
    sequence = desktop_sequence(end, app.services.environ)
    if driver is not None and sequence:
        driver.write(sequence)


def cost_words(services: Services, profile: str, feed: JobFeed) -> str:
    """What a job cost, from the ledger; empty where that is not known. Blocks.

    Raises:
        JournalError: the journal cannot be read.
    """
    from fttui.services.jobs.ledger import read_ledger

    entries = read_ledger(services.journal, services.settings.profiles, services.settings.prices, profile)
    entry = next((one for one in entries if feed.job is not None and one.job.id == feed.job.id), None)
    if entry is None or entry.actual is None:
        return ""
    return "nothing, trained here" if entry.is_free else present.money(entry.actual, currency=entry.currency)
