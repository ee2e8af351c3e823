"""The accounts themselves: posts that may log in, with a role and as much of the prefecture as is theirs."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from dashboard.accounts.database import Database
from layers.privacy import personal_text

ROLES = ("command", "county", "briefing", "administrator")
"""Those an account can have; `kiosk` is a link's."""
NAME = re.compile(r"[^\W_](?:[\w.-]{0,30}[^\W_])?")
ADMINISTRATOR = "administrator"


class AccountError(Exception):
    """Something that cannot be done with an account; the words are `account_<key>`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Account:
    """One account, without its password."""

    name: str
    role: str
    scope: str
    must_change: bool
    """It has a one-time password, or none that was ever chosen by whoever logs in."""
    disabled: bool
    source: str
    """`local`, or what another server's logins are kept as."""
    made_at: int
    made_by: str
    last_login: int | None


def clean_name(name: str) -> str:
    """A name as it is kept: the same however it was typed, in small letters."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def check(name: str, role: str, scope: str, counties: Container[str] | None) -> None:
    """Whether an account may be like this; `counties` are the profile's, None where they are not known.

    Raises:
        AccountError: it may not.
    """
    if len(name) < 2 or not NAME.fullmatch(name):
        raise AccountError("bad_name", got=name[:40])
    if personal_text(name):
        raise AccountError("personal_name")
    if role not in ROLES:
        raise AccountError("bad_role", got=role[:40], expected=", ".join(ROLES))
    if role == "county" and not scope:
        raise AccountError("needs_scope")
    if role == ADMINISTRATOR and scope:
        raise AccountError("no_scope")
    if scope and counties is not None and scope not in counties:
        raise AccountError("bad_scope", got=scope[:40])


class Book:
    """Keeps accounts; passwords come hashed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Account]:
        """Every account, by name."""
        return [_account(row) for row in self._database.rows("SELECT * FROM accounts ORDER BY name")]

    def get(self, name: str) -> Account:
        """An account by its name.

        Raises:
            AccountError: there is none.
        """
        row = self.row(name)
        if row is None:
            raise AccountError("unknown", got=name[:40])
        return _account(row)

    def row(self, name: str) -> sqlite3.Row | None:
        """An account as it is kept, with its hash."""
        return self._database.row("SELECT * FROM accounts WHERE name = ?", (name,))

    def add(self, values: dict[str, Any]) -> None:
        """A new account; `values` by column.

        Raises:
            AccountError: the name is taken.
        """
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        with self._database.writing() as db:
            if db.execute("SELECT 1 FROM accounts WHERE name = ?", (values["name"],)).fetchone():
                raise AccountError("taken", got=values["name"])
            db.execute(
                f"INSERT INTO accounts ({columns}) VALUES ({marks})",  # noqa: S608  # our own names
                tuple(values.values()),
            )

    def change(self, name: str, **values: Any) -> None:
        """Set columns of an account.

        Raises:
            AccountError: there is none.
        """
        columns = ", ".join(f"{column} = ?" for column in values)
        with self._database.writing() as db:
            done = db.execute(
                f"UPDATE accounts SET {columns} WHERE name = ?",  # noqa: S608  # our own names
                (*values.values(), name),
            )
            if not done.rowcount:
                raise AccountError("unknown", got=name[:40])

    def administrators(self) -> int:
        """How many accounts can administer."""
        row = self._database.row(
            "SELECT count(*) AS n FROM accounts WHERE role = ? AND NOT disabled", (ADMINISTRATOR,)
        )
        return int(row["n"]) if row else 0


def _account(row: sqlite3.Row) -> Account:
    return Account(
        row["name"], row["role"], row["scope"], bool(row["must_change"]), bool(row["disabled"]),
        row["source"], row["made_at"], row["made_by"], row["last_login"],
    )  # fmt: skip
