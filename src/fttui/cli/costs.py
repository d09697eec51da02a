"""What training cost, job by job and month by month."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, json_option, say, talk, with_services
from fttui.cli.tables import table
from fttui.domain.errors import UsageError
from fttui.domain.jobs.ledger import Entry, Total, totals
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services


@click.command("costs")
@click.option("--profile", metavar="NAME", help="Only this provider; all of them if absent.")
@click.option("--month", metavar="YYYY-MM", help="Only jobs created in this month (UTC).")
@click.option("--explain", is_flag=True, help="Say of each job why it cost what it did.")
@json_option
def command(profile: str | None, month: str | None, explain: bool, as_json: bool) -> int:
    """What was expected at launch, what was trained and paid, and the totals of each provider and month.

    It comes from the journal on this computer. The provider's invoice is what counts.
    """
    if month is not None:
        try:
            datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
        except ValueError:
            raise UsageError("--month reads like 2026-11") from None

    async def work(services: Services) -> tuple[Entry, ...]:
        from fttui.services.jobs.ledger import read_ledger

        if profile is not None:
            services.profile(profile)
        settings = services.settings
        return await asyncio.to_thread(read_ledger, services.journal, settings.profiles, settings.prices, profile)

    entries = [entry for entry in with_services(work) if month is None or entry.month == month]
    if as_json:
        emit_json({"jobs": [entry_object(one) for one in entries], "totals": [asdict(one) for one in totals(entries)]})
        return ExitCode.GOOD
    _tell(entries, explain=explain)
    return ExitCode.GOOD


def _tell(entries: list[Entry], *, explain: bool) -> None:
    rows = [
        (
            datetime.fromtimestamp(one.job.created_at, UTC).strftime("%Y-%m-%d"),
            one.profile,
            one.job.id,
            one.job.status,
            _range(one),
            f"{one.job.trained_tokens:,}" if one.job.trained_tokens is not None else "",
            f"{one.actual:.2f}" if one.actual is not None else "?",
        )
        for one in entries
    ]
    lines = table(("day", "profile", "job", "status", "expected", "tokens", "cost"), rows, right=frozenset({4, 5, 6}))
    say(lines[0])
    for line, entry in zip(lines[1:], entries, strict=True):
        say(line)
        for reason in entry.reasons if explain else ():
            say(f"            {safe_line(reason)}")
    say()
    for line in table(
        ("month", "profile", "jobs", "tokens", "cost", "still expected"), [*map(_total_row, totals(entries))]
    ):
        say(line)
    talk("Sums are trained tokens times dated prices; the provider's invoice is what counts.")


def _range(entry: Entry) -> str:
    estimate = entry.estimate
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    return f"{estimate.low:.2f}" if estimate.low == estimate.high else f"{estimate.low:.2f}-{estimate.high:.2f}"


def _total_row(total: Total) -> tuple[str, ...]:
    unknown = f" + {total.unknown} unknown" if total.unknown else ""
    return (
        total.month,
        total.profile,
        str(total.jobs),
        f"{total.trained_tokens:,}",
        f"{total.currency} {total.actual:.2f}{unknown}",
        f"{total.expected:.2f}" if total.expected else "",
    )


def entry_object(entry: Entry) -> dict[str, object]:
    """An entry as ``--json`` promises it."""
    return {
        "profile": entry.profile,
        "id": entry.job.id,
        "model": entry.job.model,
        "status": entry.job.status,
        "month": entry.month,
        "created_at": entry.job.created_at,
        "trained_tokens": entry.job.trained_tokens,
        "estimate": asdict(entry.estimate) if entry.estimate is not None else None,
        "actual": entry.actual,
        "difference": entry.difference,
        "currency": entry.currency,
        "prices_checked": entry.prices_checked,
        "reasons": list(entry.reasons),
    }
