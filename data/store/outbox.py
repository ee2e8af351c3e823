"""The outbox in the embedded store: what was told of alerts, and what is still on its way to whom.

A dispatch and its way to every receiver are written in one transaction, so that a crash loses neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import orjson

from data.dispatch import CLOSING, DeliveryState, Dispatch, Outgoing
from data.store import outbox_sql, sql
from data.store.files import Readers

MOST_WHY = 200
"""Letters that are kept of why a try failed."""


class OutboxKept:
    """The part of a store in a SQLite file that keeps what is told beyond the room."""

    _writing: Callable[[], AbstractContextManager[sqlite3.Connection]]
    _readers: Readers

    def put_dispatches(self, told: Sequence[tuple[Dispatch, Sequence[tuple[str, int]]]]) -> list[Dispatch]:
        """Keep dispatches, each with the deliveries that it is for and when it is due there; all or nothing.

        An alert that is answered or over takes back what was not due yet, or is held back, for everybody,
        also for whoever would not be told of that itself; only who knows of the alert is told.
        """
        if not told:
            return []
        kept = []
        with self._writing() as db:
            for one, receivers in told:
                detail = orjson.dumps(dict(one.detail), option=orjson.OPT_SORT_KEYS).decode()
                row = (one.subject, one.event, one.at, one.severity, one.county, detail)
                number = int(db.execute(outbox_sql.PUT, row).fetchone()[0])
                kept.append(replace(one, id=number))
                if one.event in CLOSING:
                    db.execute(outbox_sql.SKIP, {"subject": one.subject, "at": one.at})
                for delivery, due in receivers:
                    given = {
                        "delivery": delivery, "dispatch": number, "subject": one.subject,
                        "at": one.at, "due": due,
                    }  # fmt: skip
                    if one.event in CLOSING and not db.execute(outbox_sql.KNOWN, given).fetchone()[0]:
                        continue
                    db.execute(outbox_sql.SEND, given)
        return kept

    def dispatches(
        self,
        *,
        subject: str | None = None,
        county: str | None = None,
        since: int = 0,
        limit: int = 1000,
    ) -> list[Dispatch]:
        """The newest dispatches made after a time, at most `limit`, in order; of one subject or county."""
        rest = "dispatches WHERE at > :since"
        rest += " AND subject = :subject" if subject is not None else ""
        rest += " AND county = :county" if county is not None else ""
        asked = {"since": since, "subject": subject, "county": county, "limit": limit}
        with self._readers.lend() as db:
            return _told(db, f"{rest} ORDER BY id DESC LIMIT :limit", asked)[::-1]

    def open_dispatches(self) -> list[Dispatch]:
        """The newest dispatch of every alert that was told and has not been told to be over."""
        with self._readers.lend() as db:
            return _told(db, outbox_sql.OPEN, {})

    def next_outgoing(self, delivery: str, at: int) -> Outgoing | None:
        """The first thing that waits for a receiver and is due; it may have to wait for its next try."""
        with self._readers.lend() as db:
            found = orjson.loads(
                db.execute(
                    sql.rows(outbox_sql.WAY, outbox_sql.DUE), {"delivery": delivery, "at": at}
                ).fetchone()[0]
            )
        if not found:
            return None
        values = dict(zip(outbox_sql.WAY, found[0], strict=True))
        dispatch = _dispatch({name: values.pop(name) for name in outbox_sql.DISPATCH})
        return Outgoing(id=values.pop("way"), dispatch=dispatch, **values)

    def settle(self, outgoing: int, state: str, *, at: int, why: str = "", next_at: int = 0) -> None:
        """What became of a try: `sent`, `failed` for good, or `waiting` for the next one."""
        given = {
            "id": outgoing, "state": state, "next": next_at, "why": why[:MOST_WHY],
            "failed": None if state == "sent" else at, "done": None if state == "waiting" else at,
        }  # fmt: skip
        with self._writing() as db:
            db.execute(outbox_sql.SETTLE, given)

    def hold(self, hidden: Collection[str]) -> None:
        """Hold back what was not tried yet of these subjects, and let go of what is held of all others.

        How an alert was answered or ended is not held: it is only for who was told of it.
        """
        given = {"hidden": orjson.dumps(sorted(hidden)).decode()}
        with self._writing() as db:
            db.execute(outbox_sql.HOLD, given)
            db.execute(outbox_sql.RELEASE, given)

    def withdraw(self, deliveries: Sequence[str], *, at: int) -> int:
        """Skip what waits for receivers that are none of these: the profile names them no longer."""
        with self._writing() as db:
            known = orjson.dumps(list(deliveries)).decode()
            return db.execute(outbox_sql.WITHDRAW, {"at": at, "known": known}).rowcount

    def delivery_states(self, since: int) -> dict[str, DeliveryState]:
        """How every delivery stands that was ever used; counts are of what was written after a time."""
        with self._readers.lend() as db:
            counts = db.execute(outbox_sql.COUNTS, {"since": since}).fetchall()
            last = {delivery: (number, at) for delivery, number, at in db.execute(outbox_sql.LAST).fetchall()}
            failing = db.execute(outbox_sql.FAILING).fetchall()
        found: dict[str, DeliveryState] = {name: DeliveryState(name) for name in last}
        for delivery, state, count in counts:
            found[delivery] = replace(found.get(delivery, DeliveryState(delivery)), **{state: count})
        for delivery, (_, at) in last.items():
            found[delivery] = replace(found[delivery], last_sent_at=at)
        for number, delivery, failed_at, next_at, why in failing:
            if number < last.get(delivery, (0, 0))[0]:
                continue  # something has got through since
            one = found.get(delivery, DeliveryState(delivery))
            since_then = failed_at if one.failing_since is None else min(one.failing_since, failed_at)
            found[delivery] = replace(one, failing_since=since_then, next_at=next_at, why=why)
        return found


def _told(db: sqlite3.Connection, rest: str, asked: dict[str, Any]) -> list[Dispatch]:
    rows = orjson.loads(db.execute(sql.rows(outbox_sql.DISPATCH, rest), asked).fetchone()[0])
    return [_dispatch(dict(zip(outbox_sql.DISPATCH, row, strict=True))) for row in rows]


def _dispatch(values: dict[str, Any]) -> Dispatch:
    return Dispatch(**values | {"detail": orjson.loads(values["detail"])})
