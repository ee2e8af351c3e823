"""Throttling of logins: by account and by address, whether there is such an account or not."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from dashboard.accounts.database import Database

FIRST_WAIT_S, LONGEST_WAIT_S = 30, 900
FOREVER = 2**53
"""Until somebody who may resets the password."""


@dataclass(frozen=True)
class Limit:
    """How many failures are free, how many are the end, and after how long they are forgotten."""

    free: int
    last: int | None
    forgotten_s: int | None


LIMITS = {
    # The standard allows a hundred failures in a row; a success or a reset begins anew.
    "account": Limit(free=5, last=100, forgotten_s=None),
    # A room may sit behind one address.
    "address": Limit(free=20, last=None, forgotten_s=3600),
}


class Lockout:
    """Counts failures in the file, so that a restart forgives nothing."""

    def __init__(self, database: Database, clock: Callable[[], float], key: bytes) -> None:
        self._database, self._clock, self._key = database, clock, key

    def until(self, account: str, address: str) -> int | None:
        """When the next attempt is allowed, epoch seconds; None when it is now, `FOREVER` when never."""
        keys = list(self._keys(account, address).values())
        marks = ", ".join("?" * len(keys))
        row = self._database.row(
            # A wait that begins later than now was set by a clock that has been put right since.
            "SELECT max(until) AS until FROM throttle "  # noqa: S608
            f"WHERE (last_at <= ? OR until = ?) AND key IN ({marks})",
            (int(self._clock()), FOREVER, *keys),
        )
        until = row["until"] if row else None
        return int(until) if until is not None and until > self._clock() else None

    def failed(self, account: str, address: str) -> int | None:
        """Count a failure; until when the next attempt has to wait, if it has to."""
        now, latest = int(self._clock()), 0
        with self._database.writing() as db:
            for kind, key in self._keys(account, address).items():
                limit = LIMITS[kind]
                row = db.execute("SELECT failures, last_at FROM throttle WHERE key = ?", (key,)).fetchone()
                failures = row["failures"] if row else 0
                if row and limit.forgotten_s is not None and now - row["last_at"] > limit.forgotten_s:
                    failures = 0
                failures += 1
                until = now + wait(limit, failures) if wait(limit, failures) < FOREVER else FOREVER
                db.execute("REPLACE INTO throttle VALUES (?, ?, ?, ?)", (key, failures, now, until))
                latest = max(latest, until)
            # Names that were made up: as old as this, they can be counted anew.
            db.execute("DELETE FROM throttle WHERE last_at < ? AND failures < 10", (now - 30 * 86_400,))
        return latest if latest > now else None

    def forgive(self, account: str) -> None:
        """Begin anew for an account: it logged in, or its password was reset."""
        with self._database.writing() as db:
            db.execute("DELETE FROM throttle WHERE key = ?", (self._keyed("account", account),))

    def _keys(self, account: str, address: str) -> dict[str, str]:
        keys = {"account": self._keyed("account", account)}
        if address:
            keys["address"] = self._keyed("address", neighbourhood(address))
        return keys

    def _keyed(self, kind: str, value: str) -> str:
        return hmac.new(self._key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def wait(limit: Limit, failures: int) -> int:
    """Seconds to wait after so many failures in a row: none, then doubling from 30 s to 15 min."""
    if limit.last is not None and failures >= limit.last:
        return FOREVER
    over = failures - limit.free
    return 0 if over < 0 else min(FIRST_WAIT_S * 2 ** min(over, 10), LONGEST_WAIT_S)


def neighbourhood(address: str) -> str:
    """What one sender can choose freely counts as one address: the /64 of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
