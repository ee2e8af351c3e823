"""The orders in force, kept up with the journal as it grows, and as they stood at a past time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

from data.journal import Draft, Entry
from data.orders import NONE, STANDING, Orders, fold
from data.store.base import Alerted, Store

PAGE = 100_000


class Logbook:
    """What the newest picture takes its orders from; safe to call from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._standing: list[Entry] = []
        self._seq: int | None = None
        """Of the newest entry that is folded; None before the first reading."""
        self.orders: Orders = NONE

    def read(self, alert_ids: Iterable[str]) -> None:
        """Read what stands from the journal, and the answers to these alerts; the first time, or anew."""
        with self._lock:
            newest = _all(self._store, actions=STANDING)
            answers = _all(self._store, subjects=sorted(alert_ids))
            self._standing = newest
            self.orders = fold(NONE, sorted([*newest, *answers], key=lambda entry: entry.seq))
            self._seq = self._store.newest_entry()

    def read_on(self) -> None:
        """Take in what another process wrote into the journal since."""
        with self._lock:
            if self._seq is not None:
                self._take(_all(self._store, self._seq))

    def put(self, drafts: Sequence[Draft], at: int) -> list[Entry]:
        """Add to the journal and to the orders in force; returns once that is durable."""
        with self._lock:
            entries = self._store.put_entries(drafts, at=at)
            if self._seq is not None and entries:
                # Another process may have written between: its entries come first.
                missed = entries[0].seq > self._seq + 1
                self._take(_all(self._store, self._seq) if missed else entries)
        return entries

    def forget(self, alerts: Iterable[Alerted]) -> None:
        """What people did about alerts that ended is left to the journal."""
        over = {alert.id for alert in alerts if alert.state == "resolved"}
        with self._lock:
            if not over.isdisjoint(self.orders.responses):
                left = {name: one for name, one in self.orders.responses.items() if name not in over}
                self.orders = replace(self.orders, responses=left)

    def at(self, at: int, alert_ids: Iterable[str]) -> Orders:
        """The orders as they stood at a time, with the answers to these alerts."""
        answers = _all(self._store, subjects=sorted(alert_ids))
        with self._lock:
            # Where nobody has read them yet, as in a command that only looks, they are in the journal alone.
            standing = self._standing if self._seq is not None else _all(self._store, actions=STANDING)
            told = [entry for entry in (*standing, *answers) if entry.at <= at]
        return fold(NONE, sorted(told, key=lambda entry: entry.seq))

    def _take(self, entries: Sequence[Entry]) -> None:
        if entries:
            self._standing += [entry for entry in entries if entry.action in STANDING]
            self.orders = fold(self.orders, entries)
            self._seq = entries[-1].seq


def _all(
    store: Store,
    after: int = 0,
    *,
    subjects: Sequence[str] | None = None,
    actions: Sequence[str] | None = None,
) -> list[Entry]:
    found: list[Entry] = []
    while True:
        page = store.entries(after, limit=PAGE, subjects=subjects, actions=actions)
        found += page
        if len(page) < PAGE:
            return found
        after = page[-1].seq
