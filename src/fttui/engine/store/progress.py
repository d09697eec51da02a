"""What happens to a job, each event in one transaction with the change it tells of.

Only the process that holds a job's lock calls these: its worker, or the scheduler while there is none.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from fttui.engine.identifiers import unix_now
from fttui.engine.json_values import JsonObject, encode
from fttui.engine.room import no_room_words
from fttui.engine.store.database import Database
from fttui.engine.store.events import tell
from fttui.engine.store.files import StoredFile, add_file
from fttui.engine.store.jobs import Hyperparameters, JobStatus, StoredJob
from fttui.engine.store.models import CheckpointFacts, add_checkpoint


class Progress:
    """The record of one job's way.

    Args:
        job: the job; only what never changes about it is used.
    """

    def __init__(self, database: Database, job: StoredJob) -> None:
        self._database = database
        self._job = job

    def validating(self) -> None:
        """Validation begins."""
        files = f"Validating training file: {self._job.training_file}"
        if self._job.validation_file is not None:
            files += f" and validation file: {self._job.validation_file}"
        with self._database.transaction() as connection:
            self._status(connection, JobStatus.VALIDATING)
            tell(connection, self._job.id, files, key="validating")

    def validated(self) -> None:
        """The files are good."""
        with self._database.transaction() as connection:
            self._status(connection, JobStatus.QUEUED)
            connection.execute("UPDATE jobs SET validated = 1 WHERE id = ?", (self._job.id,))
            tell(connection, self._job.id, "Files validated, moving job to queued state", key="validated")

    def running(self, resolved: Hyperparameters) -> None:
        """Training begins, or goes on, with these settings."""
        with self._database.transaction() as connection:
            self._status(connection, JobStatus.RUNNING)
            connection.execute("UPDATE jobs SET resolved = ? WHERE id = ?", (encode(resolved.as_json()), self._job.id))
            tell(connection, self._job.id, "Fine-tuning job started", key="started")

    def note(self, message: str, *, key: str | None = None, level: str = "info") -> None:
        """Something worth telling happened that changes nothing."""
        with self._database.transaction() as connection:
            tell(connection, self._job.id, message, key=key, level=level)

    def step(self, number: int, message: str, data: JsonObject, estimated_finish: int) -> None:
        """A training step is done."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE jobs SET estimated_finish = ? WHERE id = ?", (estimated_finish, self._job.id))
            tell(connection, self._job.id, message, key=f"step {number}", type="metrics", data=data)

    def resumable_at(self, step: int) -> None:
        """The state after this step is safe on disk."""
        self._database.write("UPDATE jobs SET checkpoint_step = ? WHERE id = ?", [step, self._job.id])

    def checkpoint(self, facts: CheckpointFacts, weights: str) -> list[str]:
        """An epoch's model can be used.

        Returns:
            the weights files of older checkpoints, which are in use no more.
        """
        with self._database.transaction() as connection:
            outdated = add_checkpoint(connection, self._job.id, self._job.base_model, facts, weights)
            tell(
                connection,
                self._job.id,
                f"Checkpoint created at step {facts.step} with Snapshot ID: {facts.model}",
                key=f"checkpoint {facts.step}",
            )
        return outdated

    def succeeded(self, facts: CheckpointFacts, weights: str, result: StoredFile, trained_tokens: int) -> list[str]:
        """Training is complete; the last epoch's checkpoint is the model itself.

        Returns:
            the weights files of older checkpoints, which are in use no more.
        """
        with self._database.transaction() as connection:
            outdated = add_checkpoint(connection, self._job.id, self._job.base_model, facts, weights)
            add_file(connection, result)
            connection.execute(
                "UPDATE jobs SET result_file = ?, trained_tokens = ? WHERE id = ?",
                (result.id, trained_tokens, self._job.id),
            )
            tell(connection, self._job.id, f"New fine-tuned model created: {self._job.tuned_name}", key="model")
            tell(connection, self._job.id, "The job has successfully completed", key="succeeded")
            self._finish(connection, JobStatus.SUCCEEDED)
        return outdated

    def failed(self, code: str, message: str, param: str | None = None) -> None:
        """The job cannot go on."""
        with self._database.transaction() as connection:
            error = encode({"code": code, "message": message, "param": param})
            connection.execute("UPDATE jobs SET error = ? WHERE id = ?", (error, self._job.id))
            details: JsonObject = {"error_code": code, "error_param": param}
            tell(connection, self._job.id, message, key="failed", level="error", data=details)
            self._finish(connection, JobStatus.FAILED)

    def cancelled(self) -> None:
        """The job was given up on request."""
        with self._database.transaction() as connection:
            tell(connection, self._job.id, "Fine-tuning job cancelled", key="cancelled")
            self._finish(connection, JobStatus.CANCELLED)

    def paused(self, step: int) -> None:
        """The job rests on request."""
        with self._database.transaction() as connection:
            self._status(connection, JobStatus.PAUSED)
            connection.execute("UPDATE jobs SET want = NULL, estimated_finish = NULL WHERE id = ?", (self._job.id,))
            tell(connection, self._job.id, f"Fine-tuning job paused at step {step}")

    def no_room(self, folder: Path, step: int) -> None:
        """The job rests because the disk is full; nothing of it is lost."""
        reason = no_room_words(folder, f"resume the job, which is paused; it goes on after step {step}")
        with self._database.transaction() as connection:
            self._status(connection, JobStatus.PAUSED)
            connection.execute("UPDATE jobs SET want = NULL, estimated_finish = NULL WHERE id = ?", (self._job.id,))
            tell(connection, self._job.id, reason, level="warn")

    def set_back(self) -> None:
        """The worker leaves a job that is not done, because the engine stops."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE jobs SET status = ?, estimated_finish = NULL WHERE id = ? AND status = ?",
                (JobStatus.QUEUED, self._job.id, JobStatus.RUNNING),
            )

    def crashed(self, message: str, crashes: int) -> None:
        """The worker died; `crashes` times now without getting any further."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE jobs SET crashes = ?, crash_step = checkpoint_step WHERE id = ?", (crashes, self._job.id)
            )
            tell(connection, self._job.id, message, level="warn")

    def _status(self, connection: sqlite3.Connection, status: JobStatus) -> None:
        connection.execute("UPDATE jobs SET status = ? WHERE id = ?", (status, self._job.id))

    def _finish(self, connection: sqlite3.Connection, status: JobStatus) -> None:
        connection.execute(
            "UPDATE jobs SET status = ?, finished_at = ?, estimated_finish = NULL, want = NULL WHERE id = ?",
            (status, unix_now(), self._job.id),
        )
