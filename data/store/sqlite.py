"""The embedded store: one SQLite file, durable at each write and readable meanwhile.

SQL runs as few, large statements that take and give JSON. Python's driver gives up the interpreter's lock for
every single row that passes, and in a process with one busy thread each such row waits milliseconds to get it
back: a day of readings would take minutes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from data.readings import METHODS, Readings, Reports
from data.store import sql
from data.store.alerts import AlertsKept
from data.store.base import Refused, Totals, Written
from data.store.claims import ClaimsKept
from data.store.files import Readers, open_writer, speaking, version_of
from data.store.journal import JournalKept
from data.store.looks import LooksKept
from data.store.outbox import OutboxKept
from data.store.pruning import drop_before

QUARANTINED = 100_000
"""How many refused rows are kept; the oldest go first."""
CHUNK = 20_000
"""Rows that one statement writes."""
SLICE = 300_000
"""Rows that one statement reads, about."""
_METHOD = {method: number for number, method in enumerate(METHODS)}
_METHODS = np.array(METHODS, dtype=object)
NEW, DUPLICATE, CORRECTED = 0, 1, 2


class SqliteStore(AlertsKept, LooksKept, JournalKept, OutboxKept, ClaimsKept):
    """A `Store` in one SQLite file; any thread may call, one process at a time should write most.

    Numbers are kept to six decimals. A write is kept whole or not at all, and others wait for it: feeds that
    bring more than `CHUNK` rows do better to write them in parts.
    """

    def __init__(self, path: str | Path, *, clock: Callable[[], float] = time.time) -> None:
        """Open a file or make it; `FaultsError` when that cannot be, or when it is no store of ours."""
        self.path = Path(path)
        self._clock = clock
        self._lock = RLock()
        self._db = open_writer(self.path)
        self._version = version_of(self._db)
        self._readers = Readers(self.path)
        self._key: dict[str, int] = {}
        self._site = np.array([None], dtype=object)
        """Site id by key; keys count from 1."""

    # Readings

    def write(self, rows: Readings) -> Written:
        """Keep readings: new ones, duplicates (ignored), corrections (replace, the old value is logged)."""
        if not len(rows):
            return Written(0, 0, 0, rows)
        with self._writing() as db:
            key = self._keys(db, rows.site_id)
            values = _rows(rows, np.array([key[site] for site in rows.site_id.tolist()], dtype=np.int64))
            groups = _groups(values)
            if groups is None:
                state = self._merge(db, values)
                fresh = rows if not state.any() else rows.take(state != DUPLICATE)
            else:
                state, last = self._merge_groups(db, values, groups)
                fresh = rows.take(last)
        self._key = key
        counts = np.bincount(state, minlength=3).tolist()
        return Written(counts[NEW], counts[DUPLICATE], counts[CORRECTED], fresh)

    def _merge(self, db: sqlite3.Connection, values: list[tuple[Any, ...]]) -> NDArray[np.int8]:
        """Write rows of different identity; what became of each."""
        states = []
        for first in range(0, len(values), CHUNK):
            chunk = values[first : first + CHUNK]
            text = orjson.dumps(chunk).decode()
            state = np.zeros(len(chunk), dtype=np.int8)
            db.execute("SAVEPOINT chunk")
            if db.execute(sql.PUT, (text,)).rowcount < len(chunk):  # some were there before: look closer
                db.execute("ROLLBACK TO chunk")
                db.execute("DELETE FROM incoming")
                db.execute(sql.BRING, (text,))
                for number, same in orjson.loads(db.execute(sql.KNOWN).fetchone()[0]):
                    state[number - 1] = DUPLICATE if same else CORRECTED
                if (state == CORRECTED).any():
                    db.execute(sql.LOG_REPLACED, (int(self._clock()),))
                if (state != DUPLICATE).any():
                    db.execute(sql.MERGE)
                db.execute("DELETE FROM incoming")
            db.execute("RELEASE chunk")
            states.append(state)
        return np.concatenate(states)

    def _merge_groups(
        self, db: sqlite3.Connection, values: list[tuple[Any, ...]], groups: list[list[int]]
    ) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """Write rows of which several have one identity, the later over the earlier.

        What became of each row, and the rows that stand in the end where something changed.
        """
        state = np.zeros(len(values), dtype=np.int8)
        firsts = np.array([group[0] for group in groups])
        state[firsts] = self._merge(db, [values[first] for first in firsts.tolist()])
        old, new, last = [], [], []
        now = int(self._clock())
        for group in groups:
            texts = [orjson.dumps(values[row]) for row in group] if len(group) > 1 else []
            for number in range(1, len(group)):
                same = texts[number] == texts[number - 1]
                state[group[number]] = DUPLICATE if same else CORRECTED
                if not same:
                    old.append((now, *values[group[number - 1]]))
            if (state[group] != DUPLICATE).any():
                last.append(group[-1])
            if (state[group[1:]] == CORRECTED).any():
                new.append(values[group[-1]])
        for statement, given in ((sql.LOG, old), (sql.OVERWRITE, new)):
            for first in range(0, len(given), CHUNK):
                db.execute(statement, (orjson.dumps(given[first : first + CHUNK]).decode(),))
        return state, np.sort(np.array(last, dtype=np.int64))

    def read(self, start: int, end: int, site_ids: Sequence[str] | None = None) -> Readings:
        """Readings with start < observed_at <= end, ordered by time."""
        where = sql.RANGE
        if site_ids is not None:
            where += f" AND {sql.OF_SITES}"
        asked = {"start": start, "end": end, "sites": _list(site_ids)}
        with self._readers.lend() as db:
            parts = [
                self._select(db, f"FROM readings WHERE {where}", part) for part in _slices(db, where, asked)
            ]
        return Readings.concat(parts)

    def latest(self, end: int, site_ids: Sequence[str] | None = None) -> Readings:
        """Each site's newest reading with observed_at <= end."""
        with self._readers.lend() as db:
            return self._select(db, sql.LATEST, {"end": end, "sites": _list(site_ids)})

    def totals(self, start: int, end: int, step: int) -> Totals:
        """Sums per site and step of readings with start < observed_at <= end, steps counted from start."""
        steps = max(0, -(-(end - start) // step))
        summed, counted = [np.empty((4, 0))], [np.empty((4, 0), dtype=object)]
        with self._readers.lend() as db:
            for part in _slices(db, sql.RANGE, {"start": start, "end": end}):
                for query, found in ((sql.SUMMED, summed), (sql.COUNTED, counted)):
                    columns = [orjson.loads(text) for text in db.execute(query, part).fetchone()]
                    found.append(np.array(columns, dtype=found[0].dtype))
            sites = self._sites(db)
        site, at, persons, vehicles = np.concatenate(summed, axis=1)
        keys, rows = np.unique(site.astype(np.int64), return_inverse=True)
        shape = (len(keys), steps)

        def cells(rows: NDArray[np.int64], at: NDArray[Any]) -> NDArray[np.int64]:
            return rows * steps + (at.astype(np.int64) - start - 1) // step

        of_row = cells(rows, at)
        totals = Totals(
            site_id=sites[keys],
            starts=start + step * np.arange(steps, dtype=np.int64),
            persons=_sums(of_row, persons, shape),
            vehicles=_sums(of_row, vehicles, shape),
        )
        site, at, name, count = np.concatenate(counted, axis=1)
        of_count = cells(np.searchsorted(keys, site.astype(np.int64)), at)
        for outcome in sorted(set(name)):
            mine = name == outcome
            totals.outcomes[outcome] = _sums(of_count[mine], count[mine].astype(np.float64), shape)
        return totals

    def mark(self, site_id: str, start: int, end: int) -> tuple[int, int]:
        """What differs once a reading of a site with start < observed_at <= end came, changed or went."""
        with self._readers.lend() as db:
            found = db.execute(sql.MARK, {"site": site_id, "start": start, "end": end}).fetchone()
        return (0, 0) if found is None else found

    def span(self) -> tuple[int, int] | None:
        """The first and last observed_at kept, or None when empty."""
        with self._readers.lend() as db:
            first, last = db.execute(sql.SPAN).fetchone()
        return None if first is None else (first, last)

    def has_simulated(self, start: int, end: int) -> bool:
        """Whether any reading with start < observed_at <= end is simulated."""
        with self._readers.lend() as db:
            asked = {"start": start, "end": end, "method": _METHOD["simulated"]}
            return bool(db.execute(sql.SIMULATED, asked).fetchone()[0])

    def corrections(self, limit: int = 100, *, site_id: str | None = None) -> list[dict[str, Any]]:
        """The newest readings that were replaced, newest first: their old values and when that was."""
        of, asked = ("", ()) if site_id is None else (sql.OF_SITE, (site_id,))
        with self._readers.lend() as db:
            sites = self._sites(db)
            found = _fetch(db, sql.CORRECTION, f"{sql.CORRECTED} {of} {sql.NEWEST}", (*asked, limit))
        for row in found:
            row["site_id"], row["method"] = sites[row.pop("site")], METHODS[row["method"]]
            row["outcomes"] = orjson.loads(row["outcomes"]) if row["outcomes"] else None
        return found

    def prune(self, before: int, go_on: Callable[[], bool] = lambda: True) -> int:
        """Drop what is older than a time; the number of readings and reports dropped."""
        return drop_before(self._writing, before, CHUNK, go_on)

    def others_wrote(self) -> bool:
        """Whether another process has written since this was last asked."""
        with self._lock, speaking():
            before, self._version = self._version, version_of(self._db)
            return self._version != before

    # Reports, refused rows, facts

    def write_reports(self, rows: Reports) -> int:
        """Keep fence and device reports; the number of new or changed rows."""
        if not len(rows):
            return 0
        columns = [getattr(rows, name).tolist() for name in sql.REPORT]
        text = orjson.dumps(list(zip(*columns, strict=True))).decode()
        with self._writing() as db:
            return int(db.execute(sql.PUT_REPORTS, (text,)).rowcount)

    def read_reports(self, start: int, end: int, *, newest: bool = False) -> Reports:
        """Reports with start < observed_at <= end, ordered by time; or each target's newest of them."""
        query = sql.NEWEST_REPORTS if newest else sql.READ_REPORTS
        with self._readers.lend() as db:
            found = db.execute(query, {"start": start, "end": end}).fetchone()
        at, target, target_id, state, entered, left = (orjson.loads(text) for text in found)
        words = (np.array(column, dtype=object) for column in (target, target_id, state))
        counts = (np.array(column, dtype=np.float64) for column in (entered, left))
        return Reports(next(words), next(words), np.array(at, dtype=np.int64), next(words), *counts)

    def quarantine(self, rows: Sequence[Refused], *, source: str) -> None:
        """Keep refused rows for a person to look at; only the newest `QUARANTINED` stay."""
        now, rows = int(self._clock()), list(rows)[-QUARANTINED:]
        with self._writing() as db:
            for first in range(0, len(rows), CHUNK):
                given = [(now, source, *astuple(row)) for row in rows[first : first + CHUNK]]
                db.execute(sql.PUT_QUARANTINE, (orjson.dumps(given).decode(),))
            db.execute(sql.TRIM_QUARANTINE, (QUARANTINED,))

    def quarantined(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest refused rows, newest first."""
        with self._readers.lend() as db:
            return _fetch(db, sql.QUARANTINE, "quarantine ORDER BY id DESC LIMIT ?", (limit,))

    def get_meta(self, key: str) -> str | None:
        """A small fact about the store, or None."""
        with self._readers.lend() as db:
            found = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if found is None else found[0]

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact about the store."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Release files; the store must not be used after."""
        self._readers.close()
        with self._lock:
            self._db.close()

    # Inside

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction, all or nothing."""
        with self._lock, speaking():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _keys(self, db: sqlite3.Connection, site_ids: NDArray[np.object_]) -> dict[str, int]:
        """Key of every site; new sites get one. To be remembered only once the transaction is kept."""
        missing = sorted(set(site_ids.tolist()) - self._key.keys())
        if not missing:
            return self._key
        for first in range(0, len(missing), 500):
            part = missing[first : first + 500]
            db.execute(sql.PUT_SITES + ", ".join(["(?)"] * len(part)), part)
        return {row["site_id"]: row["key"] for row in _fetch(db, ("key", "site_id"), "sites")}

    def _sites(self, db: sqlite3.Connection) -> NDArray[np.object_]:
        """Site id by key, as of the read transaction."""
        if (db.execute("SELECT max(key) FROM sites").fetchone()[0] or 0) >= len(self._site):
            rows = _fetch(db, ("key", "site_id"), "sites")
            sites = np.full(max(row["key"] for row in rows) + 1, None, dtype=object)
            sites[[row["key"] for row in rows]] = [row["site_id"] for row in rows]
            self._site = sites
        return self._site

    def _select(self, db: sqlite3.Connection, rest: str, asked: dict[str, Any]) -> Readings:
        found = map(orjson.loads, db.execute(f"{sql.READ} {rest}", asked).fetchone())
        columns = dict(zip(sql.COLUMNS, found, strict=True))
        at = np.array(columns["observed_at"], dtype=np.int64)
        outcomes = np.empty(len(at), dtype=object)
        outcomes[:] = columns["outcomes"]
        rows = Readings(
            site_id=self._sites(db)[np.array(columns["site"], dtype=np.int64)],
            observed_at=at,
            **{name: np.array(columns[name], dtype=np.float64) for name in sql.NUMBERS},
            method=_METHODS[np.array(columns["method"], dtype=np.int64)],
            outcomes=outcomes,
        )
        return rows if (np.diff(at) >= 0).all() else rows.take(np.argsort(at, kind="stable"))


def _rows(rows: Readings, site: NDArray[np.int64]) -> list[tuple[Any, ...]]:
    """Readings as rows of what the file keeps."""
    numbers = [np.round(getattr(rows, name), 6).tolist() for name in sql.NUMBERS]
    method = [_METHOD[method] for method in rows.method.tolist()]
    outcomes = [_outcomes(given) if given else None for given in rows.outcomes.tolist()]
    return list(zip(rows.observed_at.tolist(), site.tolist(), *numbers, method, outcomes, strict=True))


def _outcomes(given: dict[str, float]) -> str:
    counts = {name: round(float(count), 6) for name, count in given.items()}
    whole = {name: int(count) if count.is_integer() else count for name, count in counts.items()}
    return orjson.dumps(whole, option=orjson.OPT_SORT_KEYS).decode()


def _sums(
    cells: NDArray[np.int64], values: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Values added up by cell; NaN in a cell that has none."""
    known = ~np.isnan(values)
    size = shape[0] * shape[1]
    sums = np.bincount(cells[known], weights=values[known], minlength=size).astype(np.float64)
    sums[np.bincount(cells[known], minlength=size) == 0] = np.nan
    return sums.reshape(shape)


def _groups(values: list[tuple[Any, ...]]) -> list[list[int]] | None:
    """Row numbers by identity, in order; None when no identity stands twice."""
    if len({row[:2] for row in values}) == len(values):
        return None
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, row in enumerate(values):
        groups.setdefault(row[:2], []).append(number)
    return list(groups.values())


def _slices(db: sqlite3.Connection, where: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The time asked for in parts of at most `SLICE` rows, so that memory stays bounded."""
    start, end = asked["start"], asked["end"]
    rows = db.execute(sql.COUNT + where, asked).fetchone()[0]
    if rows <= SLICE or end - start <= 1:
        if rows:
            yield asked
        return
    middle = (start + end) // 2
    yield from _slices(db, where, {**asked, "end": middle})
    yield from _slices(db, where, {**asked, "start": middle})


def _fetch(
    db: sqlite3.Connection, names: Sequence[str], rest: str, asked: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """Rows of a table as dictionaries, in one step."""
    rows = orjson.loads(db.execute(sql.rows(names, rest), asked).fetchone()[0])
    return [dict(zip(names, row, strict=True)) for row in rows]


def _list(site_ids: Sequence[str] | None) -> str | None:
    return None if site_ids is None else orjson.dumps([str(site_id) for site_id in site_ids]).decode()
