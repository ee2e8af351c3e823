"""When a site counts as silent: a reading speaks for its own interval, so age alone does not say it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.spec import ReadingsSpec

Floats = NDArray[np.float64]

LATE, GONE = 1.5, 3.0
"""Intervals after which the next reading is late, and after which nobody waits for it any more."""


def no_data_after(interval_s: Floats, spec: ReadingsSpec) -> Floats:
    """The age beyond which each site has no data, in seconds, by the interval of its newest reading."""
    return np.fmax(spec.no_data_after_s, LATE * interval_s)


def offline_after(interval_s: Floats, spec: ReadingsSpec) -> Floats:
    """The age beyond which each site is offline, in seconds."""
    return np.fmax(spec.offline_after_s, GONE * interval_s)


def age_meant(threshold: Floats | float, interval_s: Floats, spec: ReadingsSpec) -> Floats:
    """The age that a rule's threshold on `data_age_s` means at each site, in seconds.

    Never less than what the site's own interval explains, counted as for the status: one and a half
    intervals, and three from `offline_after_s` up. So no rule holds against a site that is not late, and a
    rule with the status's own threshold holds exactly when the status turns.
    """
    times = np.where(np.asarray(threshold) >= spec.offline_after_s, GONE, LATE)
    return np.asarray(np.fmax(threshold, times * interval_s), np.float64)
