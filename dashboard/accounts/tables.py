"""The tables of the file of accounts. Times are epoch seconds; nothing in them is about a person."""

from __future__ import annotations

VERSION = 1
"""Of the tables below, kept in the file as `user_version`."""
APPLICATION = 0x54484C41
"""Marks the file as ours ("THLA", `application_id`)."""
EVENTS_KEPT = 100_000
"""The newest events can be neither changed nor deleted; older ones go."""

TABLES: tuple[str, ...] = (
    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    # `hash` is empty where the login is another server's; `source` says whose, `subject` who it is there.
    """CREATE TABLE IF NOT EXISTS accounts (
        name TEXT PRIMARY KEY,
        role TEXT NOT NULL,
        scope TEXT NOT NULL,
        hash TEXT NOT NULL,
        must_change INTEGER NOT NULL,
        hash_ends_at INTEGER,
        disabled INTEGER NOT NULL DEFAULT 0,
        source TEXT NOT NULL DEFAULT 'local',
        subject TEXT UNIQUE,
        made_at INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        last_login INTEGER
    ) WITHOUT ROWID""",
    # `token` is the SHA-256 of what the browser holds; `id` is what the login is called in lists.
    """CREATE TABLE IF NOT EXISTS sessions (
        id TEXT PRIMARY KEY,
        token TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL REFERENCES accounts(name) ON DELETE CASCADE,
        made_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        address TEXT NOT NULL,
        device TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS sessions_of ON sessions (account)",
    # `key` is keyed and hashed: what was typed as a name may have been a password.
    """CREATE TABLE IF NOT EXISTS throttle (
        key TEXT PRIMARY KEY,
        failures INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        until INTEGER NOT NULL
    ) WITHOUT ROWID""",
    # Links of displays; their keys are signed, not kept.
    """CREATE TABLE IF NOT EXISTS displays (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        scope TEXT NOT NULL,
        rotate_s INTEGER NOT NULL,
        theme TEXT NOT NULL,
        lang TEXT NOT NULL,
        sound INTEGER NOT NULL,
        made_at INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        seen_at INTEGER,
        withdrawn_at INTEGER,
        withdrawn_by TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        account TEXT NOT NULL,
        made_by TEXT NOT NULL,
        address TEXT NOT NULL,
        note TEXT NOT NULL
    )""",
    """CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS events_last BEFORE DELETE ON events
        WHEN OLD.id > (SELECT max(id) FROM events) - {EVENTS_KEPT}
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END""",  # noqa: S608
)
