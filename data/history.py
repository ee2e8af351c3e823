"""Sums over past days: today's totals, the 24-hour curve, one site's series."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from data.ground import Ground, ground_of
from data.picture import DayTotals
from data.profile import Profile
from data.series import series_of
from data.store.base import Store, Totals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

QUARTER_S = 900
"""The cell that is kept; every time zone's midnight falls on one."""
DAY_S = 86400
WEEK_DAYS = 7
COMPLETE = 0.9
"""A week before is compared with only when it has at least this share of today's reports."""
SETTLED_S = 30
"""... and when nothing was written into it for so long: a backfill still running would be half a week."""
GRACE_S = 30
"""How long after its end a step is waited for: its last reports are still on their way."""
KEPT_CELLS = 60 * 96
"""About two months of quarters; what is asked for again is read again."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums per group of sites; a group is a county and a line (index county * lines + line)."""

    persons: Floats
    persons_known: Ints
    """In how many site-quarters persons were reported; where it is 0 the sum is unknown."""
    vehicles: Floats
    vehicles_known: Ints
    outcomes: Mapping[str, Floats] = field(default_factory=dict)

    def total(self, what: str, mask: Bools) -> float | None:
        """The sum of `persons` or `vehicles` over some groups; None where nothing is known."""
        known: Ints = getattr(self, f"{what}_known")
        return float(getattr(self, what)[mask].sum()) if known[mask].any() else None

    def total_if_whole(self, what: str, mask: Bools, other: Sums) -> float | None:
        """The same, but None where much less is known than of another time."""
        here: Ints = getattr(self, f"{what}_known")
        there: Ints = getattr(other, f"{what}_known")
        whole = here[mask].sum() >= COMPLETE * there[mask].sum()
        return self.total(what, mask) if whole else None


@dataclass(frozen=True, eq=False)
class Curve:
    """Throughput per hour over 24 hours, and over the same hours a week before; NaN where not known."""

    step_s: int
    starts: Ints
    """Start of each step, epoch seconds."""
    persons: dict[str, Floats]
    """By line id."""
    vehicles: dict[str, Floats]
    persons_before: dict[str, Floats]
    vehicles_before: dict[str, Floats]

    def of(self, line: str, *, before: bool = False, what: str = "persons") -> list[float | None]:
        """One line's `persons` or `vehicles` per hour, None where not known."""
        return _optional(getattr(self, f"{what}_before" if before else what)[line])

    def total(self, *, before: bool = False, what: str = "persons") -> list[float | None]:
        """All lines together."""
        lines = np.array(list(getattr(self, f"{what}_before" if before else what).values()))
        known = ~np.isnan(lines)
        return _optional(np.where(known.any(axis=0), np.where(known, lines, 0).sum(axis=0), np.nan))


class History:
    """Answers about the past from the store; quarters once read are kept until a row for them arrives."""

    def __init__(
        self, profile: Profile, store: Store, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.profile = profile
        self.store = store
        self._clock = clock
        self._ground: Ground = ground_of(profile)
        self._groups = len(self._ground.counties) * len(self._ground.lines)
        self._group_of = self._ground.county_of * len(self._ground.lines) + self._ground.line_of
        self._cells: dict[int, Sums] = {}
        self._lock = RLock()
        self._touched: deque[tuple[float, list[int]]] = deque()
        self._touched_at: dict[int, float] = {}

    def touch(self, observed_at: Ints) -> None:
        """Rows with these times became durable: what was kept of their quarters is no longer right."""
        if len(observed_at):
            quarters = np.unique((observed_at - 1) // QUARTER_S).tolist()
            self._touched.append((self._clock(), quarters))

    def today(self, at: int, scope: str = "") -> DayTotals:
        """Sums since local midnight, for the prefecture or a county."""
        return self.today_by_scope(at)[scope]

    def today_by_scope(self, at: int) -> dict[str, DayTotals]:
        """Sums since local midnight of the prefecture ("") and of every county."""
        start = self._midnight(at)
        start_before, at_before = self._days_earlier(start), self._days_earlier(at)
        with self._lock:
            now = self._sum(start, at)
            settled = self._settled(start_before, at_before)
            before = self._sum(start_before, at_before) if settled else self._nothing()
        fired = self._fired(start, at)
        names = self._outcome_names(now)
        totals = {}
        for scope in ("", *self._ground.counties[:-1]):
            mask = self._mask(scope)
            totals[scope] = DayTotals(
                persons=now.total("persons", mask),
                vehicles=now.total("vehicles", mask),
                outcomes={name: float(now.outcomes[name][mask].sum()) for name in names},
                persons_before=before.total_if_whole("persons", mask, now),
                vehicles_before=before.total_if_whole("vehicles", mask, now),
                alerts=fired.get(scope, 0),
            )
        return totals

    def curve(self, at: int, *, scope: str = "", step_s: int = QUARTER_S) -> Curve:
        """The last 24 hours in whole steps up to `at`; a step is a multiple of a quarter of an hour."""
        if step_s <= 0 or step_s % QUARTER_S or DAY_S % step_s:
            raise ValueError(f"step_s is {step_s}; expected a multiple of {QUARTER_S} that divides a day")
        end = (at - GRACE_S) // step_s * step_s
        with self._lock:
            now = self._steps(end, step_s)
            end_before = self._days_earlier(end) // QUARTER_S * QUARTER_S
            settled = self._settled(end_before - DAY_S, end_before)
            before = self._steps(end_before, step_s) if settled else [self._nothing()] * len(now)
        mask, every = self._mask(scope), self._mask("")
        curve = Curve(step_s, np.arange(end - DAY_S, end, step_s), {}, {}, {}, {})
        for index, line in enumerate(self._ground.lines):
            mine = mask & (np.arange(self._groups) % len(self._ground.lines) == index)
            for what in ("persons", "vehicles"):
                here = [one.total(what, mine) for one in now]
                # Whether a step is whole is judged by the prefecture: one site alone may well be late.
                then = [
                    None if old.total_if_whole(what, every, new) is None else old.total(what, mine)
                    for old, new in zip(before, now, strict=True)
                ]
                getattr(curve, what)[line] = _per_hour(here, step_s)
                getattr(curve, f"{what}_before")[line] = _per_hour(then, step_s)
        return curve

    def series(
        self, site_id: str, metric: str, start: int, end: int, step: int
    ) -> list[tuple[int, float | None]]:
        """One site's values by step: (start of the step, value), None where nothing was reported.

        Counts are summed, gauges averaged, levels are the last of the step. Raises FaultsError for an unknown
        metric or a span that makes no sense.
        """
        return series_of(self.profile, self.store, site_id, metric, start=start, end=end, step=step)

    def _midnight(self, at: int) -> int:
        day = datetime.fromtimestamp(at, self.profile.zone)
        return int(day.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp())

    def _days_earlier(self, at: int) -> int:
        """The same time of day a week before, whatever clocks were put forward or back between."""
        return int((datetime.fromtimestamp(at, self.profile.zone) - timedelta(days=WEEK_DAYS)).timestamp())

    def _mask(self, scope: str) -> Bools:
        if not scope:
            return np.ones(self._groups, bool)
        county = self._ground.counties.index(scope)
        return np.asarray(np.arange(self._groups) // len(self._ground.lines) == county, bool)

    def _outcome_names(self, sums: Sums) -> list[str]:
        """In the profile's order, then whatever else was reported."""
        listed = list(self.profile.spec.outcomes)
        return [name for name in listed if name in sums.outcomes] + sorted(sums.outcomes.keys() - listed)

    def _fired(self, start: int, at: int) -> dict[str, int]:
        """How many alerts fired in start < t <= at, by scope."""
        counts: dict[str, int] = {}
        sites, ground = self.profile.sites, self._ground
        for alert in self.store.alerts_between(start, at):
            if alert.fired_at is None or not start < alert.fired_at <= at:
                continue
            if alert.target == "site":
                row = sites.row.get(alert.target_id)
                county = "" if row is None else sites.county[row]
            else:
                row = ground.fence_row.get(alert.target_id)
                county = "" if row is None else ground.fence_county[row]
            for scope in {"", county}:
                counts[scope] = counts.get(scope, 0) + 1
        return counts

    def _settled(self, start: int, end: int) -> bool:
        """Whether nothing was written lately into the quarters between."""
        self._drop_touched()
        since = self._clock() - SETTLED_S
        first, last = start // QUARTER_S, end // QUARTER_S
        return not any(when > since and first <= cell <= last for cell, when in self._touched_at.items())

    def _drop_touched(self) -> None:
        while self._touched:
            when, quarters = self._touched.popleft()
            for quarter in quarters:
                self._cells.pop(quarter, None)
                self._touched_at[quarter] = when
        if len(self._touched_at) > KEPT_CELLS:
            since = self._clock() - SETTLED_S
            self._touched_at = {cell: when for cell, when in self._touched_at.items() if when > since}

    def _steps(self, end: int, step_s: int) -> list[Sums]:
        cells = self._quarters((end - DAY_S) // QUARTER_S, end // QUARTER_S)
        size = step_s // QUARTER_S
        return [_add(cells[first : first + size]) for first in range(0, len(cells), size)]

    def _sum(self, start: int, end: int) -> Sums:
        """Sums over start < observed_at <= end."""
        if end <= start:
            return self._nothing()
        first, last = -(-start // QUARTER_S), end // QUARTER_S
        if first >= last:
            return self._read(start, end, end - start)[0]
        parts = self._quarters(first, last)
        if start < first * QUARTER_S:
            parts = [self._read(start, first * QUARTER_S, first * QUARTER_S - start)[0], *parts]
        if last * QUARTER_S < end:
            parts = [*parts, self._read(last * QUARTER_S, end, end - last * QUARTER_S)[0]]
        return _add(parts)

    def _quarters(self, first: int, last: int) -> list[Sums]:
        """The quarters first <= q < last, read where they are not kept."""
        self._drop_touched()
        missing = [quarter for quarter in range(first, last) if quarter not in self._cells]
        for begin, stop in _runs(missing, longest=DAY_S // QUARTER_S):
            read = self._read(begin * QUARTER_S, stop * QUARTER_S, QUARTER_S)
            self._cells.update(zip(range(begin, stop), read, strict=True))
        cells = [self._cells[quarter] for quarter in range(first, last)]
        if len(self._cells) > KEPT_CELLS:
            self._cells = dict(zip(range(first, last), cells, strict=True))
        return cells

    def _read(self, start: int, end: int, step: int) -> list[Sums]:
        """Each step's sums, from the store."""
        totals = self.store.totals(start, end, step)
        row_of = self.profile.sites.row
        rows = np.array([row_of.get(site, -1) for site in totals.site_id.tolist()], dtype=np.int64)
        group = self._group_of[rows]
        group[rows < 0] = -1
        count = -(-(end - start) // step)
        persons, persons_known = _by_group(totals.persons, group, self._groups, count)
        vehicles, vehicles_known = _by_group(totals.vehicles, group, self._groups, count)
        outcomes = _outcomes(totals, group, self._groups, count)
        return [
            Sums(
                persons[:, step_no],
                persons_known[:, step_no],
                vehicles[:, step_no],
                vehicles_known[:, step_no],
                {name: s[:, step_no] for name, (s, known) in outcomes.items() if known[:, step_no].any()},
            )
            for step_no in range(count)
        ]

    def _nothing(self) -> Sums:
        zeros, none = np.zeros(self._groups), np.zeros(self._groups, np.int64)
        return Sums(zeros, none, zeros, none)


def _by_group(values: Floats, group: Ints, groups: int, steps: int) -> tuple[Floats, Ints]:
    """Sums and how many were known, shape (groups, steps); sites of group -1 are left out."""
    total, known = np.zeros((groups, steps)), np.zeros((groups, steps), np.int64)
    if len(group):
        mine = group >= 0
        there = ~np.isnan(values[mine])
        np.add.at(total, group[mine], np.where(there, values[mine], 0))
        np.add.at(known, group[mine], there)
    return total, known


def _outcomes(totals: Totals, group: Ints, groups: int, steps: int) -> dict[str, tuple[Floats, Ints]]:
    return {name: _by_group(values, group, groups, steps) for name, values in totals.outcomes.items()}


def _add(parts: list[Sums]) -> Sums:
    if len(parts) == 1:
        return parts[0]
    outcomes: dict[str, Floats] = {}
    for part in parts:
        for name, values in part.outcomes.items():
            outcomes[name] = outcomes[name] + values if name in outcomes else values
    return Sums(
        persons=np.sum([part.persons for part in parts], axis=0),
        persons_known=np.sum([part.persons_known for part in parts], axis=0),
        vehicles=np.sum([part.vehicles for part in parts], axis=0),
        vehicles_known=np.sum([part.vehicles_known for part in parts], axis=0),
        outcomes=outcomes,
    )


def _per_hour(counts: list[float | None], step_s: int) -> Floats:
    return np.array([np.nan if count is None else count * 3600 / step_s for count in counts])


def _optional(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values.tolist()]


def _runs(numbers: list[int], longest: int) -> list[tuple[int, int]]:
    """Ascending numbers as half-open runs of neighbours, none longer than `longest`."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number and number - runs[-1][0] < longest:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs
