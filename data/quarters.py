"""Sums of every quarter of an hour by county and line, kept until a row for them arrives."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from data.ground import ground_of
from data.profile import Profile
from data.store.base import Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bits = NDArray[np.uint8]

QUARTER_S = 900
"""Every time zone's midnight falls on the end of one."""
KEPT = 60 * 96
"""About two months; what is asked for again is read again."""
LONGEST = 96
"""Quarters that one question to the store spans."""
WHATS = ("persons", "vehicles")


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums per group of sites; a group is a county and a line (index county * lines + line)."""

    counts: Mapping[str, Floats]
    """`persons` and `vehicles`, in plus out."""
    known: Mapping[str, Ints]
    """How many values are in each sum; where there are none it is unknown, not zero."""
    outcomes: Mapping[str, Floats] = field(default_factory=dict)
    heard: Mapping[str, Bits] = field(default_factory=dict)
    """Which sites reported, packed bits; of single quarters only."""

    def total(self, what: str, groups: Bools) -> float | None:
        """The sum over some groups; None where nothing is known."""
        return float(self.counts[what][groups].sum()) if self.known[what][groups].any() else None


class Quarters:
    """Quarter q holds q * 900 s < observed_at <= (q + 1) * 900 s. Safe to call from any thread."""

    def __init__(self, profile: Profile, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        ground = ground_of(profile)
        self.groups = len(ground.counties) * len(ground.lines)
        self._group_of = ground.county_of * len(ground.lines) + ground.line_of
        self._row_of = profile.sites.row
        self._store = store
        self._clock = clock
        self._lock = RLock()
        self._kept: dict[int, Sums] = {}
        self._touched: deque[tuple[float, list[int] | None]] = deque()
        """When, and which quarters; None for all that are kept."""
        self._touched_at: dict[int, float] = {}

    def touch(self, observed_at: Ints) -> None:
        """Rows with these times became durable: what was kept of their quarters is no longer right."""
        if len(observed_at):
            self._touched.append((self._clock(), np.unique((observed_at - 1) // QUARTER_S).tolist()))

    def forget(self) -> None:
        """Something was written or dropped, and nobody knows for which time: nothing kept can be trusted."""
        self._touched.append((self._clock(), None))

    def touched_since(self, seconds: float, start: int, end: int) -> bool:
        """Whether rows for any moment of start < t <= end arrived in the last so many seconds."""
        first, last, since = start // QUARTER_S, (end - 1) // QUARTER_S, self._clock() - seconds
        with self._lock:
            self._drop_touched()
            return any(when > since and first <= q <= last for q, when in self._touched_at.items())

    def take(self, first: int, last: int) -> list[Sums]:
        """The quarters first <= q < last, read from the store where they are not kept."""
        with self._lock:
            self._drop_touched()
            missing = [quarter for quarter in range(first, last) if quarter not in self._kept]
            for begin, stop in _runs(missing):
                read = self._read(begin * QUARTER_S, stop * QUARTER_S, QUARTER_S)
                self._kept.update(zip(range(begin, stop), read, strict=True))
            taken = [self._kept[quarter] for quarter in range(first, last)]
            if len(self._kept) > KEPT:
                self._kept = dict(zip(range(first, last), taken, strict=True))
            return taken

    def sum(self, start: int, end: int) -> Sums:
        """Sums over start < observed_at <= end, which may cut a quarter at either end."""
        if end <= start:
            return self.nothing
        first, last = -(-start // QUARTER_S), end // QUARTER_S
        if first > last:
            return self._part(start, end)
        head, tail = self._part(start, first * QUARTER_S), self._part(last * QUARTER_S, end)
        return add([head, *self.take(first, last), tail])

    def heard(self, what: str, first: int, last: int) -> Bools:
        """Which sites reported in the quarters first <= q < last, shape (quarters, sites)."""
        sites = len(self._group_of)
        packed = np.array([quarter.heard[what] for quarter in self.take(first, last)], dtype=np.uint8)
        return np.unpackbits(packed.reshape(last - first, -1), axis=1, count=sites).astype(bool)

    @property
    def nothing(self) -> Sums:
        """Sums of no reading at all."""
        return Sums(
            counts={what: np.zeros(self.groups) for what in WHATS},
            known={what: np.zeros(self.groups, np.int64) for what in WHATS},
        )

    def _part(self, start: int, end: int) -> Sums:
        return self._read(start, end, end - start)[0] if end > start else self.nothing

    def _drop_touched(self) -> None:
        while self._touched:
            when, quarters = self._touched.popleft()
            if quarters is None:
                self._kept.clear()
            for quarter in quarters or ():
                self._kept.pop(quarter, None)
                self._touched_at[quarter] = when
        if len(self._touched_at) > KEPT:
            newest = sorted(self._touched_at.items(), key=lambda item: item[1])[-KEPT // 2 :]
            self._touched_at = dict(newest)

    def _read(self, start: int, end: int, step: int) -> list[Sums]:
        """Each step's sums, from the store."""
        totals = self._store.totals(start, end, step)
        rows = np.array([self._row_of.get(site, -1) for site in totals.site_id.tolist()], dtype=np.int64)
        ours = rows >= 0
        rows = rows[ours]
        group, steps = self._group_of[rows], len(totals.starts)
        counts, known, heard = {}, {}, {}
        for what, values in (("persons", totals.persons[ours]), ("vehicles", totals.vehicles[ours])):
            counts[what], known[what] = _by_group(values, group, self.groups)
            there = np.zeros((steps, len(self._group_of)), bool)
            there[:, rows] = ~np.isnan(values.T)
            heard[what] = np.packbits(there, axis=1)
        outcomes = {
            name: _by_group(values[ours], group, self.groups) for name, values in totals.outcomes.items()
        }
        return [
            Sums(
                counts={what: column[:, number] for what, column in counts.items()},
                known={what: column[:, number] for what, column in known.items()},
                outcomes={
                    name: s[:, number] for name, (s, any_) in outcomes.items() if any_[:, number].any()
                },
                heard={what: column[number] for what, column in heard.items()},
            )
            for number in range(steps)
        ]


def add(parts: list[Sums]) -> Sums:
    """Several sums together."""
    outcomes: dict[str, Floats] = {}
    for part in parts:
        for name, values in part.outcomes.items():
            outcomes[name] = outcomes[name] + values if name in outcomes else values
    return Sums(
        counts={what: np.sum([part.counts[what] for part in parts], axis=0) for what in WHATS},
        known={what: np.sum([part.known[what] for part in parts], axis=0) for what in WHATS},
        outcomes=outcomes,
    )


def _by_group(values: Floats, group: Ints, groups: int) -> tuple[Floats, Ints]:
    """Sums, and how many values are in them, shape (groups, steps)."""
    total, known = np.zeros((groups, values.shape[1])), np.zeros((groups, values.shape[1]), np.int64)
    there = ~np.isnan(values)
    np.add.at(total, group, np.where(there, values, 0))
    np.add.at(known, group, there)
    return total, known


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Ascending numbers as half-open runs of neighbours, none longer than LONGEST."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number and number - runs[-1][0] < LONGEST:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs
