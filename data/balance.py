"""Whether queue, wait and throughput can all be true: by Little's law as many stand as come while one waits.

J. D. C. Little, "A proof for the queuing formula L = λW", Operations Research 9 (1961). It holds of any queue
over a time in which it neither grows nor shrinks by much; throughput stands for arrivals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.spec_rules import BalanceSpec

if TYPE_CHECKING:
    from data.picture import SiteState

Floats = NDArray[np.float64]


def expected_m(per_hour: Floats, wait_min: Floats, lanes_open: Floats, room_m: float) -> Floats:
    """How long the queue must be, metres in each open lane, `room_m` for each who waits; NaN if not known."""
    lanes = np.where(lanes_open > 0, lanes_open, 1.0)
    return np.asarray(per_hour * wait_min / 60.0 * room_m / lanes, np.float64)


def expected_queue(state: SiteState, spec: BalanceSpec) -> Floats:
    """How long the queue must be by wait and throughput, metres.

    Whether persons or vehicles stand in it nobody says: where both are counted, what agrees better is meant.
    """
    # A reading has one queue and one wait for both: of vehicles on a motorway, of persons at a crossing whose
    # vehicles have a lane of their own, and the kind of a site does not tell which. The alert says that the
    # numbers cannot all be true, so it waits until neither can be meant: one wrong costs the others belief.
    persons = expected_m(state.persons_per_hour, state.wait_min, state.lanes_open, spec.person_m)
    vehicles = expected_m(state.vehicles_per_hour, state.wait_min, state.lanes_open, spec.vehicle_m)
    nearer = imbalance(state.queue_m, persons, spec) < imbalance(state.queue_m, vehicles, spec)
    return np.where(np.isnan(vehicles) | nearer, persons, vehicles)


def imbalance(queue_m: Floats, expected: Floats, spec: BalanceSpec) -> Floats:
    """How many times longer or shorter the queue is than it must be, 1 or more; NaN where not known."""
    told, must = queue_m + spec.slack_m, expected + spec.slack_m
    return np.asarray(np.maximum(told, must) / np.minimum(told, must), np.float64)
