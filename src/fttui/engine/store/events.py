"""The log of a job, as the protocol shows it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from fttui.engine.identifiers import new_id, unix_now
from fttui.engine.json_values import JsonObject, decode_object, encode
from fttui.engine.store.database import Database
from fttui.engine.store.paging import Page, PageRequest, select_page


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One line of a job's log."""

    id: str
    created_at: int
    level: str
    type: str
    message: str
    data: JsonObject | None


def tell(
    connection: sqlite3.Connection,
    job_id: str,
    message: str,
    *,
    key: str | None = None,
    level: str = "info",
    type: str = "message",
    data: JsonObject | None = None,
) -> None:
    """Add a line to a job's log.

    Args:
        key: names what is told, once per job. Told again, as a training step is after a crash, the line keeps
            its id and its place and takes the new words, so a reader finds each line once and no cursor breaks.
            None for lines that may come any number of times.
    """
    identity = new_id("ftevent-")
    connection.execute(
        "INSERT INTO events (id, job_id, created_at, level, type, message, data, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (job_id, key) DO UPDATE SET"
        " level = excluded.level, message = excluded.message, data = excluded.data",
        (
            identity,
            job_id,
            unix_now(),
            level,
            type,
            message,
            None if data is None else encode(data),
            key or identity,
        ),
    )


def page_of_events(database: Database, job_id: str, request: PageRequest) -> Page[StoredEvent]:
    """Return a page of a job's log."""
    return select_page(database, "events", request, _read, "job_id = ?", [job_id])


def metrics_by_step(database: Database, job_id: str, last_step: int) -> list[JsonObject]:
    """Return what every training step reported, in the order of the steps, up to and with the last one given."""
    rows = database.rows("SELECT data FROM events WHERE job_id = ? AND type = 'metrics' ORDER BY seq", [job_id])
    steps = [decode_object(row["data"]) for row in rows]
    return [step for step in steps if isinstance(number := step["step"], int) and number <= last_step]


def _read(row: sqlite3.Row) -> StoredEvent:
    return StoredEvent(
        id=row["id"],
        created_at=row["created_at"],
        level=row["level"],
        type=row["type"],
        message=row["message"],
        data=None if row["data"] is None else decode_object(row["data"]),
    )
