"""What if a site closes, or some of its lanes do: who takes what would have come, and the waits.

What can no longer be checked goes to the neighbours by what they could still take and by how far they are
(after D. L. Huff, "A probabilistic analysis of shopping center trade areas", 1963, with distance falling off
exponentially). The waits are those of `queueing` with lanes as they are; beside them stands how many lanes a
neighbour would need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.advice import AIM_MIN, PART_S, follow
from data.service_rate import Service

Floats = NDArray[np.float64]

FALLS_KM = 15.0
"""A neighbour so much farther takes about a third as much."""
MOST_KM = 80.0
"""Where roads are few the next site may be an hour away."""
MOST_NEIGHBOURS = 6
LEAST_SHARE = 0.005
"""Who takes less is not told of."""
FULL = 0.95
"""The share of its lanes' pace that a site takes on without a queue that grows."""


@dataclass(frozen=True, eq=False)
class Standing:
    """A site as it stands, and what comes to it."""

    site_id: str
    name: str
    wait_min: float
    lanes_open: int
    lanes_total: int
    service: Service
    come: Floats
    """Per hour, in steps of `advice.PART_S` from now on; half an hour at least."""


@dataclass(frozen=True, eq=False)
class Neighbour:
    """A site that may take over, and how far it is."""

    standing: Standing
    km: float
    by: str
    """`road` or `straight`."""


@dataclass(frozen=True)
class Taking:
    """What becomes of a neighbour; waits are in half an hour, with its lanes as they are."""

    site_id: str
    name: str
    km: float
    by: str
    share: float
    """Of all that goes elsewhere, 0–1."""
    more_h: float
    """So many more per hour."""
    wait_min: float
    """Now."""
    wait_without: float
    """If nothing is closed."""
    wait_with: float
    lanes_open: int
    lanes_needed: int | None
    """The fewest that keep the wait under the threshold; None: all of its lanes do not."""


@dataclass(frozen=True)
class Outcome:
    """What follows from closing."""

    site_id: str
    lanes_before: int
    lanes_left: int
    unit: str
    wait_min: float
    wait_without: float
    wait_with: float | None
    """Of who still goes there; None where it is closed."""
    leaves_h: float
    """How many per hour go elsewhere, on average over the half hour; the queue of a closed site with them."""
    taken_by: tuple[Taking, ...]
    """By what each takes, most first; empty where there is no neighbour within MOST_KM."""


def what_if(
    site: Standing, lanes_left: int, neighbours: Sequence[Neighbour], threshold_min: float
) -> Outcome:
    """Keep `lanes_left` lanes of a site open, 0 to close it, and see its neighbours' waits."""
    parts = AIM_MIN * 60 // PART_S
    come = site.come[:parts]
    pace = lanes_left * site.service.per_lane_h
    leaves = np.maximum(come - FULL * pace, 0.0)
    if lanes_left == 0:
        standing = site.wait_min / 60.0 * max(site.lanes_open, 1) * site.service.per_lane_h
        leaves = come + standing / (AIM_MIN / 60.0)
    stay = replace(site, come=come - np.minimum(leaves, come))
    same = [one for one in neighbours if one.standing.service.unit == site.service.unit]
    near = sorted((one for one in same if one.km <= MOST_KM), key=lambda one: (one.km, one.standing.site_id))
    near = near[:MOST_NEIGHBOURS]
    shares = _shares(near)
    taken = [
        _taking(one, share, leaves, threshold_min)
        for one, share in zip(near, shares, strict=True)
        if share >= LEAST_SHARE
    ]
    return Outcome(
        site_id=site.site_id,
        lanes_before=site.lanes_open,
        lanes_left=lanes_left,
        unit=site.service.unit,
        wait_min=site.wait_min,
        wait_without=_wait_then(site, site.lanes_open, threshold_min),
        wait_with=_wait_then(stay, lanes_left, threshold_min) if lanes_left else None,
        leaves_h=float(leaves.mean()),
        taken_by=tuple(sorted(taken, key=lambda one: -one.share)),
    )


def _shares(near: Sequence[Neighbour]) -> Floats:
    """How what leaves is shared out: by room and nearness; where nobody has room, by size and nearness."""
    if not near:
        return np.array([])
    sites = [one.standing for one in near]
    pace = np.array([site.lanes_total * site.service.per_lane_h for site in sites])
    room = np.maximum(
        FULL * pace - [float(site.come[: AIM_MIN * 60 // PART_S].mean()) for site in sites], 0.0
    )
    weight = (room if room.sum() > 0 else pace) * np.exp(-np.array([one.km for one in near]) / FALLS_KM)
    # Where all are so far that nothing is left of their weight, the nearest takes it.
    return np.asarray(weight / weight.sum() if weight.sum() > 0 else np.eye(len(near))[0], dtype=np.float64)


def _taking(one: Neighbour, share: float, leaves: Floats, threshold_min: float) -> Taking:
    site = one.standing
    more = replace(site, come=site.come[: len(leaves)] + share * leaves)
    options = follow(
        site.wait_min,
        more.come,
        (site.lanes_open, site.lanes_total),
        service=site.service,
        threshold_min=threshold_min,
    )
    enough = (option.lanes for option in options if option.wait_min < threshold_min)
    return Taking(
        site_id=site.site_id, name=site.name, km=one.km, by=one.by,
        share=float(share),
        more_h=float(share * leaves.mean()),
        wait_min=site.wait_min,
        wait_without=_wait_then(site, site.lanes_open, threshold_min),
        wait_with=options[0].wait_min,
        lanes_open=site.lanes_open,
        lanes_needed=next(enough, None),
    )  # fmt: skip


def _wait_then(site: Standing, lanes: int, threshold_min: float) -> float:
    """The wait in half an hour with so many lanes, of which the queue before the open ones is shared."""
    wait = site.wait_min * max(site.lanes_open, 1) / max(lanes, 1)
    come = site.come[: AIM_MIN * 60 // PART_S]
    return follow(wait, come, (lanes, lanes), service=site.service, threshold_min=threshold_min)[0].wait_min
