"""The journal in the embedded store: entries are added, sealed in the same transaction, and never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import orjson

from data.journal import Draft, Entry, sealed
from data.store import sql
from data.store.files import Readers

COLUMNS = sql.ENTRY
_PUT = sql.insert("journal", COLUMNS)


class JournalKept:
    """The part of a store in a SQLite file that keeps the journal."""

    _writing: Callable[[], AbstractContextManager[sqlite3.Connection]]
    _readers: Readers
    _clock: Callable[[], float]

    def put_entries(self, drafts: Sequence[Draft], *, at: int | None = None) -> list[Entry]:
        """Add to the journal, all or nothing, as of a time (now); the entries as they stand in it."""
        if not drafts:
            return []
        with self._writing() as db:
            last = _told(db, "journal ORDER BY seq DESC LIMIT 1", {})
            now = int(self._clock()) if at is None else at
            entries = sealed(drafts, after=last[0] if last else None, at=now)
            rows = [[_column(entry, name) for name in COLUMNS] for entry in entries]
            db.execute(_PUT, (orjson.dumps(rows).decode(),))
        return entries

    def entries(
        self,
        after: int = 0,
        *,
        limit: int = 100_000,
        subjects: Sequence[str] | None = None,
        actions: Sequence[str] | None = None,
        scope: str | None = None,
        until: int | None = None,
        newest: bool = False,
    ) -> list[Entry]:
        """Entries with a number above `after`, in order, at most `limit`: the first of them, or the `newest`;
        of these subjects, these actions and this scope alone, and not after a time, where given.
        """
        rest = "journal WHERE seq > :after"
        if subjects is not None:
            rest += " AND subject IN (SELECT value FROM json_each(:subjects))"
        if actions is not None:
            rest += " AND action IN (SELECT value FROM json_each(:actions))"
        if scope is not None:
            rest += " AND scope = :scope"
        if until is not None:
            rest += " AND at <= :until"
        asked = {
            "after": after,
            "limit": limit,
            "subjects": orjson.dumps(list(subjects or ())).decode(),
            "actions": orjson.dumps(list(actions or ())).decode(),
            "scope": scope or "",
            "until": until or 0,
        }
        with self._readers.lend() as db:
            if newest:
                return _told(db, f"{rest} ORDER BY seq DESC LIMIT :limit", asked)[::-1]
            return _told(db, f"{rest} ORDER BY seq LIMIT :limit", asked)

    def newest_entry(self) -> int:
        """The number of the newest entry; 0 where there is none."""
        with self._readers.lend() as db:
            return int(db.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0])

    def entries_between(self, start: int, end: int, *, limit: int = 100_000) -> list[Entry]:
        """Entries with start < at <= end, in order, at most `limit`: the newest of them."""
        rest = "journal WHERE at > :start AND at <= :end ORDER BY seq DESC LIMIT :limit"
        with self._readers.lend() as db:
            return _told(db, rest, {"start": start, "end": end, "limit": limit})[::-1]


def _column(entry: Entry, name: str) -> Any:
    value = getattr(entry, name)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if name == "detail" else value


def _told(db: sqlite3.Connection, rest: str, asked: dict[str, Any]) -> list[Entry]:
    entries = []
    for row in orjson.loads(db.execute(sql.rows(COLUMNS, rest), asked).fetchone()[0]):
        values = dict(zip(COLUMNS, row, strict=True))
        entries.append(Entry(**values | {"detail": orjson.loads(values["detail"])}))
    return entries
