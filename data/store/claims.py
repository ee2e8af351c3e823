"""Tasks in the embedded store that are one server's at a time: taken, renewed, and free once it is silent."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import orjson

from data.store import sql
from data.store.base import Claim
from data.store.files import Readers

_PUT = "INSERT INTO claims VALUES (:id, :now, :detail, 0, :holder, :until) ON CONFLICT (id) DO NOTHING"
_TAKE = (
    "UPDATE claims SET holder = :holder, until = :until WHERE id = :id"
    # Later than anybody takes one until: by a clock that was set back since.
    " AND (until <= :now OR until > :until OR holder = :holder)"
)
_RENEW = "UPDATE claims SET until = :until WHERE holder = :holder"
_BEGIN = "UPDATE claims SET tries = tries + :times WHERE id = :id AND holder = :holder RETURNING tries"
_DROP = "DELETE FROM claims WHERE id = :id AND holder = :holder"
_LET_GO = "UPDATE claims SET holder = '', until = 0 WHERE holder = :holder"


class ClaimsKept:
    """The part of a store in a SQLite file that keeps who has which task."""

    _writing: Callable[[], AbstractContextManager[sqlite3.Connection]]
    _readers: Readers

    def claim(
        self, claim_id: str, holder: str, *, now: int, until: int, detail: Mapping[str, Any] | None = None
    ) -> Claim | None:
        """Take a task, which nobody else can until that time; None where another has it.

        With `detail` it is put there where it is not; without, only one that is there is taken.
        """
        given = {"id": claim_id, "holder": holder, "now": now, "until": until}
        with self._writing() as db:
            taken = 0
            if detail is not None:
                text = orjson.dumps(dict(detail), option=orjson.OPT_SORT_KEYS).decode()
                taken = db.execute(_PUT, given | {"detail": text}).rowcount
            if not taken and not db.execute(_TAKE, given).rowcount:
                return None
            return _told(db, claim_id)[0]

    def renew(self, holder: str, *, until: int) -> None:
        """Keep everything that a holder has until a later time."""
        with self._writing() as db:
            db.execute(_RENEW, {"holder": holder, "until": until})

    def begin(self, claim_id: str, holder: str, times: int = 1) -> int | None:
        """Count a try of a task; the tries so far, or None where the task is the holder's no more."""
        with self._writing() as db:
            found = db.execute(_BEGIN, {"id": claim_id, "holder": holder, "times": times}).fetchall()
        return int(found[0][0]) if found else None

    def drop(self, claim_id: str, holder: str) -> None:
        """A task of the holder's is over."""
        with self._writing() as db:
            db.execute(_DROP, {"id": claim_id, "holder": holder})

    def let_go(self, holder: str) -> None:
        """Leave everything that a holder has to whoever takes it."""
        with self._writing() as db:
            db.execute(_LET_GO, {"holder": holder})

    def claims(self, claim_id: str | None = None) -> list[Claim]:
        """The tasks that are not over, oldest first; or the one of this id."""
        with self._readers.lend() as db:
            return _told(db, claim_id)


def _told(db: sqlite3.Connection, claim_id: str | None) -> list[Claim]:
    rest = "claims WHERE :id IS NULL OR id = :id ORDER BY rowid"
    found = []
    for row in orjson.loads(db.execute(sql.rows(sql.CLAIM, rest), {"id": claim_id}).fetchone()[0]):
        values = dict(zip(sql.CLAIM, row, strict=True))
        text = values.pop("detail")
        detail = _read(text)
        # One that cannot be read holds up no other.
        found.append(Claim(**values, detail=detail or {}, damaged=text if detail is None else ""))
    return found


def _read(text: str) -> dict[str, Any] | None:
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None
