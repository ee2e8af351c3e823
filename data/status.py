"""What state a site is in, from its newest reading and how old it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.picture import STATUSES
from data.silence import no_data_after, offline_after
from data.spec import ReadingsSpec, StatusSpec
from data.windows import Newest

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]

NORMAL, BUSY, CONGESTED, NO_DATA, OFFLINE, CLOSED = range(len(STATUSES))
NAMES = np.array(STATUSES, dtype=object)


def status_codes(
    newest: Newest,
    lanes_total: Floats,
    at: int,
    *,
    status: StatusSpec,
    readings: ReadingsSpec,
    watched_since: Floats | None = None,
) -> Codes:
    """Indices into STATUSES, one per site.

    A site that never reported has no data, and is offline once it has been waited for that long
    (`watched_since`, epoch seconds; None where nobody waits). A site with lanes that reports none of them
    open is closed.
    Silence begins past `no_data_after_s` or one and a half of the newest reading's own intervals, whichever
    is longer, and becomes offline past `offline_after_s` or three of them.
    """
    age = at - newest.observed_at
    code = np.full(len(age), NORMAL, np.int8)
    code[(newest.wait_min >= status.busy_wait_min) | (newest.queue_m >= status.busy_queue_m)] = BUSY
    code[(newest.wait_min >= status.congested_wait_min) | (newest.queue_m >= status.congested_queue_m)] = (
        CONGESTED
    )
    code[(newest.lanes_open == 0) & (lanes_total != 0)] = CLOSED
    code[~(age <= no_data_after(newest.interval_s, readings))] = NO_DATA
    silent = age if watched_since is None else np.where(np.isnan(age), at - watched_since, age)
    code[silent > offline_after(newest.interval_s, readings)] = OFFLINE
    return code


def is_live(code: Codes) -> NDArray[np.bool_]:
    """Whether a site's newest reading is young enough to be shown as true now."""
    return np.asarray((code != NO_DATA) & (code != OFFLINE), bool)
