"""Alerts in the embedded store: each replaced as a whole whenever it changes, told as it stood at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import orjson

from data.store import sql
from data.store.base import Alerted
from data.store.files import Readers


class AlertsKept:
    """The part of a store in a SQLite file that keeps alerts."""

    _writing: Callable[[], AbstractContextManager[sqlite3.Connection]]
    _readers: Readers

    def put_alerts(self, alerts: Sequence[Alerted]) -> None:
        """Keep alerts, replacing those with the same id."""
        if alerts:
            given = [[getattr(alert, name) for name in sql.ALERT] for alert in alerts]
            text = orjson.dumps(given, option=orjson.OPT_SERIALIZE_NUMPY).decode()
            with self._writing() as db:
                db.execute(sql.PUT_ALERTS, (text,))

    def alerts(self, at: int) -> list[Alerted]:
        """Alerts as they stood at a time: begun by then, and not resolved, or resolved after it."""
        found = []
        for row in self._alerts(at, at):
            fired = row["fired_at"] is not None and row["fired_at"] <= at
            grades = tuple(one for one in row["grades"] if one[0] <= at)
            known = {
                "state": "firing" if fired else "pending",
                "resolved_at": None,
                "fired_at": row["fired_at"] if fired else None,
                "grades": grades,
                "severity": grades[-1][1] if grades else row["severity"],
                "swings": tuple(one for one in row["swings"] if one <= at),
            }
            found.append(Alerted(**row | known))
        return found

    def alerts_between(self, start: int, end: int) -> list[Alerted]:
        """Alerts that were open at any moment of start < t <= end."""
        return [Alerted(**row) for row in self._alerts(start, end)]

    def alert(self, alert_id: str) -> Alerted | None:
        """An alert by its id, open or over."""
        with self._readers.lend() as db:
            found = _told(db, "alerts WHERE id = ?", (alert_id,))
        return Alerted(**found[0]) if found else None

    def _alerts(self, start: int, end: int) -> list[dict[str, Any]]:
        rest = "alerts WHERE started_at <= ? AND (resolved_at IS NULL OR resolved_at > ?)"
        with self._readers.lend() as db:
            found = _told(db, rest, (end, start))
        return sorted(found, key=lambda row: (row["started_at"], row["id"]))


def _told(db: sqlite3.Connection, rest: str, asked: Sequence[Any]) -> list[dict[str, Any]]:
    rows = []
    for values in orjson.loads(db.execute(sql.rows(sql.ALERT, rest), asked).fetchone()[0]):
        row = dict(zip(sql.ALERT, values, strict=True))
        # One of before the columns: nothing is known but what it was in the end.
        grades, swings = orjson.loads(row["grades"] or "[]"), orjson.loads(row["swings"] or "[]")
        rows.append(
            row
            | {
                "grades": tuple((int(at), str(severity)) for at, severity in grades),
                "swings": tuple(int(at) for at in swings),
                "swung": bool(row["swung"]),
            }
        )
    return rows
