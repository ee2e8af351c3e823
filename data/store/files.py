"""The SQLite file behind the embedded store: its tables, and opening it or saying why it cannot be."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from data.store import outbox_sql, sql
from data.store.base import StoreError
from layers.faults import Fault, FaultsError

VERSION = 1
"""Of the tables below, kept in the file as `user_version`."""
APPLICATION = 0x54484C4E
"""Marks the file as ours ("THLN", `application_id`)."""
BUSY_S = 30.0
"""How long to wait for another process that writes."""
CACHE = "PRAGMA cache_size = -65536"
"""64 MiB: a day of readings of a thousand sites."""
OWN_AND_GROUP = 0o640
MEND = "Restore it from a backup, or move it away to begin anew."
_CHECKED_BYTES = 32 * 2**20  # a whole check of a larger file would hold up the start


def path_of(url: str) -> Path:
    """The file of `sqlite:///path` (four slashes for an absolute one) or of a plain path."""
    if url.startswith("sqlite:///"):
        url = url.removeprefix("sqlite:///")
    elif "://" in url or url.startswith("sqlite:"):
        scheme = url.partition(":")[0]  # the rest may hold a password
        raise _fault("This store is not known", f"{scheme}:…", "sqlite:///path or a path")
    if url in ("", ":memory:"):
        raise _fault("The store needs a file", url, "sqlite:///path or a path")
    return Path(url).expanduser()


def open_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes; makes the file and its tables when there are none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The picture has readers of its own, by login: other users of the machine are not among them.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWN_AND_GROUP))
        size = path.stat().st_size
        connection = _connect(path)  # opens the file; reads nothing of it yet
    except (OSError, sqlite3.Error) as error:
        hint = "Check that the folder exists and may be written to."
        raise _fault("The store's file cannot be opened", f"{path}: {error}", "a file", hint) from None
    try:
        if size:
            _check(connection, path, size)
        connection.execute(CACHE)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA temp_store = MEMORY")
        _make_tables(connection)
        connection.execute(sql.INCOMING)
    except FaultsError:
        connection.close()
        raise
    except sqlite3.Error as error:
        connection.close()
        raise _fault(
            "The store's file cannot be used", f"{path}: {error}", "a sound SQLite file", MEND
        ) from None
    return connection


def version_of(connection: sqlite3.Connection) -> int:
    """A number that differs from the last one exactly when another connection has written between the two."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)


def _check(connection: sqlite3.Connection, path: Path, size: int) -> None:
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if application != APPLICATION and (tables or version):
            hint = "Name another file with --store."
            raise _fault("The file is another program's database", f"{path}", "a store of this program", hint)
        if version > VERSION:
            what, hint = (
                "A newer version of this program wrote the store",
                "Use that version, or another --store.",
            )
            raise _fault(what, f"{path}: version {version}", f"version {VERSION} or older", hint)
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if size <= _CHECKED_BYTES else "ok"
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        what = "The store's file is damaged, or is not SQLite"
        raise _fault(what, f"{path}: {found}", "a sound SQLite file", MEND)


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")  # another process may be making them too
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in sql.TABLES.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        there = {row[1] for row in connection.execute("PRAGMA table_info(alerts)")}
        for column, kind in sql.ALERT_LATER.items():
            if column not in there:
                connection.execute(f"ALTER TABLE alerts ADD COLUMN {column} {kind}")
        for statement in (*sql.LOOKS, *sql.JOURNAL, *sql.CLAIMS, *outbox_sql.TABLES):
            connection.execute(statement)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _fault(what: str, got: str, expected: str, hint: str = "") -> FaultsError:
    return FaultsError([Fault(what, got=got, expected=expected, hint=hint)])


@contextmanager
def speaking() -> Iterator[None]:
    """Tell SQLite's errors in words that a person can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"The store could not do this: {error}. {_advice(error)}".strip()) from error


def _advice(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    for start, advice in (
        ("SQLITE_FULL", "Make room on the disk."),
        ("SQLITE_BUSY", "Another program has been writing to it for long; try again."),
        ("SQLITE_READONLY", "Allow this program to write to the file and its folder."),
        ("SQLITE_CORRUPT", f"The file is damaged. {MEND}"),
        ("SQLITE_NOTADB", f"The file is damaged. {MEND}"),
        ("SQLITE_IOERR", "Check the disk."),
    ):
        if name.startswith(start):
            return advice
    return ""


class Readers:
    """Connections that only read, each lent to one thread at a time; they block no writer."""

    def __init__(self, path: Path, most: int = 8) -> None:
        self._path, self._most = path, most
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one read transaction: all that is asked of it is of one moment."""
        with speaking():
            with self._lock:
                if self._closed:
                    raise StoreError("The store is closed.")
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = _connect(self._path)
                connection.execute(CACHE)
                connection.execute("PRAGMA query_only = ON")
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")
                with self._lock:
                    keep = not self._closed and len(self._idle) < self._most
                    if keep:
                        self._idle.append(connection)
                if not keep:
                    connection.close()

    def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        for connection in idle:
            connection.close()
