"""One simulated day of sites that report at the same interval: what each would say at each of its times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from data.feeds.demand import bursts, curve, day_factors, day_kind, pulses
from data.feeds.queue import serve
from data.feeds.shifts import Crew, Outages, silent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Strings = NDArray[np.object_]

DAY_S = 86400
BEGINS_S = 3.5 * 3600
"""A simulated day runs from half past three to half past three, when no queue stands."""
OUTCOMES = {
    "turned_back": 3.6e-3,
    "persuaded_return": 1.24e-3,
    "penalty": 5.7e-4,
    "traffic_offence": 6.2e-4,
    "isolated": 3.2e-4,
    "handed_over": 1.3e-6,
}
"""Outcome to its share of persons checked, as 128,000 : 44,000 : 20,300 : 22,000 : 11,200 : 45."""
OCCUPANTS = 2.4
"""Persons in a vehicle, where a site counts more persons than that per vehicle the others walk."""
VEHICLE_M, PERSON_M = 7.0, 0.8
"""Length that one takes up in a queue."""
LOAD = 0.85
"""Lanes are planned so that expected demand takes this share of them."""
BURSTS_A_DAY = {
    "road": {"weekday": 4.0, "weekend": 4.2, "holiday": 4.6},
    "rural": {"weekday": 1.0, "weekend": 1.0, "holiday": 1.0},
    "border": {"weekday": 0.3, "weekend": 0.3, "holiday": 0.2},
    "air": {"weekday": 0.2, "weekend": 0.3, "holiday": 0.5},
    "rail": {"weekday": 0.2, "weekend": 0.3, "holiday": 0.6},
}


BURST_HEIGHT = {"road": 1.4, "rural": 1.2, "border": 1.0, "air": 1.0, "rail": 1.0}
"""How much a burst adds at its middle, on average, in times of what is usual."""
TOGETHER = {"road": 1.2, "rural": 2.1, "border": 1.0, "air": 1.0, "rail": 1.0}
"""How many come at once, on average: on country roads behind one another."""


@dataclass(frozen=True, eq=False)
class Group:
    """Sites that report at the same interval; one value per site unless said otherwise."""

    rows: Ints
    """Row numbers in the profile's sites."""
    step_s: int
    """Seconds between readings, the same for all; divides a day."""
    phase_s: Floats
    """Seconds into each step at which the site reports."""
    shape: Strings
    persons_h: Floats
    vehicles_h: Floats
    """Mean of a week, this site."""
    on_foot: Bools
    """True where persons queue, not vehicles: at airports and railway stations."""
    lanes: Floats
    per_lane_h: Floats
    """What one lane checks in an hour, of what queues there."""
    required: Floats
    """Staff the duty level asks for; NaN where it says nothing."""

    @property
    def steps(self) -> int:
        """Readings a day."""
        return DAY_S // self.step_s


@dataclass(frozen=True, eq=False)
class Day:
    """What a group's sites have to say on one day; shape (sites, steps) unless said otherwise."""

    group: Group
    start: int
    """Epoch seconds at which the day begins."""
    counted: NDArray[np.int32]
    """Shape (4, sites, steps + 1): running sums of persons and vehicles in and out, from 0."""
    outcomes: NDArray[np.int32]
    """Shape (sites, steps + 1, outcomes): running sums."""
    queue_m: NDArray[np.float32]
    wait_min: NDArray[np.float32]
    lanes: NDArray[np.float32]
    staff: NDArray[np.float32]
    silent: Bools

    def at(self, site: Ints, step: Ints) -> Ints:
        """Epoch seconds of single readings."""
        return np.asarray(self.start + self.group.phase_s[site] + step * self.group.step_s, dtype=np.int64)

    def ends(self, first: int, last: int) -> Ints:
        """Epoch seconds of readings first to last - 1 of each site."""
        steps = np.arange(first, last) * self.group.step_s
        return np.asarray(self.start + self.group.phase_s[:, None] + steps, dtype=np.int64)


def simulate(
    group: Group,
    start: int,
    *,
    local_date: date,
    holidays: frozenset[str],
    crews: list[Crew],
    crew_starts: Floats,
    outages: Outages,
    rng: Generator,
    shares: Sequence[float] = tuple(OUTCOMES.values()),
) -> Day:
    """A day that begins at `start` with no queue; crews and outages are those of the group's sites.

    `crew_starts` holds the second of the day at which each crew comes, the first before 0; `shares` how
    many of each outcome come of one person checked.
    """
    sites, steps = len(group.rows), group.steps
    seconds = np.arange(steps, dtype=np.float64) * group.step_s
    hours = (seconds + BEGINS_S) / 3600.0
    kinds = [day_kind(local_date + timedelta(days=extra), holidays) for extra in (0, 1)]
    usual = np.empty((sites, steps))
    burst_mean, height, together = np.empty(sites), np.empty(sites), np.empty(sites)
    for shape in np.unique(group.shape):
        same = np.flatnonzero(group.shape == shape)
        base = np.where(hours < 24, curve(shape, kinds[0], hours), curve(shape, kinds[1], hours))
        usual[same] = base * pulses(shape, hours, group.phase_s[same] / group.step_s)
        burst_mean[same], height[same] = BURSTS_A_DAY[shape][kinds[0]], BURST_HEIGHT[shape]
        together[same] = TOGETHER[shape]
    units_h = np.where(group.on_foot, group.persons_h, group.vehicles_h)
    expected_h = units_h[:, None] * usual
    wanted_h = expected_h * day_factors(sites, rng)[:, None] * bursts(burst_mean, height, hours, rng)
    parties = rng.poisson(wanted_h * (group.step_s / 3600.0) / together[:, None])
    arrivals = (parties + rng.poisson(parties * (together[:, None] - 1.0))).astype(np.float64)

    staff = _on_duty(crews, crew_starts, seconds)
    manned = np.clip(np.nan_to_num(staff / group.required[:, None], nan=1.0), 0.0, 1.0)
    most = np.maximum(np.floor(group.lanes[:, None] * manned + 1e-9), 1.0)
    per_lane_h = group.per_lane_h[:, None] * rng.normal(1.0, 0.06, (sites, 1))
    planned = np.clip(np.ceil(expected_h / (per_lane_h * LOAD)), 1.0, most)
    result = serve(arrivals, np.broadcast_to(per_lane_h, arrivals.shape), planned, most, group.step_s)

    persons, vehicles = _people(group, result.served, usual, rng)
    inward = 0.5 + 0.1 * np.sin(2 * np.pi * (hours - 9.0) / 24.0)
    # Running sums begin with 0, so that any stretch of steps is a difference.
    counted = np.zeros((4, sites, steps + 1), dtype=np.int32)
    for at, total in ((0, persons), (2, vehicles)):
        came_in = rng.binomial(total, inward)
        np.cumsum(came_in, axis=1, out=counted[at, :, 1:])
        np.cumsum(total - came_in, axis=1, out=counted[at + 1, :, 1:])
    ended = np.zeros((sites, steps + 1, len(shares)), dtype=np.int32)
    for at, share in enumerate(shares):
        np.cumsum(rng.poisson(persons * share), axis=1, out=ended[:, 1:, at])
    room = np.where(group.on_foot, PERSON_M, VEHICLE_M)[:, None]
    return Day(
        group=group,
        start=start,
        counted=counted,
        outcomes=ended,
        queue_m=(result.waiting * room / result.lanes).astype(np.float32),
        wait_min=result.wait_min.astype(np.float32),
        lanes=result.lanes.astype(np.float32),
        staff=staff.astype(np.float32),
        silent=silent(outages, sites, group.phase_s, group.step_s, steps),
    )


def _people(group: Group, served: Floats, usual: Floats, rng: Generator) -> tuple[Ints, Ints]:
    """Persons and vehicles checked, from what went through the lanes."""
    passed = served.astype(np.int64)
    ratio = group.persons_h / np.maximum(group.vehicles_h, 1e-9)
    seats = np.clip(ratio, 1.0, OCCUPANTS)
    afoot_h = np.maximum(group.persons_h - seats * group.vehicles_h, 0.0)
    walkers = rng.poisson(afoot_h[:, None] * usual * (group.step_s / 3600.0))
    riders = passed + rng.poisson(passed * (seats[:, None] - 1.0))
    rides = rng.poisson(passed / np.maximum(ratio, 1.0)[:, None])
    on_foot = group.on_foot[:, None]
    return np.where(on_foot, passed, riders + walkers), np.where(on_foot, rides, passed)


def _on_duty(crews: list[Crew], starts: Floats, seconds: Floats) -> Floats:
    """Staff at each second of the day, from the crew on post then."""
    turn = np.searchsorted(starts, seconds, side="right") - 1
    parts = [crews[i].at(seconds[turn == i] - starts[i]) for i in range(len(crews))]
    return np.concatenate(parts, axis=1)
