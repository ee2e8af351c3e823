"""`Accounts`: whose request it is, and everything that may be done with accounts, each with its event."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Literal

from dashboard.access import Access
from dashboard.accounts import passwords
from dashboard.accounts.book import ADMINISTRATOR, Account, AccountError, Book, check, clean_name
from dashboard.accounts.database import Database
from dashboard.accounts.displays import SESSION as DISPLAY
from dashboard.accounts.displays import Displays
from dashboard.accounts.hashing import Hasher
from dashboard.accounts.journal import Journal
from dashboard.accounts.lockout import FOREVER, Lockout
from dashboard.accounts.passwords import Reason
from dashboard.accounts.sessions import Session, Sessions

ONE_TIME_S = 7 * 86_400
"""How long a one-time password waits for its first use."""
IDLE_S, LONGEST_S = 2 * 3600, 12 * 3600
TERMINAL = "terminal"
"""Who did what was done with `threeline user`."""
NAME_BYTES = 1024


@dataclass(frozen=True)
class Login:
    """What became of an attempt to log in."""

    state: Literal["in", "wrong", "locked"]
    token: str = ""
    until: int | None = None
    """When the next attempt is allowed, epoch seconds; None with `locked` when only a reset helps."""


class Accounts:
    """The accounts of one board, its sessions and its events; any thread may call.

    What reads (`session_of`, `access_of`, `valid`) takes microseconds and may be called on the loop. What
    writes may wait for another process, and what takes a password works for 0.2 s: those belong in a thread.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        idle_s: int = IDLE_S,
        longest_s: int = LONGEST_S,
        hasher: Hasher | None = None,
    ) -> None:
        """Open the file, or make it; `FaultsError` when that cannot be."""
        self.database = Database(path)
        self.clock = clock
        self.book = Book(self.database)
        self.journal = Journal(self.database, clock)
        self.sessions = Sessions(self.database, clock, idle_s=idle_s, longest_s=longest_s)
        self.lockout = Lockout(self.database, clock, self.key)
        self.displays = Displays(self.database, clock, self.journal)
        self.hasher = hasher or Hasher()
        # An attempt is counted before the next one is looked at.
        self._one_login = Lock()

    @cached_property
    def key(self) -> bytes:
        """The board's own secret, for marks that only it can make."""
        row = self.database.row("SELECT value FROM meta WHERE key = 'key'")
        assert row is not None
        return bytes(row["value"])

    def mark(self, *parts: str) -> str:
        """A mark that only this board can make of some parts, such as a form's token."""
        return hmac.new(self.key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        self.database.close()

    # Whose request it is

    def cookie(self, *, secure: bool) -> str:
        """The name of the session's cookie; two boards under one host name do not share it."""
        return ("__Host-" if secure else "") + "threeline-" + self.mark("cookie")[:8]

    def session_of(self, cookies: Mapping[str, str], *, secure: bool) -> Session | None:
        """The open session of a request, also of one that must change its password first."""
        token = cookies.get(self.cookie(secure=secure), "")
        return self.sessions.of_token(token) if 0 < len(token) < 100 else None

    def access_of(self, cookies: Mapping[str, str], *, secure: bool) -> Access | None:
        """What a request may do; None for one without a session, or with a password to be changed first."""
        session = self.session_of(cookies, secure=secure)
        return None if session is None or session.must_change else access(session)

    def valid(self, session_id: str) -> bool:
        """Whether what a session or a display's link opened may stay open: it is in force, and may see."""
        if session_id.startswith(DISPLAY):
            return self.displays.valid(session_id)
        session = self.sessions.of_id(session_id)
        return session is not None and not session.must_change

    def form_token(self, session_id: str) -> str:
        """What every form of a session carries, and no other page can know."""
        return self.mark("form", session_id)

    # Logging in and out

    def log_in(self, name: str, password: str, *, address: str = "", device: str = "") -> Login:
        """Open a session for a name and its password; works as long for a name that there is not."""
        with self._one_login:
            name = clean_name(name[:NAME_BYTES])
            until = self.lockout.until(name, address)
            if until is not None:
                return Login("locked", until=None if until >= FOREVER else until)
            row = self.book.row(name)
            kept = row["hash"] if row else ""
            right = self.hasher.matches(kept, password)
            known = row["name"] if row else ""
            ends_at = row["hash_ends_at"] if row else None
            if row is None or not right or row["disabled"] or (ends_at or FOREVER) <= self.clock():
                return self._failed(name, known, address)
            if self.hasher.outdated(kept):
                self._replace(name, kept, hash=self.hasher.hash(password))
            self.lockout.forgive(name)
            return Login("in", token=self.open_session(name, address=address, device=device))

    def _failed(self, name: str, known: str, address: str) -> Login:
        until = self.lockout.failed(name, address)
        # What was typed as a name is not written down: it may be a password.
        self.journal.add("failure", known, address=address)
        if until is None:
            return Login("wrong")
        self.journal.add("lockout", known, address=address)
        return Login("locked", until=None if until >= FOREVER else until)

    def open_session(self, name: str, *, address: str = "", device: str = "", note: str = "") -> str:
        """A session for an account that has shown who it is; the token is told here and never again."""
        with self.database.writing():
            token = self.sessions.open(name, address=address, device=device)
            self.book.change(name, last_login=int(self.clock()))
            self.journal.add("login", name, by=name, address=address, note=note)
        return token

    def end(self, session_id: str, *, by: str, kind: str = "end") -> bool:
        """End a session; whether there was one."""
        with self.database.writing():
            session = self.sessions.of_id(session_id)
            if session is not None:
                self.sessions.end(session_id)
                self.journal.add(kind, session.account, by=by, address=session.address)
        return session is not None

    # Passwords

    def change_password(
        self, session: Session, old: str, new: str, context: Iterable[str] = (), address: str = ""
    ) -> Reason | Literal["wrong", "locked"] | None:
        """Give an account the password its owner chose, and end its other sessions; what is wrong, if any."""
        with self._one_login:
            if self.lockout.until(session.account, address) is not None:
                return "locked"
            row = self.book.row(session.account)
            if row is None or not self.hasher.matches(row["hash"], old):
                failed = self._failed(session.account, session.account, address)
                return "locked" if failed.state == "locked" else "wrong"
        if passwords.normalised(old) == passwords.normalised(new):
            return "same"
        reason = passwords.objection(new, [*context, session.account])
        if reason is not None:
            return reason
        hash_ = self.hasher.hash(new)
        with self.database.writing():
            if not self._replace(session.account, row["hash"], hash=hash_, must_change=0, hash_ends_at=None):
                return "wrong"
            self.sessions.end_all(session.account, but=session.id)
            self.journal.add("password", session.account, by=session.account, address=address)
        self.lockout.forgive(session.account)
        return None

    def _replace(self, name: str, kept: str, **values: object) -> bool:
        """Put a hash in the place of the one that was looked at; not where a reset came between the two."""
        with self.database.writing():
            row = self.book.row(name)
            there = row is not None and row["hash"] == kept
            if there:
                self.book.change(name, **values)
        return there

    def reset(self, name: str, *, by: str) -> str:
        """Give an account a one-time password, told here and never again; its sessions end."""
        return self._change(name, "reset", by, one_time=True)

    # Accounts

    @property
    def empty(self) -> bool:
        """Whether there is no account at all."""
        return self.database.row("SELECT 1 FROM accounts LIMIT 1") is None

    def first(self) -> tuple[str, str] | None:
        """Make the administrator of a board that has no account: its name and one-time password, or None."""
        with self.database.writing():
            if not self.empty:
                return None
            return ADMINISTRATOR, self.add(ADMINISTRATOR, ADMINISTRATOR, by=TERMINAL)

    def add(
        self, name: str, role: str, scope: str = "", *, by: str, counties: Container[str] | None = None
    ) -> str:
        """Make an account; its one-time password, told here and never again.

        Raises:
            AccountError: it cannot be like this, or the name is taken.
        """
        name = clean_name(name)
        check(name, role, scope, counties)
        password, now = passwords.one_time(), int(self.clock())
        hash_ = self.hasher.hash(password)
        with self.database.writing():
            self.book.add(
                {
                    "name": name, "role": role, "scope": scope, "hash": hash_, "must_change": 1,
                    "hash_ends_at": now + ONE_TIME_S, "made_at": now, "made_by": by,
                }
            )  # fmt: skip
            self.journal.add("add", name, by=by, note=" ".join((role, scope)).strip())
        self.lockout.forgive(name)
        return password

    def change(
        self, name: str, role: str, scope: str = "", *, by: str, counties: Container[str] | None = None
    ) -> None:
        """Give an account another role or scope; holds for its open sessions at once.

        Raises:
            AccountError: it cannot be like this, there is none, or nobody would be left to administer.
        """
        name = clean_name(name)
        before = self.book.get(name)
        check(name, role, scope, counties)
        with self.database.writing():
            if role != ADMINISTRATOR:
                self._leave_one(before)
            self.book.change(name, role=role, scope=scope)
            self.journal.add("change", name, by=by, note=" ".join((role, scope)).strip())

    def disable(self, name: str, *, by: str) -> None:
        """Let an account in no more; its sessions end."""
        self._change(name, "disable", by, disabled=1)

    def enable(self, name: str, *, by: str) -> None:
        """Let an account in again, with the password that it had."""
        self._change(name, "enable", by, disabled=0)

    def _change(
        self, name: str, kind: str, by: str, *, one_time: bool = False, disabled: int | None = None
    ) -> str:
        name = clean_name(name)
        account = self.book.get(name)
        password = passwords.one_time() if one_time else ""
        hash_ = self.hasher.hash(password) if one_time else ""
        with self.database.writing():
            if disabled is not None:
                if disabled and by != TERMINAL:
                    self._leave_one(account)
                self.book.change(name, disabled=disabled)
            if one_time:
                if account.source != "local":
                    raise AccountError("elsewhere", got=name)
                ends_at = int(self.clock()) + ONE_TIME_S
                self.book.change(name, hash=hash_, must_change=1, hash_ends_at=ends_at)
                self.lockout.forgive(name)
            self.sessions.end_all(name)
            self.journal.add(kind, name, by=by)
        return password

    def _leave_one(self, account: Account) -> None:
        if account.role == ADMINISTRATOR and not account.disabled and self.book.administrators() < 2:
            raise AccountError("last_administrator")


def access(session: Session) -> Access:
    """What a session may do."""
    return Access(session.account, session.role, session.scope, session.id)
