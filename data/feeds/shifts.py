"""Who stands where and who falls silent, made up: four teams in turn, and links that break and mend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SHIFT_S = 8 * 3600
"""Three states, eight hours on post; the four teams take turns."""
TEAM_STRETCH = (0.8, 0.9, 1.0, 1.3)
"""How often each team is short, beside the others: shifts are not divided evenly."""
WEEKEND_STRETCH = 1.3
SHORT = {True: 0.025, False: 0.0025}
"""Chance that a checkpoint, or another post, starts a shift below what the duty level asks."""
OUTAGES_A_DAY = 0.26
"""Mean number of times a day that a site falls silent."""
CLUSTERS_A_DAY = 1.5
"""Mean number of times a day that a link serving several neighbours fails."""


@dataclass(frozen=True, eq=False)
class Crew:
    """One shift at every site."""

    staff: Floats
    """On duty once the shift is complete; NaN where the duty level asks nothing."""
    missing: Floats
    """Fewer than that, until reinforced."""
    reinforced_s: Floats
    """Seconds into the shift when those missing have come."""

    def take(self, rows: Ints) -> Crew:
        """The same shift at some of the sites."""
        return Crew(self.staff[rows], self.missing[rows], self.reinforced_s[rows])

    def at(self, into_shift_s: Floats) -> Floats:
        """Staff on duty at seconds into the shift; shape (sites, times)."""
        late = into_shift_s < self.reinforced_s[:, None]
        staff: Floats = self.staff[:, None] - np.where(late, self.missing[:, None], 0.0)
        return staff


def crew(required: Floats, checkpoint: Bools, shift: int, busy_day: bool, rng: Generator) -> Crew:
    """The team whose turn it is; `shift` counts shifts since the epoch."""
    sites = len(required)
    chance = np.where(checkpoint, SHORT[True], SHORT[False]) * TEAM_STRETCH[shift % len(TEAM_STRETCH)]
    short = rng.random(sites) < chance * (WEEKEND_STRETCH if busy_day else 1.0)
    missing = np.maximum(np.round(required * rng.uniform(0.12, 0.4, sites)), 1.0)
    more = np.where(rng.random(sites) < np.where(checkpoint, 0.35, 0.08), rng.integers(1, 3, sites), 0)
    return Crew(
        staff=required + np.where(short, 0, more),
        missing=np.where(short, np.minimum(missing, required), 0.0),
        reinforced_s=rng.uniform(3600.0, 6.5 * 3600.0, sites),
    )


@dataclass(frozen=True, eq=False)
class Outages:
    """Times when a site brings nothing, a row per outage, in seconds from the day's start."""

    row: Ints
    start_s: Floats
    end_s: Floats


def outages(lon: Floats, lat: Floats, kind: NDArray[np.object_], rng: Generator) -> Outages:
    """A day's outages: most of ten minutes to an hour, a few of hours, some of neighbours at once."""
    count = rng.poisson(OUTAGES_A_DAY, len(lon))
    row = np.repeat(np.arange(len(lon)), count)
    start = rng.uniform(0.0, 86400.0, len(row))
    minutes = np.clip(rng.lognormal(3.1, 0.6, len(row)), 6.0, 70.0)
    minutes = np.where(rng.random(len(row)) < 0.04, rng.uniform(90.0, 300.0, len(row)), minutes)
    rows, starts, ends = [row], [start], [start + minutes * 60]
    for _ in range(rng.poisson(CLUSTERS_A_DAY) if len(lon) else 0):
        middle = int(rng.integers(len(lon)))
        away = np.hypot((lon - lon[middle]) * np.cos(np.radians(lat[middle])), lat - lat[middle])
        away[kind != kind[middle]] = np.inf
        near = np.argsort(away, kind="stable")[: int(rng.integers(2, 6))]
        near = near[np.isfinite(away[near])]
        begin, length = rng.uniform(0.0, 86400.0), rng.uniform(25.0, 90.0) * 60
        rows.append(near)
        starts.append(np.full(len(near), begin))
        ends.append(np.full(len(near), begin + length))
    return Outages(np.concatenate(rows), np.concatenate(starts), np.concatenate(ends))


def silent(outages_: Outages, sites: int, phase_s: Floats, step_s: float, steps: int) -> Bools:
    """Which readings never come; reading k of a site would come `phase + k * step` into the day."""
    first = np.ceil((outages_.start_s - phase_s[outages_.row]) / step_s).astype(np.int64)
    last = np.ceil((outages_.end_s - phase_s[outages_.row]) / step_s).astype(np.int64)
    change = np.zeros((sites, steps + 1), dtype=np.int32)
    np.add.at(change, (outages_.row, np.clip(first, 0, steps)), 1)
    np.add.at(change, (outages_.row, np.clip(last, 0, steps)), -1)
    return np.asarray(np.cumsum(change, axis=1)[:, :steps] > 0)
