"""The files the engine holds."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from fttui.engine.store.database import Database
from fttui.engine.store.paging import Page, PageRequest, select_page


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; its content lies in the engine's home under its id. Times are unix seconds."""

    id: str
    bytes: int
    created_at: int
    filename: str
    purpose: str
    expires_at: int | None = None


def add_file(connection: sqlite3.Connection, file: StoredFile) -> None:
    """Remember a file, or the same file again."""
    connection.execute(
        "INSERT INTO files (id, bytes, created_at, expires_at, filename, purpose) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes",
        (file.id, file.bytes, file.created_at, file.expires_at, file.filename, file.purpose),
    )


class FileShelf:
    """Finds, lists and forgets files."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, file: StoredFile) -> None:
        """Remember a file."""
        with self._database.transaction() as connection:
            add_file(connection, file)

    def find(self, file_id: str, now: int) -> StoredFile | None:
        """Return a file that has not expired."""
        row = self._database.row(
            "SELECT * FROM files WHERE id = ? AND (expires_at IS NULL OR expires_at > ?)", [file_id, now]
        )
        return None if row is None else _read(row)

    def page(self, request: PageRequest, purpose: str | None, now: int) -> Page[StoredFile]:
        """Return a page of the files that have not expired, of one purpose or of all."""
        return select_page(
            self._database,
            "files",
            request,
            _read,
            "(expires_at IS NULL OR expires_at > ?) AND (? IS NULL OR purpose = ?)",
            [now, purpose, purpose],
        )

    def remove(self, file_id: str) -> None:
        """Forget a file."""
        self._database.write("DELETE FROM files WHERE id = ?", [file_id])

    def ids(self) -> set[str]:
        """Return the ids of all files."""
        return {str(row["id"]) for row in self._database.rows("SELECT id FROM files")}

    def expired(self, now: int) -> list[str]:
        """Return the ids of files whose time is over."""
        return [str(row["id"]) for row in self._database.rows("SELECT id FROM files WHERE expires_at <= ?", [now])]


def _read(row: sqlite3.Row) -> StoredFile:
    return StoredFile(
        id=row["id"],
        bytes=row["bytes"],
        created_at=row["created_at"],
        filename=row["filename"],
        purpose=row["purpose"],
        expires_at=row["expires_at"],
    )
