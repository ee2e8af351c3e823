"""Displays: walls that show the board without a login, each by a signed link that can be withdrawn."""

from __future__ import annotations

import hmac
import secrets
import sqlite3
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Callable, Container
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock, Thread
from urllib.parse import urlencode

from dashboard.access import Access
from dashboard.accounts.book import AccountError
from dashboard.accounts.database import Database
from dashboard.accounts.journal import Journal
from dashboard.accounts.signing import server_secret
from layers.privacy import personal_text

PREFIX = "tlk_"
"""Of every key, so that it is known for one wherever it turns up."""
SESSION = "display-"
"""Of what a display's access is known by, where a login has its session."""
ID_BYTES = 6
KEY_LENGTH = len(PREFIX) + 2 * ID_BYTES + 1 + 43
MOST = 200
"""Links in force at once."""
NAME_LENGTH = 40
THEMES = ("dark", "light")
ROTATIONS = (0, 20, 30, 60, 120, 300)
"""Seconds per county that a form offers; any from 5 to 3600 will do."""
SEEN_EVERY_S = 60
"""How exactly it is known when a display was last there."""
KEPT_S = 90 * 86_400
"""How long a withdrawn link is still listed, and told apart from one that never was."""


@dataclass(frozen=True)
class Look:
    """How a display shows the board; chosen with its link, and carried in the link's address."""

    scope: str = ""
    """"" for the whole prefecture, or the adcode of the only county that it shows."""
    rotate_s: int = 0
    """Seconds per county; 0 stands still."""
    theme: str = "dark"
    lang: str = ""
    """"" is the profile's first language."""
    sound: bool = False

    def asked(self) -> dict[str, str]:
        """The address's parameters, but the key."""
        told = {"kiosk": "1"}
        told |= {"rotate": str(self.rotate_s)} if self.rotate_s else {}
        told |= {"theme": self.theme}
        told |= {"lang": self.lang} if self.lang else {}
        return told | ({"sound": "1"} if self.sound else {})


@dataclass(frozen=True)
class Display:
    """One link, as lists show it; its key is not part of it."""

    id: str
    name: str
    """Such as “command room wall, left”."""
    look: Look
    made_at: int
    made_by: str
    seen_at: int | None
    """When a display with this link was last there, to the minute; None for never."""
    withdrawn_at: int | None
    withdrawn_by: str

    @property
    def access(self) -> Access:
        """What a display may do: see, and nothing else."""
        return Access(self.name, "kiosk", self.look.scope, SESSION + self.id)


class Displays:
    """Makes, finds, lists and withdraws links; what reads takes microseconds, so the loop may ask."""

    def __init__(self, database: Database, clock: Callable[[], float], journal: Journal) -> None:
        self._database, self._clock, self._journal = database, clock, journal
        self._secret = server_secret(database.path.with_name("displays.key"))
        self._noted: dict[str, float] = {}
        self._lock = Lock()

    def add(self, name: str, look: Look, *, by: str, counties: Container[str] | None = None) -> Display:
        """A new link; `key_of` tells its key.

        Raises:
            AccountError: it cannot be like this.
        """
        name = " ".join(unicodedata.normalize("NFKC", name).split())
        self._check(name, look, counties)
        made = secrets.token_hex(ID_BYTES)
        row = (
            made, name, look.scope, look.rotate_s, look.theme, look.lang, int(look.sound),
            int(self._clock()), by,
        )  # fmt: skip
        with self._database.writing() as db:
            there = [display for display in self.all() if display.withdrawn_at is None]
            if any(display.name == name for display in there):
                raise AccountError("display_taken", got=name)
            if len(there) >= MOST:
                raise AccountError("too_many_displays", expected=MOST)
            db.execute(
                "INSERT INTO displays (id, name, scope, rotate_s, theme, lang, sound, made_at, made_by) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            self._journal.add("display", by=by, note=name)
        found = self.of_id(made)
        assert found is not None
        return found

    def _check(self, name: str, look: Look, counties: Container[str] | None) -> None:
        if not 2 <= len(name) <= NAME_LENGTH or not name.isprintable():
            raise AccountError("bad_display_name", expected=NAME_LENGTH)
        if personal_text(name):
            raise AccountError("personal_name")
        if look.scope and counties is not None and look.scope not in counties:
            raise AccountError("bad_scope", got=look.scope[:40])
        if look.rotate_s and not 5 <= look.rotate_s <= 3600:
            raise AccountError("bad_rotation", got=look.rotate_s)
        if look.theme not in THEMES:
            raise AccountError("bad_theme", got=look.theme[:40])

    def key_of(self, display: Display) -> str:
        """The key of a link: only this server can make it, and it can be made again."""
        mark = hmac.new(self._secret(), f"display\0{display.id}".encode(), sha256).digest()
        return f"{PREFIX}{display.id}_{urlsafe_b64encode(mark).decode().rstrip('=')}"

    def address_of(self, display: Display) -> str:
        """Path and query of a link."""
        return "/?" + urlencode(display.look.asked() | {"key": self.key_of(display)})

    def of_key(self, key: str) -> Display | None:
        """The link of a key, also a withdrawn one; None for what this server never signed."""
        if len(key) != KEY_LENGTH or not key.startswith(PREFIX):
            return None
        found = self.of_id(key[len(PREFIX) : len(PREFIX) + 2 * ID_BYTES])
        if found is None or not hmac.compare_digest(self.key_of(found).encode(), key.encode()):
            return None
        return found

    def of_id(self, display_id: str) -> Display | None:
        """A link by its id, also a withdrawn one."""
        row = self._database.row("SELECT * FROM displays WHERE id = ?", (display_id,))
        return _display(row) if row else None

    def all(self) -> list[Display]:
        """Links in force by name, then those withdrawn lately, the newest first."""
        rows = self._database.rows(
            "SELECT * FROM displays WHERE withdrawn_at IS NULL OR withdrawn_at > ? "
            "ORDER BY withdrawn_at IS NOT NULL, withdrawn_at DESC, name",
            (int(self._clock()) - KEPT_S,),
        )
        return [_display(row) for row in rows]

    def valid(self, session: str) -> bool:
        """Whether the link behind an access is in force; that it is asked for tells that it is in use."""
        found = self.of_id(session.removeprefix(SESSION))
        if found is None or found.withdrawn_at is not None:
            return False
        if self._due(found):
            Thread(target=self.seen, args=(found,), daemon=True).start()
        return True

    def _due(self, display: Display) -> bool:
        """Whether `seen` is due; says so once in a minute, however often it is asked."""
        now = self._clock()
        with self._lock:
            last = max(self._noted.get(display.id, 0.0), display.seen_at or 0)
            if now - last < SEEN_EVERY_S:
                return False
            self._noted[display.id] = now
        return True

    def seen(self, display: Display) -> None:
        """Note that a display is there; may wait for another process that writes."""
        with self._database.writing() as db:
            db.execute("UPDATE displays SET seen_at = ? WHERE id = ?", (int(self._clock()), display.id))

    def withdraw(self, name: str, *, by: str) -> Display:
        """Withdraw a link, named by its name or its id; what shows it ends within seconds.

        Raises:
            AccountError: there is none in force.
        """
        with self._database.writing() as db:
            there = [display for display in self.all() if display.withdrawn_at is None]
            found = next((one for one in there if name in (one.id, one.name)), None)
            if found is None:
                raise AccountError("no_display", got=name[:NAME_LENGTH])
            db.execute(
                "UPDATE displays SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?",
                (int(self._clock()), by, found.id),
            )
            self._journal.add("withdraw", by=by, note=found.name)
        return found


def _display(row: sqlite3.Row) -> Display:
    look = Look(row["scope"], row["rotate_s"], row["theme"], row["lang"], bool(row["sound"]))
    return Display(
        row["id"], row["name"], look, row["made_at"], row["made_by"], row["seen_at"],
        row["withdrawn_at"], row["withdrawn_by"],
    )  # fmt: skip
