"""How many one lane checks in an hour, from the times when a queue stood; and how many came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.queueing import CALMEST, WILDEST
from data.readings import Readings
from data.site_past import WAITS, SitePast, both_ways

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STOOD_MIN = 3.0
"""With a wait as long as this before and after, all open lanes were at work throughout."""
PRIOR_LANE_H = 5.0
"""The capacity that the profile states weighs as much as so many hours of a lane at work."""
TELLING_LANE_H = 2.0
"""With less the counts do not tell whether persons or vehicles stand in the queue."""
LIKELY = 0.2
"""Vehicles stand in queues: only where persons fit so much better (a fifth) is it taken to be persons."""
FEWEST = 60
"""Readings at an interval of minutes, below which the spread is not measured."""
SHORT_S = 300.0


@dataclass(frozen=True)
class Service:
    """What one lane of a site does."""

    unit: str
    """`vehicles` or `persons`: what stands in the queue."""
    per_lane_h: float
    """Checked per hour by a lane that is never idle."""
    lane_hours: float
    """Hours of lanes at work that it was measured in; 0: it is the profile's capacity alone."""
    spread: float
    """The mean of the squared coefficients of variation of arrivals and of checks; 1 where not measured."""


def service_of(rows: Readings, persons_per_lane_h: float, vehicles_per_lane_h: float) -> Service | None:
    """The service of one site from its readings, ordered by time, and its stated capacities (NaN: none).

    Counts of a Poisson flow with the capacity as a Gamma prior: the more was seen, the less it weighs. None
    where neither is known.
    """
    stated = {"vehicles": vehicles_per_lane_h, "persons": persons_per_lane_h}
    counts = {
        "vehicles": both_ways(rows.vehicles_in, rows.vehicles_out),
        "persons": both_ways(rows.persons_in, rows.persons_out),
    }
    lanes = np.where(np.isnan(rows.lanes_open), 1.0, rows.lanes_open)
    stood = _stood(rows, lanes)
    found: dict[str, tuple[float, Service]] = {}
    for unit in WAITS:
        with_queue = stood & ~np.isnan(counts[unit])
        lane_h = float((lanes * rows.interval_s)[with_queue].sum()) / 3600.0
        done = float(counts[unit][with_queue].sum())
        capacity = stated[unit] if stated[unit] > 0 else np.nan
        prior = 0.0 if np.isnan(capacity) else PRIOR_LANE_H
        if (lane_h < TELLING_LANE_H and not prior) or not np.nansum(counts[unit]) > 0:
            continue
        rate = (done + (prior * capacity if prior else 0.0)) / (lane_h + prior)
        if rate <= 0:
            continue
        # Where both are stated, what stands in the queue is what goes through at the stated rate.
        off = abs(np.log(max(done / lane_h, 1e-9) / capacity)) if lane_h >= TELLING_LANE_H and prior else 0.0
        off += LIKELY if unit == "persons" else 0.0
        spread = _spread(rows, counts[unit], with_queue)
        found[unit] = (off, Service(unit, rate, lane_h, spread))
    if not found:
        return None
    return min(found.values(), key=lambda one: one[0])[1]


def arrivals_h(past: SitePast, service: Service) -> Floats:
    """How many came per hour in each step: those who were checked, and those by which the queue grew.

    Who was sent another way before joining is not counted. NaN where the checked are not known.
    """
    checked = past.counted_h[service.unit]
    queue = past.wait_min / 60.0 * past.lanes * service.per_lane_h
    step_h = np.diff(past.ends, prepend=past.ends[:1] - 1) / 3600.0
    gained = np.diff(queue, prepend=np.nan) / step_h if len(queue) else queue
    return np.maximum(np.where(np.isnan(gained), checked, checked + gained), 0.0)


def _stood(rows: Readings, lanes: Floats) -> Bools:
    """In which readings a queue stood all the while before the same lanes."""
    waits = rows.wait_min >= STOOD_MIN
    stood = np.zeros(len(rows), bool)
    if len(rows) > 1:
        joined = np.abs(rows.observed_at[1:] - rows.interval_s[1:] - rows.observed_at[:-1]) <= 1.0
        stood[1:] = waits[1:] & waits[:-1] & joined & (lanes[1:] == lanes[:-1]) & (lanes[1:] > 0)
    return stood


def _spread(rows: Readings, counts: Floats, with_queue: Bools) -> float:
    """Half of how counts scatter without a queue (arrivals), half of how they do with one (checks).

    From neighbouring counts, so that a day's slow rise is not taken for scatter. 1 where too few tell.
    """
    short = (rows.interval_s <= SHORT_S) & ~np.isnan(counts)
    parts = []
    for which in (short & ~with_queue & (rows.wait_min < STOOD_MIN), short & with_queue):
        pair = which[1:] & which[:-1]
        mean = float(counts[1:][pair].mean()) if pair.sum() >= FEWEST else 0.0
        if mean <= 0:
            return 1.0
        step = np.diff(counts)[pair]
        parts.append(float((step**2).mean()) / 2.0 / mean)
    return float(np.clip(np.mean(parts), CALMEST, WILDEST))
