"""The sqlite file: opening it, reading, and writing in whole transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from fttui.engine.store.schema import SCHEMA

Parameter: TypeAlias = str | int | float | None
"""What may stand for a question mark."""

_PATIENCE_SECONDS = 10.0


class Database:
    """One connection for reading and one for writing, each used by one thread at a time.

    Reading never waits for another process, and writing rarely: transactions are short.

    Args:
        path: the sqlite file; it is made when absent. It must not lie on a network file system.
    """

    def __init__(self, path: Path) -> None:
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._writer = _connect(path)
        self._writer.execute("PRAGMA journal_mode=WAL")
        self._writer.execute("PRAGMA synchronous=NORMAL")
        self._writer.execute("PRAGMA foreign_keys=ON")
        self._reader = _connect(path)
        with self.transaction() as connection:
            for statement in SCHEMA:
                connection.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do several writes as one: all of them, or none."""
        with self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                # A full disk may have ended it already.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def rows(self, statement: str, parameters: Sequence[Parameter] = ()) -> list[sqlite3.Row]:
        """Return every row of a question."""
        with self._reading:
            return self._reader.execute(statement, parameters).fetchall()

    def row(self, statement: str, parameters: Sequence[Parameter] = ()) -> sqlite3.Row | None:
        """Return the first row of a question, if there is one."""
        with self._reading:
            found = self._reader.execute(statement, parameters).fetchone()
        return found if isinstance(found, sqlite3.Row) else None

    def write(self, statement: str, parameters: Sequence[Parameter] = ()) -> int:
        """Do one write, and return how many rows it changed."""
        with self.transaction() as connection:
            return connection.execute(statement, parameters).rowcount

    def make_durable(self) -> None:
        """Bring everything written so far safely to the disk.

        A commit survives the death of a process at once, and a loss of power only after this.
        """
        with self._writing:
            self._writer.execute("PRAGMA synchronous=FULL")
            self._writer.execute("UPDATE durability SET marks = marks + 1")
            self._writer.execute("PRAGMA synchronous=NORMAL")

    def close(self) -> None:
        """Let go of the file."""
        with self._reading, self._writing:
            self._reader.close()
            self._writer.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection
