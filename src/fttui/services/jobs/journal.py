"""The local record of jobs: everything that was ever learnt of them, and every launch before it is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.operation import BOTH_KEPT, OPEN_STATES, Operation, OperationState
from fttui.domain.jobs.transfer import SentFile
from fttui.services.jobs import codec
from fttui.services.jobs.store import Store
from fttui.services.jobs.transfer_record import TransferRecord, forget_transfer


@dataclass(frozen=True, slots=True)
class JournalJob:
    """A job the journal knows: as it was when last seen, and when that was (unix seconds)."""

    job: Job
    profile: str
    seen_at: float
    complete: bool = False
    """Whether the job is over and everything it reported was fetched."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far a reader has read what the journal knows of one job."""

    seq: int = 0
    job_changes: int = 0
    checkpoints: frozenset[str] = frozenset()


class Journal:
    """The journal in one file. Calls are short and block; from asynchronous code go through `asyncio.to_thread`.

    Every method raises JournalError when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = Store(path)
        self.transfers = TransferRecord(self._store)
        """Files on their way."""

    @property
    def moved_aside(self) -> Path | None:
        """Where a damaged journal was put when this one was begun in its place."""
        return self._store.moved_aside

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def check_writable(self) -> None:
        """Find out now whether something can be written."""
        with self._store.write(durable=True) as database:
            database.execute("UPDATE operations SET note = note WHERE id = ''")

    # Jobs

    def jobs(self, profile: str | None = None) -> Sequence[JournalJob]:
        """All jobs, or those of a profile, newest first."""
        rows = self._store.rows(
            "SELECT * FROM jobs WHERE ?1 IS NULL OR profile = ?1 ORDER BY created_at DESC, job_id", (profile,)
        )
        return [_journal_job(row) for row in rows]

    def find(self, job_id: str) -> Sequence[JournalJob]:
        """The jobs of an id in any profile."""
        return [_journal_job(row) for row in self._store.rows("SELECT * FROM jobs WHERE job_id = ?", (job_id,))]

    def feed(self, profile: str, job_id: str) -> JobFeed:
        """All that is known of a job."""
        update, _ = self.news(profile, job_id, Bookmark())
        return JobFeed().apply(update)

    def news(self, profile: str, job_id: str, since: Bookmark) -> tuple[JobUpdate, Bookmark]:
        """What the journal learnt of a job since a bookmark, from whoever wrote it, and the next bookmark."""
        key = (profile, job_id)
        jobs = self._store.rows("SELECT * FROM jobs WHERE profile = ? AND job_id = ?", key)
        events = self._store.rows(
            "SELECT seq, document FROM events WHERE profile = ? AND job_id = ? AND seq > ? ORDER BY created_at, seq",
            (*key, since.seq),
        )
        kept = self._store.rows("SELECT * FROM checkpoints WHERE profile = ? AND job_id = ?", key)
        checkpoint_ids = frozenset(str(row["checkpoint_id"]) for row in kept)
        changes = int(jobs[0]["changes"]) if jobs else 0
        update = JobUpdate(
            job=codec.job(jobs[0]["document"]) if jobs and changes != since.job_changes else None,
            events=tuple(codec.event(row["document"]) for row in events),
            checkpoints=tuple(codec.checkpoint(row["document"]) for row in kept)
            if checkpoint_ids != since.checkpoints
            else (),
        )
        last = max((int(row["seq"]) for row in events), default=since.seq)
        return update, Bookmark(last, changes, checkpoint_ids)

    def last_event(self, profile: str, job_id: str) -> str | None:
        """The id of the newest event of a job."""
        rows = self._store.rows(
            "SELECT event_id FROM events WHERE profile = ? AND job_id = ? ORDER BY created_at DESC, seq DESC LIMIT 1",
            (profile, job_id),
        )
        return str(rows[0]["event_id"]) if rows else None

    def newest_events(self, profile: str, job_id: str, most: int = 50) -> Sequence[JobEvent]:
        """The last events of a job, oldest first."""
        rows = self._store.rows(
            "SELECT document FROM events WHERE profile = ? AND job_id = ? ORDER BY seq DESC LIMIT ?",
            (profile, job_id, most),
        )
        return [codec.event(row["document"]) for row in reversed(rows)]

    def record(
        self, profile: str, job_id: str, update: JobUpdate, *, seen_at: float = 0.0, complete: bool = False
    ) -> None:
        """Write down news of a job in one transaction; what is known already stays as it is.

        Args:
            profile: whose job it is.
            job_id: the job.
            update: the news.
            seen_at: when it was fetched, unix seconds.
            complete: that the job is over and nothing more will come.
        """
        with self._store.write(durable=False) as database:
            if update.job is not None:
                _write_job(database, profile, update.job, seen_at)
            database.executemany(
                "INSERT OR IGNORE INTO events (profile, job_id, event_id, created_at, document) VALUES (?, ?, ?, ?, ?)",
                [(profile, job_id, event.id, event.created_at, codec.encode(event)) for event in update.events],
            )
            if update.checkpoints:
                database.execute("DELETE FROM checkpoints WHERE profile = ? AND job_id = ?", (profile, job_id))
            database.executemany(
                "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)",
                [(profile, job_id, one.id, codec.encode(one)) for one in update.checkpoints],
            )
            if complete:
                database.execute("UPDATE jobs SET complete = 1 WHERE profile = ? AND job_id = ?", (profile, job_id))

    def adopt(self, profile: str, jobs: Sequence[Job], *, seen_at: float) -> None:
        """Write down many jobs at once, such as those started elsewhere."""
        with self._store.write(durable=False) as database:
            for job in jobs:
                _write_job(database, profile, job, seen_at)

    def tell_end_once(self, profile: str, job_id: str) -> bool:
        """Whether nobody was told yet that a job is over; from now on somebody was."""
        with self._store.write(durable=False) as database:
            return database.execute("INSERT OR IGNORE INTO ends_told VALUES (?, ?)", (profile, job_id)).rowcount > 0

    def checkpoints(self, profile: str) -> Sequence[Checkpoint]:
        """The checkpoints of all jobs of a profile, newest first."""
        rows = self._store.rows("SELECT document FROM checkpoints WHERE profile = ?", (profile,))
        known = (codec.checkpoint(row["document"]) for row in rows)
        return sorted(known, key=lambda one: (one.created_at, one.step), reverse=True)

    def result(self, profile: str, job_id: str, file_id: str) -> bytes | None:
        """A result file that was fetched before."""
        rows = self._store.rows(
            "SELECT content FROM results WHERE profile = ? AND job_id = ? AND file_id = ?", (profile, job_id, file_id)
        )
        return bytes(rows[0]["content"]) if rows else None

    def keep_result(self, profile: str, job_id: str, file_id: str, content: bytes) -> None:
        """Keep a result file, so that it can be read without the provider."""
        with self._store.write(durable=False) as database:
            database.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", (profile, job_id, file_id, content))

    # Launches

    def begin(self, operation: Operation, estimate: Estimate | None = None) -> None:
        """Write a launch down before it is made, with what it is expected to cost; on the disk when this returns."""
        with self._store.write(durable=True) as database:
            database.execute(
                """
                INSERT INTO operations (id, profile, state, spec, created_at, job_id, note)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    operation.id,
                    operation.profile,
                    operation.state.value,
                    codec.encode(operation.spec),
                    operation.created_at,
                    operation.job_id,
                    operation.note,
                ),
            )
            if estimate is not None:
                database.execute("INSERT INTO estimates VALUES (?, ?)", (operation.id, codec.encode(estimate)))

    def settle(
        self, operation_id: str, state: OperationState, *, job: Job | None = None, note: str = "", seen_at: float = 0.0
    ) -> None:
        """Write down how a launch went, with its job if there is one."""
        with self._store.write(durable=True) as database:
            database.execute(
                "UPDATE operations SET state = ?, job_id = ?, note = ? WHERE id = ?",
                (state.value, job.id if job else None, note, operation_id),
            )
            if job is not None:
                row = database.execute("SELECT profile FROM operations WHERE id = ?", (operation_id,)).fetchone()
                _write_job(database, str(row["profile"]), job, seen_at)

    def claim_resend(self, operation_id: str, *, now: float, settling: float) -> bool:
        """Write down that a launch is about to be sent again; False if it is settled, or was sent a moment ago.

        Args:
            operation_id: the launch.
            now: unix seconds.
            settling: seconds since the last sending that must have passed.
        """
        with self._store.write(durable=True) as database:
            states = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
            changed = database.execute(
                f"UPDATE operations SET state = 'intent', sent_at = ?1 WHERE id = ?2 AND state IN ({states})"  # noqa: S608 - our own words
                " AND max(sent_at, created_at) <= ?1 - ?3",
                (now, operation_id, settling),
            )
            return changed.rowcount > 0

    def keep_both(self, operation_id: str) -> None:
        """Write down that the person wants all the jobs a launch made."""
        with self._store.write(durable=True) as database:
            database.execute("UPDATE operations SET note = ? WHERE id = ?", (BOTH_KEPT, operation_id))

    def operations(self, profile: str | None = None, *, only_open: bool = False) -> Sequence[Operation]:
        """Launches, newest first."""
        rows = self._store.rows(
            "SELECT * FROM operations WHERE ?1 IS NULL OR profile = ?1 ORDER BY created_at DESC, id", (profile,)
        )
        states = OPEN_STATES if only_open else frozenset(OperationState)
        return [_operation(row) for row in rows if OperationState(row["state"]) in states]

    def estimates(self) -> Mapping[str, Estimate]:
        """What launches were expected to cost, by the id of the operation."""
        rows = self._store.rows("SELECT * FROM estimates")
        return {str(row["operation_id"]): codec.estimate(row["document"]) for row in rows}

    # Files

    def uploaded(self, profile: str, sha256: str) -> str | None:
        """The id a file of this content has at the provider, if it was sent from here."""
        rows = self._store.rows("SELECT file_id FROM uploads WHERE profile = ? AND sha256 = ?", (profile, sha256))
        return str(rows[0]["file_id"]) if rows else None

    def remember_upload(self, profile: str, sha256: str, file_id: str, *, at: float, path: Path | None = None) -> None:
        """Write down what id a file of this content got, and where it lies on this computer."""
        with self._store.write(durable=True) as database:
            database.execute(
                "INSERT OR REPLACE INTO uploads (profile, sha256, file_id, uploaded_at, path) VALUES (?, ?, ?, ?, ?)",
                (profile, sha256, file_id, at, str(path.absolute()) if path is not None else ""),
            )
            forget_transfer(database, profile, sha256)

    def sent_files(self, profile: str) -> Sequence[SentFile]:
        """Files that were sent from here and are at the provider as far as is known, oldest first."""
        rows = self._store.rows("SELECT * FROM uploads WHERE profile = ? ORDER BY uploaded_at", (profile,))
        return [SentFile(row["file_id"], profile, row["path"], row["uploaded_at"]) for row in rows]

    def forget_upload(self, profile: str, file_id: str) -> None:
        """Write down that a file is not at the provider any more."""
        with self._store.write(durable=True) as database:
            database.execute("DELETE FROM uploads WHERE profile = ? AND file_id = ?", (profile, file_id))

    def source_of(self, profile: str, file_id: str) -> tuple[Path, str] | None:
        """Where a file at the provider came from, and the SHA-256 it had then; None where that is not known."""
        rows = self._store.rows(
            "SELECT path, sha256 FROM uploads WHERE profile = ? AND file_id = ? AND path <> ''", (profile, file_id)
        )
        return (Path(rows[0]["path"]), str(rows[0]["sha256"])) if rows else None


def _write_job(database: sqlite3.Connection, profile: str, job: Job, seen_at: float) -> None:
    database.execute(
        """
        INSERT INTO jobs (profile, job_id, created_at, document, seen_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (profile, job_id) DO UPDATE SET
            seen_at = max(seen_at, excluded.seen_at), created_at = excluded.created_at,
            changes = changes + (document <> excluded.document), document = excluded.document
        """,
        (profile, job.id, job.created_at, codec.encode(job), seen_at),
    )


def _journal_job(row: sqlite3.Row) -> JournalJob:
    return JournalJob(codec.job(row["document"]), row["profile"], row["seen_at"], bool(row["complete"]))


def _operation(row: sqlite3.Row) -> Operation:
    return Operation(
        id=row["id"],
        profile=row["profile"],
        state=OperationState(row["state"]),
        spec=codec.spec(row["spec"]),
        created_at=row["created_at"],
        job_id=row["job_id"],
        note=row["note"],
        sent_at=row["sent_at"],
    )
