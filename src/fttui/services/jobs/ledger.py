"""The cost ledger: every job the journal knows, with what was expected and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fttui.domain.jobs.ledger import Entry, Estimate, entry_of
from fttui.domain.jobs.prices import price_book
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.settings import OwnPrice
from fttui.services.jobs.journal import Journal


def read_ledger(
    journal: Journal, profiles: Sequence[Profile], prices: Sequence[OwnPrice], profile: str | None = None
) -> tuple[Entry, ...]:
    """The ledger, newest job first.

    Args:
        journal: what is known of jobs and launches.
        profiles: those there are now; a job of one that is gone is priced as the protocol's own provider does.
        prices: a person's own.
        profile: only the jobs of this one.

    Raises:
        JournalError: the journal cannot be read.
    """
    expected = _by_job(journal)
    kinds = {one.name: one.dialect for one in profiles}
    books = {dialect: price_book(prices, dialect) for dialect in Dialect}
    entries = []
    for known in journal.jobs(profile):
        dialect = kinds.get(known.profile, Dialect.COMPATIBLE)
        estimate = expected.get((known.profile, known.job.id))
        free = dialect is Dialect.ENGINE
        entries.append(entry_of(known.profile, known.job, estimate, books[dialect], free=free))
    return tuple(sorted(entries, key=lambda entry: (-entry.job.created_at, entry.job.id)))


def _by_job(journal: Journal) -> Mapping[tuple[str, str], Estimate]:
    estimates = journal.estimates()
    return {
        (operation.profile, operation.job_id): estimates[operation.id]
        for operation in journal.operations()
        if operation.job_id is not None and operation.id in estimates
    }
