"""Since when the board has waited for each site, fence and device: silent, not unknown, if it never spoke."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import orjson
from numpy.typing import NDArray

from data.profile import Profile
from data.store.base import Store
from data.targets import targets_of

Floats = NDArray[np.float64]

_KEY = "watched_since"


def awaited(profile: Profile) -> list[str]:
    """Who is waited for: the ids of the sites, then of the fences and of the devices, marked as such."""
    targets = targets_of(profile)
    fences, devices = targets["fence"].ids.tolist(), targets["device"].ids.tolist()
    return [
        *profile.sites.site_id.tolist(),
        *(f"fence {fence_id}" for fence_id in fences),
        *(f"device {device_id}" for device_id in devices),
    ]


def watching_since(store: Store, ids: Iterable[str], at: int | None = None) -> Floats:
    """When an engine first waited for each of these, in epoch seconds; for those it does not know yet, `at`.

    Without `at` it only looks: nobody has waited yet for those, infinity.
    Kept in the store: a restart does not begin the wait anew, and a past picture counts as the live one did.
    """
    kept: dict[str, int] = orjson.loads(store.get_meta(_KEY) or "{}")
    if at is None:
        return np.array([kept.get(one, np.inf) for one in ids], dtype=np.float64)
    now = {one: kept.get(one, at) for one in ids}
    if now != kept:
        # Who left the profile and comes back is waited for anew.
        store.set_meta(_KEY, orjson.dumps(now).decode())
    return np.array(list(now.values()), dtype=np.float64)
