"""Days of the small profile's three checkpoints, with a rush every afternoon; what foresight is tried on."""

from __future__ import annotations

import numpy as np

from data.feeds.queue import serve
from data.readings import Readings
from data.store.base import Store

DAYS = 5
STEP_S = 300
PACE = {"c1": 100.0, "c2": 80.0, "c3": 75.0}
"""Vehicles that a lane checks in an hour."""
LANES = {"c1": 3.0, "c2": 2.0, "c3": 1.0}


def rushes(store: Store, end: int, *, days: int = DAYS, sites: tuple[str, ...] = ("c1", "c2", "c3")) -> None:
    """Readings every five minutes up to `end`, epoch seconds: for some hours of each day more come than the
    open lanes take, the last time an hour before the end; waits are those of a queue that is served.
    """
    steps = days * 86400 // STEP_S
    at = end - STEP_S * np.arange(steps)[::-1]
    rng = np.random.default_rng(11)
    for site in sites:
        hours = (at - end) % 86400 / 3600
        swell = np.exp(-(((hours - 22.9) / 1.0) ** 2)) * rng.uniform(0.8, 1.3, steps // 288).repeat(288)
        come = rng.poisson(PACE[site] * LANES[site] * (0.35 + 1.3 * swell) * STEP_S / 3600).astype(float)
        open_ = np.full((1, steps), LANES[site])
        served = serve(come[None, :], np.full((1, steps), PACE[site]), open_, open_, STEP_S)
        store.write(
            Readings.of(
                site_id=[site] * steps,
                observed_at=at,
                interval_s=float(STEP_S),
                vehicles_in=served.served[0],
                persons_in=2 * served.served[0],
                wait_min=np.round(served.wait_min[0], 1),
                lanes_open=open_[0],
                staff_on_duty=8.0,
                method="simulated",
            )
        )
