"""A queue before several lanes: how many wait at a steady load, and how a queue moves when the load changes.

Steady state: Erlang C (A. K. Erlang, 1917) scaled by the spread of arrivals and of checks (Allen and Cunneen;
with one lane this is Kingman's formula of 1961). Between steady states: the pointwise stationary fluid
approximation (Wang, Tipper and Banerjee, IEEE INFOCOM 1996): so many are served as would be in a steady state
with as many present. Over capacity that is a fluid: what comes in excess stands.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FULLEST = 0.995
"""The highest steady load in the tables; with more present than that all lanes are taken as busy."""
GRID = 200
CALMEST, WILDEST = 0.25, 4.0
"""Between which spreads are believed; 1 is that of chance arrivals and of checks of any length."""
STEP_S = 60.0
"""Longest step of the integration."""


def erlang_c(lanes: int, load: float | Floats) -> Floats:
    """The probability that someone who comes must wait; `load` is arrivals divided by what one lane checks.

    1 where the lanes cannot keep up. By the recursion of Erlang B, which neither overflows nor loses digits.
    """
    offered = np.asarray(load, dtype=np.float64)
    blocked = np.ones_like(offered)
    for lane in range(1, lanes + 1):
        blocked = offered * blocked / (lane + offered * blocked)
    with np.errstate(invalid="ignore", divide="ignore"):
        busy = offered / lanes
        waits = blocked / (1.0 - busy * (1.0 - blocked))
    return np.where(busy < 1.0, waits, 1.0)


def mean_waiting(lanes: int, busy: float | Floats, spread: float = 1.0) -> Floats:
    """How many stand before the lanes on average, in a steady state; `busy` is the lanes' share of work, 0–1.

    `spread` is the mean of the squared coefficients of variation of arrivals and of checks.
    Infinite from 1 on.
    """
    share = np.asarray(busy, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        queue = erlang_c(lanes, lanes * share) * share / (1.0 - share) * spread
    return np.where(share < 1.0, queue, np.inf)


@lru_cache(maxsize=512)
def _table(lanes: int, spread: float) -> tuple[Floats, Floats]:
    """How many are present in a steady state, rising, and the share of work at which that is so."""
    # Close to saturation the queue rises steeply: the grid is finer there.
    busy = FULLEST * (1.0 - (1.0 - np.linspace(0.0, 1.0, GRID)) ** 2)
    present = lanes * busy + mean_waiting(lanes, busy, spread)
    return np.append(present, present[-1] + lanes), np.append(busy, 1.0)


def work_share(present: Floats, lanes: Floats, spread: float = 1.0) -> Floats:
    """The share of the lanes that is at work with so many present, 0–1."""
    spread = round(float(np.clip(spread, CALMEST, WILDEST)), 1)
    share = np.empty(len(present))
    for count in np.unique(lanes):
        same = lanes == count
        known, busy = _table(max(int(count), 1), spread)
        share[same] = np.interp(present[same], known, busy)
    return share


def waits_ahead(
    wait_min: Floats,
    arrivals_h: Floats,
    lanes: Floats,
    per_lane_h: float | Floats,
    *,
    step_s: float,
    spread: float = 1.0,
) -> Floats:
    """How long someone who joins at the end of each step will wait, minutes; shape (queues, steps).

    `wait_min` is the wait at the start, `arrivals_h` what comes per hour in each step, shape (queues, steps);
    `lanes` stay open throughout. With no lane open the wait is infinite as soon as anybody stands.
    """
    lanes = np.asarray(lanes, dtype=np.float64)
    pace_h = np.broadcast_to(np.asarray(per_lane_h, dtype=np.float64), lanes.shape)
    open_ = np.maximum(lanes, 1.0)
    whole_h = np.where(lanes > 0, lanes * pace_h, 0.0)
    # So short that nobody is checked more than half within a step, else the sum would swing.
    quickest = float(pace_h.max(initial=1.0))
    count = int(np.ceil(step_s / min(STEP_S, 1800.0 / max(quickest, 1e-9))))
    part_h = step_s / count / 3600.0
    with np.errstate(invalid="ignore", divide="ignore"):
        busy = np.where(whole_h > 0, np.minimum(arrivals_h[:, 0] / whole_h, 1.0), 1.0)
    present = wait_min / 60.0 * np.maximum(whole_h, pace_h) + open_ * busy * (lanes > 0)
    waits = np.empty(arrivals_h.shape)
    for step in range(arrivals_h.shape[1]):
        for _ in range(count):
            done = work_share(present, open_, spread) * whole_h
            present = np.maximum(present + (arrivals_h[:, step] - done) * part_h, 0.0)
        waiting = np.maximum(present - open_ * work_share(present, open_, spread) * (lanes > 0), 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            wait = np.where(whole_h > 0, 60.0 * waiting / whole_h, np.where(waiting > 0, np.inf, 0.0))
        waits[:, step] = wait
    return waits
