"""Prefectures of any size for measuring: Lincang's sites over and over, and readings for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from data.profile import Profile, load_profile
from data.readings import Readings
from data.store.base import Written
from data.store.sqlite import SqliteStore
from layers.coverage import Spans


def crowd(sites: int) -> Profile:
    """The Lincang profile with so many sites; each copy holds the same stretch of border as its original."""
    base = load_profile("lincang")
    n = len(base.sites)
    pick = np.arange(sites) % n
    taken = base.sites.take(pick)
    ids = np.array([f"s{row:06d}" for row in range(sites)], dtype=object)
    spans, copies = base.site_spans, -(-sites // n)
    owner = np.concatenate([spans.owner + n * copy for copy in range(copies)])
    kept = owner < sites
    return replace(
        base,
        sites=replace(taken, site_id=ids),
        site_spans=Spans(
            owner[kept], np.tile(spans.from_km, copies)[kept], np.tile(spans.to_km, copies)[kept]
        ),
    )


def report(profile: Profile, rows: np.ndarray, at: int, rng: Generator, interval_s: int = 300) -> Readings:
    """A reading of each of these sites: about one site in a hundred waits for too long."""
    n = len(rows)
    wait = rng.exponential(6.5, n).round(1)
    required = profile.sites.staff_required[profile.spec.duty.current][rows]
    return Readings.of(
        site_id=profile.sites.site_id[rows],
        observed_at=np.full(n, at),
        interval_s=interval_s,
        persons_in=rng.poisson(9, n),
        persons_out=rng.poisson(9, n),
        vehicles_in=rng.poisson(4, n),
        vehicles_out=rng.poisson(4, n),
        queue_m=(wait * 12).round(),
        wait_min=wait,
        lanes_open=np.full(n, 2),
        staff_on_duty=required - (rng.random(n) < 0.01),
        method=np.full(n, "simulated", dtype=object),
    )


class Forgetful(SqliteStore):
    """Keeps alerts as the real store does, and lets readings go: what is measured is the step."""

    def write(self, rows: Readings) -> Written:
        """Everything is news."""
        return Written(accepted=len(rows), duplicate=0, corrected=0, fresh=rows)
