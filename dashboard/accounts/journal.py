"""What happened with accounts: a table that is only ever added to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from dashboard.accounts.database import Database
from dashboard.accounts.tables import EVENTS_KEPT

PRUNE_EVERY = 1000


@dataclass(frozen=True)
class Event:
    """One thing that happened."""

    id: int
    at: int
    kind: str
    """`login`, `failure`, `lockout`, `logout`, `end`, `add`, `change`, `disable`, `enable`, `reset`,
    `password`…"""
    account: str
    """The account it happened to; "" for a name that is none, which may have been a mistyped password."""
    by: str
    """The account, or `terminal`, that did it."""
    address: str
    note: str


class Journal:
    """Adds events and lists them; the newest `EVENTS_KEPT` stay."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def add(self, kind: str, account: str = "", *, by: str = "", address: str = "", note: str = "") -> None:
        """Write an event; inside `Database.writing` it is kept together with what it tells of."""
        with self._database.writing() as db:
            values = (int(self._clock()), kind, account, by, address[:64], note[:200])
            done = db.execute(
                "INSERT INTO events (at, kind, account, made_by, address, note) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            if (done.lastrowid or 0) % PRUNE_EVERY == 0:
                db.execute("DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?", (EVENTS_KEPT,))

    def newest(self, most: int = 100, *, before: int | None = None) -> list[Event]:
        """Events, the newest first; those before an id where one is given."""
        found = self._database.rows(
            "SELECT * FROM events WHERE ? IS NULL OR id < ? ORDER BY id DESC LIMIT ?", (before, before, most)
        )
        return [_event(row) for row in found]


def _event(row: sqlite3.Row) -> Event:
    return Event(
        row["id"], row["at"], row["kind"], row["account"], row["made_by"], row["address"], row["note"]
    )
