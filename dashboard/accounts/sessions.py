"""Sessions: logins that are open, known by a secret that only the browser holds."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.accounts.database import Database

TOKEN_BYTES = 32
MOST = 20
"""Sessions of one account; the one that was not used for longest goes first."""
OPEN = (
    "SELECT sessions.*, role, scope, must_change FROM sessions JOIN accounts ON name = account "
    "WHERE NOT disabled AND ends_at > ?2 AND seen_at > ?3 AND sessions.made_at <= ?4"
)
SKEW_S = 300
"""How much later than now a session may have been made: where the clock was put back by more, it was made by
a wrong one, and nobody knows when it ends."""
SEEN_EVERY_S = 60
"""How exactly it is known when a session was used last."""


@dataclass(frozen=True)
class Session:
    """One login, as lists show it; the secret is not part of it."""

    id: str
    account: str
    role: str
    scope: str
    must_change: bool
    """Nothing may be done before the password is changed."""
    made_at: int
    seen_at: int
    ends_at: int
    """When it ends even if it is used all the time."""
    address: str
    device: str
    """Browser and system, such as `Firefox · Linux`."""


def hashed(token: str) -> str:
    """What is stored of a secret; it is random enough to need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Opens, finds, lists and ends sessions; each ends when it is unused for long, and in any case."""

    def __init__(
        self, database: Database, clock: Callable[[], float], *, idle_s: int, longest_s: int
    ) -> None:
        self._database, self._clock = database, clock
        self.idle_s, self.longest_s = idle_s, longest_s

    def open(self, account: str, *, address: str = "", device: str = "") -> str:
        """A new session of an account; the token is told here and never again."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), int(self._clock())
        row = (
            secrets.token_hex(6), hashed(token), account, now, now, now + self.longest_s,
            address[:64], device[:64],
        )  # fmt: skip
        with self._database.writing() as db:
            db.execute("DELETE FROM sessions WHERE ends_at <= ? OR seen_at <= ?", (now, now - self.idle_s))
            db.execute(
                "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE account = ? "
                "ORDER BY seen_at DESC, made_at DESC LIMIT -1 OFFSET ?)",
                (account, MOST - 1),
            )
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return token

    def of_token(self, token: str) -> Session | None:
        """The open session of a token."""
        found = self._find("sessions.token = ?1", (hashed(token),))
        return found[0] if found else None

    def of_id(self, session_id: str) -> Session | None:
        """The open session of an id."""
        found = self._find("sessions.id = ?1", (session_id,))
        return found[0] if found else None

    def all(self, account: str | None = None) -> list[Session]:
        """Every open session, of one account or of all, the one used last first."""
        return self._find("(?1 IS NULL OR sessions.account = ?1)", (account,))

    def seen(self, session: Session) -> None:
        """Note that a session is in use."""
        with self._database.writing() as db:
            db.execute("UPDATE sessions SET seen_at = ? WHERE id = ?", (int(self._clock()), session.id))

    def needs_noting(self, session: Session) -> bool:
        """Whether `seen` is due."""
        return self._clock() - session.seen_at >= SEEN_EVERY_S

    def end(self, session_id: str) -> bool:
        """End one; whether there was one."""
        with self._database.writing() as db:
            return db.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount > 0

    def end_all(self, account: str, *, but: str = "") -> int:
        """End every session of an account, but one where it is named; how many there were."""
        with self._database.writing() as db:
            return db.execute("DELETE FROM sessions WHERE account = ? AND id != ?", (account, but)).rowcount

    def _find(self, where: str, given: Sequence[object]) -> list[Session]:
        now = int(self._clock())
        found = self._database.rows(
            f"{OPEN} AND {where} ORDER BY seen_at DESC, sessions.id",
            (*given, now, now - self.idle_s, now + SKEW_S),
        )
        return [_session(row) for row in found]


def _session(row: sqlite3.Row) -> Session:
    return Session(
        row["id"], row["account"], row["role"], row["scope"], bool(row["must_change"]),
        row["made_at"], row["seen_at"], row["ends_at"], row["address"], row["device"],
    )  # fmt: skip
