"""A queue before several lanes, at many sites at once: arrivals against lanes and what a lane can check."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OPEN_AT_MIN = 18.0
"""A site opens one more lane when the wait passes this."""
CLOSE_AT_MIN = 4.0
"""... and closes it again when the wait is below this."""
REACT_S = 1200.0
"""How long a site takes between two such changes."""
DIVERT_FROM_MIN, DIVERT_ALL_MIN = 30.0, 80.0
"""From the first wait on traffic is diverted upstream, the more the longer; at the second nobody joins."""


@dataclass(frozen=True, eq=False)
class Served:
    """What became of the arrivals; every array has the shape (sites, steps)."""

    served: Floats
    """Checked within the step."""
    waiting: Floats
    """Standing before the lanes at the end of the step; those being checked are not counted."""
    present: Floats
    """Waiting or being checked, at the end of the step."""
    wait_min: Floats
    """How long someone who joins at the end of the step will wait, at this pace."""
    lanes: Floats
    """Open during the step."""
    diverted: Floats
    """Sent another way before they joined, within the step."""


def serve(arrivals: Floats, per_lane_h: Floats, planned: Floats, most: Floats, step_s: float) -> Served:
    """Runs the queue from empty, first come, first served.

    `arrivals` are whole numbers; `per_lane_h` is what one lane checks in an hour; `planned` lanes are open
    unless the wait asks for more, up to `most`. All have the shape (sites, steps).
    """
    # Steps first: the loop below reads and writes whole rows.
    arriving, pace = arrivals.T.copy(), (per_lane_h * (step_s / 3600.0)).T.copy()
    least, limit = planned.T.copy(), np.maximum(most, planned).T.copy()
    minutes = step_s / 60.0
    shape = arriving.shape
    served, waiting, present = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    wait_min, lanes, diverted = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    here, progress, extra, wait, part = (np.zeros(shape[1]) for _ in range(5))
    since = np.full(shape[1], REACT_S)
    for step in range(shape[0]):
        share = np.clip((wait - DIVERT_FROM_MIN) / (DIVERT_ALL_MIN - DIVERT_FROM_MIN), 0.0, 1.0)
        part += arriving[step] * share
        away = np.minimum(np.floor(part), arriving[step])
        part -= away
        here = here + arriving[step] - away
        diverted[step] = away
        open_ = least[step] + np.minimum(extra, limit[step] - least[step])
        wait = np.maximum(here - open_, 0.0) / (open_ * pace[step]) * minutes
        ready = since >= REACT_S
        change = np.where(
            ready & (wait > OPEN_AT_MIN), 1.0, np.where(ready & (wait < CLOSE_AT_MIN), -1.0, 0.0)
        )
        changed = np.clip(extra + change, 0.0, limit[step] - least[step])
        since = np.where(changed != extra, 0.0, since + step_s)
        extra = changed
        open_ = least[step] + extra
        # Only lanes with someone in them make progress, and an idle lane saves up nothing.
        progress += np.minimum(here, open_) * pace[step]
        done = np.floor(np.minimum(here, progress))
        here = here - done
        progress = np.minimum(progress - done, np.minimum(here, open_))
        queue = np.maximum(here - open_, 0.0)
        wait = queue / (open_ * pace[step]) * minutes
        served[step], waiting[step], present[step] = done, queue, here
        wait_min[step], lanes[step] = wait, open_
    return Served(served.T, waiting.T, present.T, wait_min.T, lanes.T, diverted.T)
