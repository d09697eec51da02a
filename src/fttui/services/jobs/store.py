"""The journal's database: opened late, moved aside when it is broken, its errors told in words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fttui.domain.errors import JournalError
from fttui.domain.text import safe_line
from fttui.services.jobs.file_system import network_kind
from fttui.services.jobs.schema import MIGRATIONS, VERSION
from fttui.services.jobs.set_aside import FileId, file_id, opening, put_aside
from fttui.services.paths import ensure_private

BUSY_MILLISECONDS = 10_000
_BROKEN = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_FORBIDDEN = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})
_IN_USE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

Parameter = str | int | float | bytes | None


class Store:
    """One sqlite file; safe to use from several threads and processes.

    It is written in WAL mode, on a network file system in DELETE mode: WAL needs memory that all programs share
    (sqlite.org/wal.html, November 2026).

    Args:
        path: the file; it and its folder are made when first needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.moved_aside: Path | None = None
        """Where a broken file was put, if one was found."""
        self._connection: sqlite3.Connection | None = None
        self._file: FileId | None = None
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def rows(self, query: str, parameters: Sequence[Parameter] = ()) -> list[sqlite3.Row]:
        """Read rows.

        Raises:
            JournalError: the file cannot be read.
        """
        with self._lock, self._told():
            return self._open().execute(query, parameters).fetchall()

    @contextmanager
    def write(self, *, durable: bool) -> Iterator[sqlite3.Connection]:
        """A transaction that is committed at the end, or not at all.

        Args:
            durable: whether it must be on the disk before going on.

        Raises:
            JournalError: it could not be written.
        """
        with self._lock, self._told():
            connection = self._open()
            connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if _code(error) in _BROKEN:
                self.close()
                self.moved_aside = put_aside(self.path, self._file)
            raise _in_words(error, self.path, self.moved_aside) from error
        except OSError as error:
            raise JournalError(f"The journal cannot be used: {error.strerror}: {safe_line(str(self.path))}") from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            ensure_private(self.path.parent)
            try:
                self._connection = self._connect()
            except sqlite3.DatabaseError as error:
                if _code(error) not in _BROKEN:
                    raise
                self.moved_aside = put_aside(self.path, self._file)
                self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        with opening(self.path):
            os.close(os.open(self.path, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o600))
            self._file = file_id(self.path)
            return _connect(self.path)


def journal_mode(path: Path) -> str:
    """How the journal is written where it lies: ``wal``, or ``delete`` on a network file system."""
    return "wal" if network_kind(path) is None else "delete"


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(_address(path), isolation_level=None, check_same_thread=False, uri=True)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys=ON")
        mode = journal_mode(path)
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != mode and os.access(path, os.W_OK):
            connection.execute(f"PRAGMA journal_mode={mode}")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _address(path: Path) -> str:
    """The file's address; one that we may only read is read as it lies there, without files of its own beside it."""
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    alone = not path.with_name(f"{path.name}-wal").exists()
    return path.absolute().as_uri() + ("?immutable=1" if alone and not writable else "")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise JournalError(
            f"The journal {safe_line(str(path))} was written by a newer fttui",
            hint="Update fttui, or move that file away.",
        )
    if version == VERSION:
        return
    if version > 0:
        shutil.copy2(path, path.with_suffix(f".v{version}.db"))
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have done it while we waited.
        current = connection.execute("PRAGMA user_version").fetchone()[0]
        for step in MIGRATIONS[current:]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _in_words(error: sqlite3.Error, path: Path, moved_aside: Path | None) -> JournalError:
    where = safe_line(str(path))
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return JournalError("The journal cannot be written: the disk is full", hint=f"Make room for {where}.")
    if code in _IN_USE:
        return JournalError("The journal is in use by another program", hint=f"Try again; the file is {where}.")
    if code in _FORBIDDEN:
        return JournalError(f"The journal cannot be written: {where}", hint="Look at the permissions of that file.")
    if code in _BROKEN:
        return JournalError(
            f"The journal was damaged and has been put aside as {safe_line(str(moved_aside))}",
            hint="A new one is begun; jobs come back from the provider when they are listed.",
        )
    return JournalError(f"The journal failed: {safe_line(str(error), 200)}", hint=f"The file is {where}.")
