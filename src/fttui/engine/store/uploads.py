"""Uploads in parts, on their way to becoming files."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from fttui.engine.store.database import Database
from fttui.engine.store.files import StoredFile, add_file


class UploadStatus(StrEnum):
    """How far an upload is."""

    PENDING = "pending"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload; `bytes` is what its parts must add up to. Times are unix seconds."""

    id: str
    bytes: int
    created_at: int
    expires_at: int
    filename: str
    purpose: str
    status: UploadStatus = UploadStatus.PENDING
    file_id: str | None = None
    file_expires_after: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an upload; its content lies in the engine's home under its id."""

    id: str
    upload_id: str
    bytes: int
    created_at: int


class UploadShelf:
    """Remembers uploads and their parts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, upload: Upload) -> None:
        """Remember a new upload."""
        self._database.write(
            "INSERT INTO uploads (id, bytes, created_at, expires_at, filename, purpose, status, file_expires_after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                upload.id,
                upload.bytes,
                upload.created_at,
                upload.expires_at,
                upload.filename,
                upload.purpose,
                upload.status,
                upload.file_expires_after,
            ],
        )

    def find(self, upload_id: str, now: int) -> Upload | None:
        """Return an upload, expired if its time is over."""
        row = self._database.row("SELECT * FROM uploads WHERE id = ?", [upload_id])
        if row is None:
            return None
        status = UploadStatus(row["status"])
        if status is UploadStatus.PENDING and row["expires_at"] <= now:
            status = UploadStatus.EXPIRED
        return Upload(
            id=row["id"],
            bytes=row["bytes"],
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            filename=row["filename"],
            purpose=row["purpose"],
            status=status,
            file_id=row["file_id"],
            file_expires_after=row["file_expires_after"],
        )

    def add_part(self, part: Part) -> None:
        """Remember a part."""
        self._database.write(
            "INSERT INTO parts (id, upload_id, bytes, created_at) VALUES (?, ?, ?, ?)",
            [part.id, part.upload_id, part.bytes, part.created_at],
        )

    def parts(self, upload_id: str) -> list[Part]:
        """Return the parts of an upload in the order they came."""
        rows = self._database.rows("SELECT * FROM parts WHERE upload_id = ? ORDER BY seq", [upload_id])
        return [Part(row["id"], row["upload_id"], row["bytes"], row["created_at"]) for row in rows]

    def complete(self, upload_id: str, file: StoredFile) -> bool:
        """Make the file of a pending upload real; False when the upload is pending no more."""
        with self._database.transaction() as connection:
            if not _leave_pending(connection, upload_id, UploadStatus.COMPLETED):
                return False
            connection.execute("UPDATE uploads SET file_id = ? WHERE id = ?", (file.id, upload_id))
            add_file(connection, file)
            connection.execute("DELETE FROM parts WHERE upload_id = ?", (upload_id,))
        return True

    def close(self, upload_id: str, status: UploadStatus) -> bool:
        """Give a pending upload up; False when it is pending no more."""
        with self._database.transaction() as connection:
            if not _leave_pending(connection, upload_id, status):
                return False
            connection.execute("DELETE FROM parts WHERE upload_id = ?", (upload_id,))
        return True

    def part_ids(self) -> set[str]:
        """Return the ids of the parts of all uploads."""
        return {str(row["id"]) for row in self._database.rows("SELECT id FROM parts")}

    def overdue(self, now: int) -> list[str]:
        """Return the ids of pending uploads whose time is over."""
        rows = self._database.rows(
            "SELECT id FROM uploads WHERE status = ? AND expires_at <= ?", [UploadStatus.PENDING, now]
        )
        return [str(row["id"]) for row in rows]


def _leave_pending(connection: sqlite3.Connection, upload_id: str, status: UploadStatus) -> bool:
    changed = connection.execute(
        "UPDATE uploads SET status = ? WHERE id = ? AND status = ?", (status, upload_id, UploadStatus.PENDING)
    )
    return changed.rowcount == 1
