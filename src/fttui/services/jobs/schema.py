"""The journal's tables, one step for each version of them."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE jobs (
        profile TEXT NOT NULL, job_id TEXT NOT NULL, created_at INTEGER NOT NULL, document TEXT NOT NULL,
        seen_at REAL NOT NULL, complete INTEGER NOT NULL DEFAULT 0, changes INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (profile, job_id)
    ) WITHOUT ROWID;
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, profile TEXT NOT NULL, job_id TEXT NOT NULL,
        event_id TEXT NOT NULL, created_at INTEGER NOT NULL, document TEXT NOT NULL,
        UNIQUE (profile, job_id, event_id)
    );
    CREATE INDEX events_in_order ON events (profile, job_id, seq);
    CREATE TABLE checkpoints (
        profile TEXT NOT NULL, job_id TEXT NOT NULL, checkpoint_id TEXT NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (profile, job_id, checkpoint_id)
    ) WITHOUT ROWID;
    CREATE TABLE operations (
        id TEXT PRIMARY KEY, profile TEXT NOT NULL, state TEXT NOT NULL, spec TEXT NOT NULL,
        created_at REAL NOT NULL, job_id TEXT, note TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID;
    CREATE TABLE uploads (
        profile TEXT NOT NULL, sha256 TEXT NOT NULL, file_id TEXT NOT NULL, uploaded_at REAL NOT NULL,
        PRIMARY KEY (profile, sha256)
    ) WITHOUT ROWID;
    CREATE TABLE results (
        profile TEXT NOT NULL, job_id TEXT NOT NULL, file_id TEXT NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (profile, job_id, file_id)
    ) WITHOUT ROWID;
    """,
    # Where a file came from, what a launch was expected to cost, and of which ends somebody was told.
    """
    ALTER TABLE uploads ADD COLUMN path TEXT NOT NULL DEFAULT '';
    CREATE TABLE estimates (operation_id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE ends_told (
        profile TEXT NOT NULL, job_id TEXT NOT NULL, PRIMARY KEY (profile, job_id)
    ) WITHOUT ROWID;
    """,
    # When a launch was last sent, and files on their way with the parts that have arrived.
    """
    ALTER TABLE operations ADD COLUMN sent_at REAL NOT NULL DEFAULT 0;
    CREATE TABLE transfers (
        profile TEXT NOT NULL, sha256 TEXT NOT NULL, md5 TEXT NOT NULL, stored_name TEXT NOT NULL, path TEXT NOT NULL,
        size INTEGER NOT NULL, upload_id TEXT NOT NULL, state TEXT NOT NULL, began_at REAL NOT NULL, expires_at REAL,
        setbacks INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (profile, sha256)
    ) WITHOUT ROWID;
    CREATE TABLE parts (
        profile TEXT NOT NULL, sha256 TEXT NOT NULL, upload_id TEXT NOT NULL, place INTEGER NOT NULL,
        length INTEGER NOT NULL, part_id TEXT NOT NULL, PRIMARY KEY (profile, sha256, upload_id, place)
    ) WITHOUT ROWID;
    """,
)
VERSION = len(MIGRATIONS)
