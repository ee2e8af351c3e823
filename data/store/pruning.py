"""Dropping what is past its time, a part at a time, so that those who write wait for one part at most."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

from data.store import sql

Writing = Callable[[], AbstractContextManager[sqlite3.Connection]]


def drop_before(writing: Writing, before: int, size: int, go_on: Callable[[], bool]) -> int:
    """Drop what is older than a time; the number of readings and reports dropped.

    `writing` opens a transaction, one for each part of about `size` rows; after each part `go_on` says
    whether there shall be another.
    """
    dropped = 0
    for table in sql.BY_TIME:
        found: tuple[int] | None = (before,)
        while found is not None:
            with writing() as db:
                found = db.execute(sql.after_many(table), (before, size)).fetchone()
                bound = before if found is None else min(found[0] + 1, before)
                gone = db.execute(sql.drop_by_time(table), (bound,)).rowcount
            dropped += gone
            if gone and not go_on():
                return dropped
    for table in sql.BY_ID:
        gone = size
        while gone >= size:
            with writing() as db:
                gone = db.execute(sql.drop_by_id(table), (before, size)).rowcount
            if gone and not go_on():
                return dropped
    return dropped
