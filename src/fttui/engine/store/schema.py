"""The tables. `seq` is the order of creation, which a time in whole seconds cannot tell."""

from __future__ import annotations

SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS files (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        bytes INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        filename TEXT NOT NULL,
        purpose TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS uploads (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        bytes INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        filename TEXT NOT NULL,
        purpose TEXT NOT NULL,
        status TEXT NOT NULL,
        file_id TEXT,
        file_expires_after INTEGER
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS parts (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        upload_id TEXT NOT NULL REFERENCES uploads (id),
        bytes INTEGER NOT NULL,
        created_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS jobs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        finished_at INTEGER,
        estimated_finish INTEGER,
        model TEXT NOT NULL,
        base_model TEXT NOT NULL,
        tuned_name TEXT NOT NULL,
        suffix TEXT,
        status TEXT NOT NULL,
        training_file TEXT NOT NULL,
        validation_file TEXT,
        result_file TEXT,
        trained_tokens INTEGER,
        requested TEXT NOT NULL,
        resolved TEXT,
        seed INTEGER NOT NULL,
        metadata TEXT NOT NULL,
        error TEXT,
        want TEXT,
        validated INTEGER NOT NULL DEFAULT 0,
        place INTEGER NOT NULL,
        checkpoint_step INTEGER NOT NULL DEFAULT 0,
        crashes INTEGER NOT NULL DEFAULT 0,
        crash_step INTEGER NOT NULL DEFAULT -1
    )
    """,
    "CREATE INDEX IF NOT EXISTS jobs_by_status ON jobs (status)",
    # `key` names what an event tells; telling it again after a crash rewrites the same line.
    """
    CREATE TABLE IF NOT EXISTS events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        job_id TEXT NOT NULL REFERENCES jobs (id),
        created_at INTEGER NOT NULL,
        level TEXT NOT NULL,
        type TEXT NOT NULL,
        message TEXT NOT NULL,
        data TEXT,
        key TEXT NOT NULL,
        UNIQUE (job_id, key)
    )
    """,
    "CREATE INDEX IF NOT EXISTS events_by_job ON events (job_id, seq)",
    """
    CREATE TABLE IF NOT EXISTS checkpoints (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        job_id TEXT NOT NULL REFERENCES jobs (id),
        created_at INTEGER NOT NULL,
        step INTEGER NOT NULL,
        model TEXT NOT NULL,
        metrics TEXT NOT NULL,
        UNIQUE (job_id, step)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS models (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        created INTEGER NOT NULL,
        base_model TEXT NOT NULL,
        job_id TEXT NOT NULL REFERENCES jobs (id),
        weights TEXT NOT NULL
    )
    """,
    "CREATE TABLE IF NOT EXISTS durability (marks INTEGER NOT NULL)",
    "INSERT INTO durability SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM durability)",
)
