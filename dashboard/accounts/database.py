"""The file of accounts: one small SQLite database beside the store, for its owner's eyes only."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from dashboard.accounts.tables import APPLICATION, TABLES, VERSION
from data.store.files import speaking
from layers.faults import Fault, FaultsError

FILE = "accounts.sqlite"
"""Its name, in the folder of the store."""
BUSY_S = 5.0
"""How long to wait for another process that writes."""
OWNER_ONLY = 0o600


class Database:
    """One connection that reads and one that writes, each behind a lock; any thread and process may call.

    Every read sees what was last written by anyone, so that `threeline user` need not tell a running server.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or make it with its tables; `FaultsError` when that cannot be."""
        self.path = path
        self._reading, self._writing = RLock(), RLock()
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # SQLite gives the files beside it the same rights.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
            if path.stat().st_mode & 0o077:
                path.chmod(OWNER_ONLY)
            with self.writing() as db:
                _make_tables(db)
        except (OSError, sqlite3.Error, RuntimeError) as error:
            self.close()
            raise FaultsError(
                [
                    Fault(
                        "The file of accounts cannot be opened",
                        got=f"{path}: {error}",
                        expected="a sound SQLite file that this user may write",
                        hint="Give it back to the user who runs the board, or restore it from a backup.",
                    )
                ]
            ) from None
        except FaultsError:
            self.close()
            raise

    def rows(self, statement: str, given: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """The rows that a statement finds; takes microseconds, so the loop may ask."""
        with self._reading, speaking():
            if self._reader is None:
                self._reader = self._connect()
                self._reader.execute("PRAGMA query_only = ON")
            return self._reader.execute(statement, given).fetchall()

    def row(self, statement: str, given: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row that a statement finds."""
        found = self.rows(statement, given)
        return found[0] if found else None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction, kept whole or not at all; may wait, so never on the loop."""
        with self._writing, speaking():
            if self._writer is None:
                self._writer = self._connect()
                self._writer.execute("PRAGMA journal_mode = WAL")
                self._writer.execute("PRAGMA foreign_keys = ON")
            if self._writer.in_transaction:  # called from within another
                yield self._writer
                return
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        for lock, name in ((self._reading, "_reader"), (self._writing, "_writer")):
            with lock:
                connection = getattr(self, name)
                setattr(self, name, None)
                if connection is not None:
                    connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection


def _make_tables(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    application = db.execute("PRAGMA application_id").fetchone()[0]
    there = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if there and application != APPLICATION:
        raise FaultsError([Fault("The file of accounts is another program's database", got=FILE)])
    if version > VERSION:
        what = "A newer version of this program wrote the file of accounts"
        raise FaultsError([Fault(what, got=f"version {version}", expected=f"version {VERSION} or older")])
    for statement in TABLES:
        db.execute(statement)
    db.execute("INSERT OR IGNORE INTO meta VALUES ('key', ?)", (secrets.token_bytes(32),))
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {VERSION}")
