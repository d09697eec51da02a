"""Jobs: what was asked for, how far they are, and the questions and wishes of the server about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fttui.engine.identifiers import unix_now
from fttui.engine.json_values import JsonObject, decode_object, encode
from fttui.engine.store.database import Database
from fttui.engine.store.events import tell
from fttui.engine.store.paging import Page, PageRequest, select_page


class JobStatus(StrEnum):
    """How far a job is, in the protocol's words."""

    VALIDATING = "validating_files"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (JobStatus.VALIDATING, JobStatus.QUEUED, JobStatus.RUNNING)


class Want(StrEnum):
    """What a person asked a job to do; its worker obeys at the next step."""

    PAUSE = "pause"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """The settings of supervised training; None leaves the choice to the engine."""

    n_epochs: int | None = None
    batch_size: int | None = None
    learning_rate_multiplier: float | None = None

    def as_json(self) -> JsonObject:
        """Return the settings as the protocol writes them."""
        return {
            "n_epochs": "auto" if self.n_epochs is None else self.n_epochs,
            "batch_size": "auto" if self.batch_size is None else self.batch_size,
            "learning_rate_multiplier": (
                "auto" if self.learning_rate_multiplier is None else self.learning_rate_multiplier
            ),
        }


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job about to be created.

    Args:
        model: the model asked for, a base or a tuned one.
        base_model: the base under it.
        tuned_name: the name the finished model will carry.
    """

    id: str
    model: str
    base_model: str
    tuned_name: str
    training_file: str
    validation_file: str | None
    suffix: str | None
    seed: int
    metadata: Mapping[str, str]
    requested: Hyperparameters


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job as it stands. Times are unix seconds."""

    id: str
    created_at: int
    finished_at: int | None
    estimated_finish: int | None
    model: str
    base_model: str
    tuned_name: str
    suffix: str | None
    status: JobStatus
    training_file: str
    validation_file: str | None
    result_file: str | None
    trained_tokens: int | None
    requested: Hyperparameters
    resolved: Hyperparameters | None
    seed: int
    metadata: Mapping[str, str]
    error: JsonObject | None
    want: Want | None
    validated: bool
    checkpoint_step: int
    crashes: int
    crash_step: int


class JobShelf:
    """Creates, finds and lists jobs, and hands on what people want of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, job: NewJob) -> None:
        """Write a job down, with the first two lines of its log."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO jobs (id, created_at, model, base_model, tuned_name, suffix, status, training_file,"
                " validation_file, requested, seed, metadata, place)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT COALESCE(MAX(place), 0) + 1 FROM jobs))",
                (
                    job.id,
                    unix_now(),
                    job.model,
                    job.base_model,
                    job.tuned_name,
                    job.suffix,
                    JobStatus.VALIDATING,
                    job.training_file,
                    job.validation_file,
                    encode(job.requested.as_json()),
                    job.seed,
                    encode(job.metadata),
                ),
            )
            tell(connection, job.id, f"Created fine-tuning job: {job.id}", key="created")

    def find(self, job_id: str) -> StoredJob | None:
        """Return a job."""
        row = self._database.row("SELECT * FROM jobs WHERE id = ?", [job_id])
        return None if row is None else _read(row)

    def page(
        self, request: PageRequest, metadata: Mapping[str, str], *, without_metadata: bool = False
    ) -> Page[StoredJob]:
        """Return a page of jobs, newest first.

        Args:
            metadata: pairs that a job must carry to be listed.
            without_metadata: whether only jobs that carry no pair at all are listed.
        """
        condition, values = "1", []
        for key, value in metadata.items():
            condition += " AND EXISTS (SELECT 1 FROM json_each(jobs.metadata) WHERE key = ? AND value = ?)"
            values += [key, value]
        if without_metadata:
            condition += " AND metadata = '{}'"
        return select_page(self._database, "jobs", request, _read, condition, values)

    def unsettled(self) -> list[StoredJob]:
        """Return the jobs that still need something done, those first in the queue first."""
        marks = ", ".join("?" for _ in ACTIVE)
        rows = self._database.rows(
            f"SELECT * FROM jobs WHERE status IN ({marks}) OR want IS NOT NULL ORDER BY place",  # noqa: S608 (marks)
            ACTIVE,
        )
        return [_read(row) for row in rows]

    def ask(self, job_id: str, want: Want, allowed: tuple[JobStatus, ...]) -> bool:
        """Leave a wish for a job; False when its status does not allow it."""
        marks = ", ".join("?" for _ in allowed)
        changed = self._database.write(
            f"UPDATE jobs SET want = ? WHERE id = ? AND status IN ({marks})",  # noqa: S608 (marks)
            [want, job_id, *allowed],
        )
        return changed == 1

    def resume(self, job_id: str) -> bool:
        """Put a paused job at the end of the queue; False when it is not paused."""
        with self._database.transaction() as connection:
            changed = connection.execute(
                "UPDATE jobs SET status = ?, want = NULL, crashes = 0,"
                " place = (SELECT COALESCE(MAX(place), 0) + 1 FROM jobs) WHERE id = ? AND status = ?",
                (JobStatus.QUEUED, job_id, JobStatus.PAUSED),
            )
            if changed.rowcount == 1:
                tell(connection, job_id, "Fine-tuning job resumed")
        return changed.rowcount == 1


def _read(row: sqlite3.Row) -> StoredJob:
    metadata = decode_object(row["metadata"])
    return StoredJob(
        id=row["id"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        estimated_finish=row["estimated_finish"],
        model=row["model"],
        base_model=row["base_model"],
        tuned_name=row["tuned_name"],
        suffix=row["suffix"],
        status=JobStatus(row["status"]),
        training_file=row["training_file"],
        validation_file=row["validation_file"],
        result_file=row["result_file"],
        trained_tokens=row["trained_tokens"],
        requested=_hyperparameters(decode_object(row["requested"])),
        resolved=None if row["resolved"] is None else _hyperparameters(decode_object(row["resolved"])),
        seed=row["seed"],
        metadata={key: str(value) for key, value in metadata.items()},
        error=None if row["error"] is None else decode_object(row["error"]),
        want=None if row["want"] is None else Want(row["want"]),
        validated=bool(row["validated"]),
        checkpoint_step=row["checkpoint_step"],
        crashes=row["crashes"],
        crash_step=row["crash_step"],
    )


def _hyperparameters(stored: JsonObject) -> Hyperparameters:
    epochs, batch, rate = stored["n_epochs"], stored["batch_size"], stored["learning_rate_multiplier"]
    return Hyperparameters(
        n_epochs=epochs if isinstance(epochs, int) else None,
        batch_size=batch if isinstance(batch, int) else None,
        learning_rate_multiplier=float(rate) if isinstance(rate, int | float) else None,
    )
