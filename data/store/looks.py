"""Video looks in the embedded store: kept once per turn, corrected by a later row, never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import orjson

from data.store import sql
from data.store.base import Look
from data.store.files import Readers

_PUT = sql.insert("looks", sql.LOOK[1:], verb="INSERT OR IGNORE")
_STANDS = (
    "recorded_at <= :at AND NOT EXISTS"
    " (SELECT 1 FROM looks AS later WHERE later.replaces = looks.id AND later.recorded_at <= :at)"
)
_LAST = (
    "SELECT json_group_array(json_array(round_id, site_id, seen)) FROM (SELECT round_id, site_id,"
    " max(seen_at) AS seen FROM looks WHERE seen_at > :after AND recorded_at <= :at AND round_id <> ''"
    " GROUP BY round_id, site_id)"
)
EVER = 2**62
"""Later than any time."""


class LooksKept:
    """The part of a store in a SQLite file that keeps looks."""

    _writing: Callable[[], AbstractContextManager[sqlite3.Connection]]
    _readers: Readers

    def put_looks(self, looks: Sequence[Look]) -> list[Look]:
        """Keep looks, all that may be kept of them; those kept, with their ids.

        Left out are a look for a turn of a site that has one, and one in place of a look that is replaced.
        """
        if not looks:
            return []
        rows = [[_column(look, name) for name in sql.LOOK[1:]] for look in looks]
        with self._writing() as db:
            before = db.execute("SELECT ifnull(max(id), 0) FROM looks").fetchone()[0]
            db.execute(_PUT, (orjson.dumps(rows).decode(),))
            return _told(db, "looks WHERE id > :before ORDER BY id", {"before": before})

    def looks(self, start: int, end: int, *, at: int | None = None, site_id: str | None = None) -> list[Look]:
        """What stands of the looks with start < seen_at <= end, as known at a time (now), ordered by time."""
        rest = f"looks WHERE seen_at > :start AND seen_at <= :end AND {_STANDS}"
        if site_id is not None:
            rest += " AND site_id = :site"
        asked = {"start": start, "end": end, "at": EVER if at is None else at, "site": site_id}
        with self._readers.lend() as db:
            return _told(db, f"{rest} ORDER BY seen_at, id", asked)

    def look(self, look_id: int) -> Look | None:
        """A look by its id, whether or not another took its place."""
        with self._readers.lend() as db:
            found = _told(db, "looks WHERE id = :id", {"id": look_id})
        return found[0] if found else None

    def last_looks(self, after: int, at: int | None = None) -> list[tuple[str, str, int]]:
        """Round, site and time of the last look of each, of those after a time; as known at a time (now)."""
        with self._readers.lend() as db:
            told = db.execute(_LAST, {"after": after, "at": EVER if at is None else at}).fetchone()[0]
        return [(round_id, site_id, seen) for round_id, site_id, seen in orjson.loads(told)]

    def newest_look(self) -> int | None:
        """When the newest look was taken, or None."""
        with self._readers.lend() as db:
            found: int | None = db.execute("SELECT max(seen_at) FROM looks").fetchone()[0]
        return found


def _column(look: Look, name: str) -> Any:
    value = getattr(look, name)
    return int(value) if name == "simulated" else list(value) if name == "findings" else value


def _told(db: sqlite3.Connection, rest: str, asked: dict[str, Any]) -> list[Look]:
    """Looks of a table's rows, in one step."""
    looks = []
    for row in orjson.loads(db.execute(sql.rows(sql.LOOK, rest), asked).fetchone()[0]):
        values = dict(zip(sql.LOOK, row, strict=True))
        values["findings"] = tuple(orjson.loads(values["findings"]))
        looks.append(Look(**values | {"simulated": bool(values["simulated"])}))
    return looks
