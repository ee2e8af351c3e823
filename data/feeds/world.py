"""A made-up prefecture at work: its days, each a function of the profile, the seed and the date."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from data.feeds.day import BEGINS_S, DAY_S, OUTCOMES, Day, Group, simulate
from data.feeds.demand import day_kind, scales
from data.feeds.shifts import SHIFT_S, Crew, Outages, crew, outages
from data.profile import Profile
from data.spec import SimulationSpec
from data.targets import targets_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

REPORT_S = 600
"""Between two reports of a fence or a device."""
_GOLDEN = 0.6180339887498949
"""Its multiples fill an interval evenly, whatever their number."""
_KEEP_DAYS = 3
_HUB_M = 500.0
_SITES, _CREWS, _OUTAGES, _DAYS, _FENCES, _DEVICES = range(6)
"""Streams of chance, so that one does not move another."""


class World:
    """Days of all sites; safe to ask from several threads. A simulated day begins in the small hours."""

    def __init__(self, profile: Profile, spec: SimulationSpec) -> None:
        self.profile, self.spec = profile, spec
        self.checkpoint = np.array([kind.startswith("checkpoint") for kind in profile.sites.kind], dtype=bool)
        self.outcomes = spec.outcomes or OUTCOMES
        """Outcome to how many of it come of one person checked."""
        missing = np.full(len(profile.sites), np.nan)
        self._required = profile.sites.staff_required.get(profile.spec.duty.current, missing)
        self._holidays = frozenset(spec.holidays)
        # All days are 86,400 s long, so where there is summer time they begin an hour later in it.
        standard = datetime(2000, 1, 1, tzinfo=profile.zone).utcoffset() or timedelta(0)
        self._anchor = int(BEGINS_S - standard.total_seconds())
        self._lock = threading.Lock()
        self._days: OrderedDict[int, list[Day]] = OrderedDict()
        self._groups = self._make_groups()

    def number(self, at: int) -> int:
        """The day that holds a moment."""
        return (at - self._anchor) // DAY_S

    def begin(self, number: int) -> int:
        """Epoch seconds at which a day begins."""
        return number * DAY_S + self._anchor

    def between(self, start: int, end: int) -> Iterator[Day]:
        """Every group's days that hold a moment of start < t <= end."""
        for number in range(self.number(start + 1), self.number(end) + 1):
            yield from self._day(number)

    def fences(self, number: int) -> tuple[Bools, Floats, Floats]:
        """Up or not, and crossings in and out, of shape (fences, reports of the day)."""
        rng, count = self._rng(_FENCES, number), len(self.profile.fences)
        shape = (count, DAY_S // REPORT_S)
        up = np.ones(shape, dtype=bool)
        for row in np.flatnonzero(rng.random(count) < 0.2):
            start = int(rng.integers(shape[1]))
            up[row, start : start + int(rng.integers(2, 11))] = False
        hours = (np.arange(shape[1]) * REPORT_S + BEGINS_S) / 3600 % 24
        often = np.where((hours < 6) | (hours > 20), 1.8, 0.4) * 1.2 / max(count * shape[1], 1)
        came = np.where(rng.random(shape) < often, rng.integers(1, 4, shape), 0) * up
        went = np.where(rng.random(shape) < often / 2, rng.integers(1, 3, shape), 0) * up
        return up, came.astype(np.float64), went.astype(np.float64)

    def devices(self, number: int) -> Bools:
        """Up or not, of shape (devices, reports of the day): one in thirty fails for an hour or two."""
        rng, count = self._rng(_DEVICES, number), len(targets_of(self.profile)["device"].ids)
        up = np.ones((count, DAY_S // REPORT_S), dtype=bool)
        for row in np.flatnonzero(rng.random(count) < 1 / 30):
            start = int(rng.integers(up.shape[1]))
            up[row, start : start + int(rng.integers(6, 13))] = False
        return up

    def _rng(self, *stream: int) -> Generator:
        return np.random.default_rng([self.spec.seed, *stream])

    def _day(self, number: int) -> list[Day]:
        with self._lock:
            if number not in self._days:
                self._days[number] = self._make_day(number)
            self._days.move_to_end(number)
            while len(self._days) > _KEEP_DAYS:
                self._days.popitem(last=False)
            return self._days[number]

    def _make_day(self, number: int) -> list[Day]:
        begin = self.begin(number)
        local = datetime.fromtimestamp(begin, UTC).astimezone(self.profile.zone).date()
        broken, (crews, starts) = self._broken(number), self._crews(begin)
        days = []
        for index, group in enumerate(self._groups):
            place = np.full(len(self.profile.sites), -1)
            place[group.rows] = np.arange(len(group.rows))
            mine = place[broken.row] >= 0
            days.append(
                simulate(
                    group,
                    begin,
                    local_date=local,
                    holidays=self._holidays,
                    crews=[whole.take(group.rows) for whole in crews],
                    crew_starts=starts,
                    outages=Outages(place[broken.row[mine]], broken.start_s[mine], broken.end_s[mine]),
                    rng=self._rng(_DAYS, index, number),
                    shares=tuple(self.outcomes.values()),
                )
            )
        return days

    def _broken(self, number: int) -> Outages:
        """Outages of a day, and those of the day before that reach into it."""
        sites = self.profile.sites
        before, today = (
            outages(sites.lon, sites.lat, sites.kind, self._rng(_OUTAGES, day))
            for day in (number - 1, number)
        )
        return Outages(
            np.concatenate([before.row, today.row]),
            np.concatenate([before.start_s - DAY_S, today.start_s]),
            np.concatenate([before.end_s - DAY_S, today.end_s]),
        )

    def _crews(self, begin: int) -> tuple[list[Crew], Floats]:
        """The crews on post from the day's start on, and the second at which each came."""
        local = begin - self._anchor + int(BEGINS_S)  # seconds since the epoch by the local clock
        shifts = range(local // SHIFT_S, (local + DAY_S - 1) // SHIFT_S + 1)
        crews = []
        for shift in shifts:
            day = date(1970, 1, 1) + timedelta(days=shift * SHIFT_S // DAY_S)
            busy = day_kind(day, self._holidays) != "weekday"
            crews.append(crew(self._required, self.checkpoint, shift, busy, self._rng(_CREWS, shift)))
        return crews, np.array([shift * SHIFT_S - local for shift in shifts], dtype=np.float64)

    def _make_groups(self) -> list[Group]:
        """Sites that report at the same interval, with what they need to be simulated."""
        sites, demand = self.profile.sites, self.spec.demand
        known = np.array([kind in demand for kind in sites.kind], dtype=bool)
        specs = [demand.get(kind) for kind in sites.kind]
        persons = np.array([spec.persons_per_hour if spec else 0.0 for spec in specs])
        vehicles = np.array([spec.vehicles_per_hour if spec else 0.0 for spec in specs])
        step = np.array([_divisor(spec.interval_s) if spec else 0 for spec in specs])
        shape = np.array([spec.shape if spec else "" for spec in specs], dtype=object)
        lanes = np.maximum(np.nan_to_num(sites.lanes_total, nan=1.0), 1.0)
        scale = scales(lanes, sites.kind, self._rng(_SITES))
        for row, hub in self._at_hubs(shape == "road"):
            shape[row] = hub
        on_foot = (shape == "air") | (shape == "rail") | (vehicles <= 0)
        per_lane = np.where(on_foot, sites.capacity_persons_per_lane_h, sites.capacity_vehicles_per_lane_h)
        # Where the profile gives no capacity a lane checks three times the mean demand.
        per_lane = np.where(per_lane > 0, per_lane, 3 * np.where(on_foot, persons, vehicles) + 1)
        groups = []
        for seconds in np.unique(step[known]):
            rows = np.flatnonzero(known & (step == seconds))
            # Sites in order of size take turns over the interval, so that each second brings about as much.
            turn = np.empty(len(rows))
            turn[np.argsort(-(scale * persons)[rows], kind="stable")] = np.arange(len(rows))
            groups.append(
                Group(
                    rows=rows,
                    step_s=int(seconds),
                    phase_s=np.floor(turn * _GOLDEN % 1.0 * seconds),
                    shape=shape[rows],
                    persons_h=(persons * scale)[rows],
                    vehicles_h=(vehicles * scale)[rows],
                    on_foot=on_foot[rows],
                    lanes=lanes[rows],
                    per_lane_h=per_lane[rows],
                    required=self._required[rows],
                )
            )
        return groups

    def _at_hubs(self, may: Bools) -> Iterator[tuple[int, str]]:
        """The site that stands at each airport or railway station, and the shape of its day."""
        sites = self.profile.sites
        for layer in self.profile.spec.layers:
            if layer.kind != "hubs" or not may.any():
                continue
            frame = self.profile.layers[layer.name]
            for kind, point in zip(frame["kind"], frame.geometry, strict=True):
                hub = "air" if "air" in kind else "rail" if "rail" in kind else ""
                east = (sites.lon - point.x) * np.cos(np.radians(point.y))
                away = np.where(may, np.hypot(east, sites.lat - point.y) * 111_000, np.inf)
                if hub and away.min() < _HUB_M:
                    yield int(away.argmin()), hub


def _divisor(seconds: int) -> int:
    """The shortest interval that divides a day and is no shorter."""
    return next(step for step in range(min(seconds, DAY_S), DAY_S + 1) if DAY_S % step == 0)
