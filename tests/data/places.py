"""The small profile and readings for it, for the tests of the picture and the engine."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from data.build import Look, build, look, new_memory
from data.picture import Picture
from data.profile import Profile, load_profile
from data.readings import Readings, Reports
from data.watch import Watch
from data.windows import Recent

SMALL = Path(__file__).parents[1] / "profiles" / "small"
NOON = 1_790_136_000
"""2026-09-23 12:00 in Asia/Shanghai, a Wednesday."""
MIDNIGHT = NOON - 12 * 3600


@lru_cache
def small() -> Profile:
    return load_profile(SMALL)


def one(site_id: str, at: int, **columns: Any) -> Readings:
    """One reading."""
    return Readings.of(
        site_id=[site_id], observed_at=[at], **{key: [value] for key, value in columns.items()}
    )


def wait(value: float, seconds: int, site: str = "c1") -> Readings:
    """A fully manned site's wait, so many seconds after noon."""
    return one(site, NOON + seconds, wait_min=value, staff_on_duty=20)


def every(profile: Profile, at: int, **columns: Any) -> Readings:
    """The same reading from every site."""
    ids = profile.sites.site_id.tolist()
    return Readings.of(site_id=ids, observed_at=[at] * len(ids), **columns)


def fence(fence_id: str, at: int, state: str = "up", into: float = np.nan, out: float = np.nan) -> Reports:
    """One fence's report."""
    return Reports(
        target=np.array(["fence"], dtype=object),
        target_id=np.array([fence_id], dtype=object),
        observed_at=np.array([at]),
        state=np.array([state], dtype=object),
        crossings_in=np.array([into]),
        crossings_out=np.array([out]),
    )


def remember(
    profile: Profile, readings: Iterable[Readings] = (), reports: Iterable[Reports] = ()
) -> tuple[Recent, Watch]:
    """Memories that took these rows one after the other."""
    recent, watch = new_memory(profile)
    for rows in readings:
        recent.put(np.array([profile.sites.row[site] for site in rows.site_id]), rows)
    fences = profile.fences["fence_id"].tolist()
    for rows in reports:
        watch.put(np.array([fences.index(target) for target in rows.target_id]), rows)
    return recent, watch


def view_of(
    profile: Profile, at: int, readings: Iterable[Readings] = (), reports: Iterable[Reports] = ()
) -> Look:
    """What these rows show at a moment."""
    return look(profile, *remember(profile, readings, reports), at)


def picture_of(profile: Profile, view: Look, **more: Any) -> Picture:
    """A picture without alerts."""
    from data.opened import Open

    return build(profile, view, {rule.id: Open.none() for rule in profile.spec.rules}, revision=1, **more)
