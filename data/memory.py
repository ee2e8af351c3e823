"""The memories that a picture is drawn from, read back from the store as of a moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.build import new_memory, watched
from data.profile import Profile
from data.readings import Readings, Reports
from data.silence import no_data_after
from data.store.base import Store
from data.targets import targets_of
from data.watch import HOUR_S, SLACK_S, Watch
from data.windows import Recent, lookback_s, reach_s

Ints = NDArray[np.int64]
SILENT_S = 7 * 86_400
"""How far back a silent fence's last report is looked for; beyond it, it counts as never heard."""


def load(profile: Profile, store: Store, at: int) -> tuple[Recent, Watch]:
    """Memories that hold what matters at a moment, and nothing observed after it."""
    recent, watch = new_memory(profile)
    _put(recent, profile, store.read(at - lookback_s(profile.spec), at))
    site_id, newest = profile.sites.site_id, recent.newest
    unheard = np.isnan(newest.observed_at)
    if unheard.any():
        # However old: what a site said last shows since when it has been silent.
        _put(recent, profile, store.latest(at, None if unheard.all() else site_id[unheard].tolist()))
    # Sites that report seldom: their windows reach back further than the others' do.
    age, readings = at - newest.observed_at, profile.spec.readings
    slow = (age > readings.no_data_after_s) & (age <= no_data_after(newest.interval_s, readings))
    if slow.any():
        start = at - int(age[slow].max()) - reach_s(profile.spec)
        _put(recent, profile, store.read(start, at, site_id[slow].tolist()))
    reports = store.read_reports(at - watched_s(profile), at)
    fences = fence_rows(profile, reports)
    if len(set(fences[fences >= 0].tolist())) < watched(profile):
        # What a silent one said last shows since when it has been silent; its counts are long past.
        last = store.read_reports(at - SILENT_S, at - watched_s(profile), newest=True)
        rows = fence_rows(profile, last)
        watch.put(rows[rows >= 0], last.take(rows >= 0))
    watch.put(fences[fences >= 0], reports.take(fences >= 0))
    return recent, watch


def watched_s(profile: Profile) -> int:
    """How old a fence's report may be and still matter."""
    return max(HOUR_S + SLACK_S, profile.spec.readings.offline_after_s)


def site_rows(profile: Profile, readings: Readings) -> Ints:
    """The row of each reading's site; -1 for sites that the profile does not have."""
    row = profile.sites.row
    return np.array([row.get(one, -1) for one in readings.site_id.tolist()], dtype=np.int64)


def fence_rows(profile: Profile, reports: Reports) -> Ints:
    """The row of each report's fence, or, after all fences, of its device; -1 for what the profile lacks."""
    targets = targets_of(profile)
    fence, device = targets["fence"].row, targets["device"].row
    return np.array(
        [
            fence.get(name, -1) if kind == "fence" else device.get(name, -1 - len(fence)) + len(fence)
            for kind, name in zip(reports.target.tolist(), reports.target_id.tolist(), strict=True)
        ],
        dtype=np.int64,
    )


def _put(recent: Recent, profile: Profile, rows: Readings) -> None:
    sites = site_rows(profile, rows)
    recent.put(sites[sites >= 0], rows.take(sites >= 0))
