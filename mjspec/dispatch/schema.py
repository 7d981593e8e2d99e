"""The ledger's tables, and the steps from every released version to the next.

A *job* is what is wanted, an *attempt* is one possible charge. An attempt is ``current`` while it
speaks for its job; the index `one_current` makes the database itself refuse a second one, whatever
bug or second process there may be. Attempts are never deleted, so the trail of the money stays.

What a job's state is stands nowhere: the view `job_state` reads it off the current attempt. Money is
in whole micro-dollars, times are seconds since the epoch, JSON is text.
"""

from __future__ import annotations

__all__ = ["APPLICATION_ID", "MIGRATIONS", "SCHEMA_VERSION"]

APPLICATION_ID = 0x6D6A7370
"""``mjsp``, so that `file` and we ourselves know the database."""

_VERSION_1 = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE run (
        id TEXT PRIMARY KEY,
        started_at REAL NOT NULL,
        ended_at REAL,
        pid INTEGER NOT NULL,
        host TEXT NOT NULL,
        version TEXT NOT NULL,
        max_cost INTEGER,
        exit_code INTEGER,
        stop_reason TEXT
    )
    """,
    """
    CREATE TABLE job (
        key TEXT PRIMARY KEY,
        id TEXT NOT NULL,
        written TEXT,
        fingerprint TEXT NOT NULL,
        copy INTEGER NOT NULL,
        url TEXT NOT NULL,
        body TEXT NOT NULL,
        local_images TEXT NOT NULL,
        final_prompt TEXT NOT NULL,
        billing_key TEXT NOT NULL,
        origin TEXT,
        repeat INTEGER NOT NULL,
        fields TEXT NOT NULL,
        variables TEXT NOT NULL,
        position INTEGER NOT NULL,
        estimate INTEGER NOT NULL,
        planned_at REAL NOT NULL,
        cancelled_at REAL
    )
    """,
    "CREATE INDEX job_id ON job (id)",
    """
    CREATE TABLE attempt (
        id TEXT PRIMARY KEY,
        job TEXT NOT NULL REFERENCES job (key),
        run TEXT NOT NULL REFERENCES run (id),
        state TEXT NOT NULL CHECK (state IN (
            'intent', 'submitted', 'running', 'downloading', 'done', 'failed', 'rejected',
            'unknown', 'not_sent', 'refused', 'not_charged', 'abandoned')),
        current INTEGER NOT NULL DEFAULT 1,
        intent_at REAL NOT NULL,
        connected_at REAL,
        answered_at REAL,
        submitted_at REAL,
        completed_at REAL,
        finished_at REAL,
        estimate INTEGER NOT NULL,
        cost INTEGER,
        task_id TEXT,
        tasks TEXT,
        http_status INTEGER,
        answer TEXT,
        error TEXT,
        expires_at REAL,
        resolution TEXT,
        CHECK (current = 1 OR state NOT IN (
            'intent', 'submitted', 'running', 'downloading', 'done', 'unknown'))
    )
    """,
    "CREATE UNIQUE INDEX one_current ON attempt (job) WHERE current = 1",
    "CREATE UNIQUE INDEX attempt_task ON attempt (task_id) WHERE task_id IS NOT NULL",
    "CREATE INDEX attempt_money ON attempt (state, cost, estimate)",
    """
    CREATE TABLE asset (
        attempt TEXT NOT NULL REFERENCES attempt (id),
        number INTEGER NOT NULL,
        task_id TEXT NOT NULL,
        url TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('wanted', 'done', 'lost')),
        stem TEXT,
        stem_key TEXT,
        path TEXT,
        size INTEGER,
        sha256 TEXT,
        tries INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        done_at REAL,
        PRIMARY KEY (attempt, number)
    ) WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX asset_stem ON asset (stem_key) WHERE stem_key IS NOT NULL",
    """
    CREATE VIEW job_state AS
    SELECT job.*,
        CASE WHEN attempt.id IS NOT NULL THEN attempt.state
             WHEN job.cancelled_at IS NOT NULL THEN 'cancelled'
             ELSE 'planned' END AS state,
        attempt.id AS attempt, attempt.task_id, attempt.tasks, attempt.error, attempt.cost,
        attempt.estimate AS reserved, attempt.intent_at, attempt.submitted_at,
        attempt.completed_at, attempt.finished_at, attempt.expires_at
    FROM job LEFT JOIN attempt ON attempt.job = job.key AND attempt.current = 1
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_VERSION_1,)
"""Statement by statement, what makes each version out of the one before it."""

SCHEMA_VERSION = len(MIGRATIONS)
