"""Tuned models and the checkpoints of jobs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from fttui.engine.identifiers import new_id, unix_now
from fttui.engine.json_values import JsonObject, decode_object, encode
from fttui.engine.store.database import Database
from fttui.engine.store.paging import Page, PageRequest, select_page

KEPT_CHECKPOINTS = 3
"""How many epochs' models a job keeps, the newest ones."""


@dataclass(frozen=True, slots=True)
class TunedModel:
    """A model that came out of a job; `weights` is the name of its file among the engine's models."""

    name: str
    created: int
    base_model: str
    job_id: str
    weights: str


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """The model after an epoch, and how it measured."""

    step: int
    model: str
    metrics: JsonObject


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint in a job's list."""

    id: str
    job_id: str
    created_at: int
    facts: CheckpointFacts


def add_model(connection: sqlite3.Connection, name: str, base_model: str, job_id: str, weights: str) -> None:
    """Remember a model, or the same model again."""
    connection.execute(
        "INSERT INTO models (name, created, base_model, job_id, weights) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET weights = excluded.weights",
        (name, unix_now(), base_model, job_id, weights),
    )


def add_checkpoint(
    connection: sqlite3.Connection, job_id: str, base_model: str, facts: CheckpointFacts, weights: str
) -> list[str]:
    """Remember a checkpoint and its model, and forget the job's older ones; return the files in use no more."""
    connection.execute(
        "INSERT INTO checkpoints (id, job_id, created_at, step, model, metrics) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (job_id, step) DO UPDATE SET metrics = excluded.metrics",
        (new_id("ftckpt_"), job_id, unix_now(), facts.step, facts.model, encode(facts.metrics)),
    )
    add_model(connection, facts.model, base_model, job_id, weights)
    outdated = connection.execute(
        "SELECT checkpoints.model AS model, models.weights AS weights FROM checkpoints"
        " LEFT JOIN models ON models.name = checkpoints.model"
        " WHERE checkpoints.job_id = ? ORDER BY step DESC LIMIT -1 OFFSET ?",
        (job_id, KEPT_CHECKPOINTS),
    ).fetchall()
    for row in outdated:
        connection.execute("DELETE FROM models WHERE name = ?", (row["model"],))
        connection.execute("DELETE FROM checkpoints WHERE job_id = ? AND model = ?", (job_id, row["model"]))
    return [str(row["weights"]) for row in outdated if row["weights"] is not None]


class ModelShelf:
    """Finds, lists and forgets tuned models and checkpoints."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, name: str) -> TunedModel | None:
        """Return a tuned model."""
        row = self._database.row("SELECT * FROM models WHERE name = ?", [name])
        return None if row is None else _read_model(row)

    def all(self) -> list[TunedModel]:
        """Return every tuned model, the oldest first."""
        return [_read_model(row) for row in self._database.rows("SELECT * FROM models ORDER BY seq")]

    def weights(self) -> set[str]:
        """Return the names of all weights files in use."""
        return {model.weights for model in self.all()}

    def remove(self, name: str) -> None:
        """Forget a model."""
        self._database.write("DELETE FROM models WHERE name = ?", [name])

    def checkpoints(self, job_id: str, request: PageRequest) -> Page[StoredCheckpoint]:
        """Return a page of a job's checkpoints."""
        return select_page(self._database, "checkpoints", request, _read_checkpoint, "job_id = ?", [job_id])


def _read_model(row: sqlite3.Row) -> TunedModel:
    return TunedModel(row["name"], row["created"], row["base_model"], row["job_id"], row["weights"])


def _read_checkpoint(row: sqlite3.Row) -> StoredCheckpoint:
    facts = CheckpointFacts(row["step"], row["model"], decode_object(row["metrics"]))
    return StoredCheckpoint(row["id"], row["job_id"], row["created_at"], facts)
