"""The journal's record of files on their way: what was begun, and which parts have arrived."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from fttui.domain.jobs.transfer import Part, Transfer, TransferState
from fttui.services.jobs.store import Store


class TransferRecord:
    """Calls are short and block; what is written is on the disk when they return.

    Every method raises JournalError when the file cannot be read or written.

    Args:
        store: the journal's database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, profile: str, sha256: str) -> Transfer | None:
        """The file of this content that is on its way, with the parts that have arrived."""
        rows = self._store.rows("SELECT * FROM transfers WHERE profile = ? AND sha256 = ?", (profile, sha256))
        return self._transfer(rows[0]) if rows else None

    def all(self, profile: str) -> Sequence[Transfer]:
        """Everything on its way, oldest first."""
        rows = self._store.rows("SELECT * FROM transfers WHERE profile = ? ORDER BY began_at", (profile,))
        return [self._transfer(row) for row in rows]

    def begin(self, transfer: Transfer) -> None:
        """Write down that a file sets off; an earlier try with the same content is forgotten."""
        with self._store.write(durable=True) as database:
            forget_transfer(database, transfer.profile, transfer.sha256)
            database.execute(
                """
                INSERT INTO transfers (profile, sha256, md5, stored_name, path, size, upload_id, state, began_at,
                    expires_at, setbacks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    transfer.profile,
                    transfer.sha256,
                    transfer.md5,
                    transfer.stored_name,
                    transfer.path,
                    transfer.size,
                    transfer.upload_id,
                    transfer.state.value,
                    transfer.began_at,
                    transfer.expires_at,
                    transfer.setbacks,
                ),
            )

    def arrived(self, transfer: Transfer, part: Part) -> None:
        """Write down a part that the provider has."""
        with self._store.write(durable=True) as database:
            database.execute(
                "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?)",
                (transfer.profile, transfer.sha256, transfer.upload_id, part.offset, part.length, part.id),
            )

    def mark(self, transfer: Transfer, state: TransferState, *, setbacks: int | None = None) -> None:
        """Write down how far a file is."""
        with self._store.write(durable=True) as database:
            database.execute(
                """
                UPDATE transfers SET state = ?, setbacks = ? WHERE profile = ? AND sha256 = ? AND upload_id = ?
                """,
                (
                    state.value,
                    transfer.setbacks if setbacks is None else setbacks,
                    transfer.profile,
                    transfer.sha256,
                    transfer.upload_id,
                ),
            )

    def forget(self, transfer: Transfer) -> None:
        """A file that is no longer on its way."""
        with self._store.write(durable=True) as database:
            forget_transfer(database, transfer.profile, transfer.sha256)

    def _transfer(self, row: sqlite3.Row) -> Transfer:
        parts = self._store.rows(
            "SELECT * FROM parts WHERE profile = ? AND sha256 = ? AND upload_id = ? ORDER BY place",
            (row["profile"], row["sha256"], row["upload_id"]),
        )
        return Transfer(
            profile=row["profile"],
            sha256=row["sha256"],
            md5=row["md5"],
            stored_name=row["stored_name"],
            size=row["size"],
            began_at=row["began_at"],
            path=row["path"],
            upload_id=row["upload_id"],
            expires_at=row["expires_at"],
            state=TransferState(row["state"]),
            setbacks=row["setbacks"],
            parts=tuple(Part(part["place"], part["length"], part["part_id"]) for part in parts),
        )


def forget_transfer(database: sqlite3.Connection, profile: str, sha256: str) -> None:
    """Within a transaction: a file of this content is no longer on its way."""
    database.execute("DELETE FROM parts WHERE profile = ? AND sha256 = ?", (profile, sha256))
    database.execute("DELETE FROM transfers WHERE profile = ? AND sha256 = ?", (profile, sha256))
