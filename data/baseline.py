"""What throughput is usual at each site: the same weekday and hour of past weeks, and of how many weeks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.profile import Profile
from data.store.base import Store

Floats = NDArray[np.float64]

QUARTER_S = 900
HALF_S = 1800
WEEK_DAYS = 7
SHARE = 20.0
"""What is usual is asked for again after so many times as long as the answer took."""
AGAIN_S = 120.0
"""... but not sooner than this: rows for past weeks may have come meanwhile."""


@dataclass(frozen=True, eq=False)
class Usual:
    """One value per site; NaN where not known."""

    persons: Floats
    vehicles: Floats
    """Per hour, the median of the weeks that were heard of."""
    samples: Floats
    """How many weeks those are."""

    @classmethod
    def unknown(cls, sites: int) -> Usual:
        """Of sites without a past."""
        return cls(np.full(sites, np.nan), np.full(sites, np.nan), np.zeros(sites))


def usual_at(profile: Profile, store: Store, at: int) -> Usual:
    """What was usual around a moment: the hour around its quarter, on the same weekday of past weeks.

    A week in which a site was not heard of counts for nothing; the local time of day is the same whatever
    clocks were put forward or back between.
    """
    spec, sites = profile.spec.usual, len(profile.sites)
    row_of = profile.sites.row
    local = datetime.fromtimestamp(at // QUARTER_S * QUARTER_S, profile.zone)
    persons, vehicles = np.full((spec.weeks, sites), np.nan), np.full((spec.weeks, sites), np.nan)
    span = store.span()
    for week in range(spec.weeks):
        middle = int((local - timedelta(days=WEEK_DAYS * (week + 1))).timestamp())
        if span is None or middle + HALF_S < span[0]:
            break
        totals = store.totals(middle - HALF_S, middle + HALF_S, 2 * HALF_S)
        rows = np.array([row_of.get(site, -1) for site in totals.site_id.tolist()], dtype=np.int64)
        persons[week, rows[rows >= 0]] = totals.persons[rows >= 0, 0]
        vehicles[week, rows[rows >= 0]] = totals.vehicles[rows >= 0, 0]
    samples = np.maximum(*((~np.isnan(one)).sum(axis=0) for one in (persons, vehicles))).astype(np.float64)
    few = samples < spec.samples_min
    return Usual(_median(persons, few), _median(vehicles, few), samples)


class Baseline:
    """What is usual now, asked of the store beside the steps; safe to call from any thread."""

    def __init__(
        self, profile: Profile, store: Store, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._profile, self._store, self._clock = profile, store, clock
        self._wanted = any(rule.metric == "surge" for rule in profile.spec.rules)
        self._unknown = Usual.unknown(len(profile.sites))
        self._known: tuple[int, Usual] | None = None
        self._next = 0.0
        self._lock = threading.Lock()

    def newest(self) -> Usual:
        """What was last found; nobody waits for it."""
        known = self._known
        return self._unknown if known is None else known[1]

    def refresh(self, at: int) -> None:
        """Ask for a moment, if its quarter was not asked for or rows may have come since."""
        quarter = at // QUARTER_S
        with self._lock:
            known = self._known
            if not self._wanted or (known and known[0] == quarter and self._clock() < self._next):
                return
            begun = self._clock()
            self._known = quarter, usual_at(self._profile, self._store, at)
            self._next = self._clock() + max(AGAIN_S, SHARE * (self._clock() - begun))

    def then(self, at: int) -> Usual:
        """What was usual at a moment of the past."""
        return usual_at(self._profile, self._store, at) if self._wanted else self._unknown


def _median(weeks: Floats, few: NDArray[np.bool_]) -> Floats:
    found = np.full(weeks.shape[1], np.nan)
    told = ~np.isnan(weeks).all(axis=0) & ~few
    found[told] = np.nanmedian(weeks[:, told], axis=0)
    return found
