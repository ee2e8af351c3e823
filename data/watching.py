"""Since when the board has waited for each site: one that never reported is silent, not unknown."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import orjson
from numpy.typing import NDArray

from data.store.base import Store

Floats = NDArray[np.float64]

_KEY = "watched_since"


def watching_since(store: Store, site_ids: Iterable[str], at: int | None = None) -> Floats:
    """When an engine first waited for each site, in epoch seconds; for those it does not know yet, `at`.

    Without `at` it only looks: nobody has waited yet for those, infinity.
    Kept in the store: a restart does not begin the wait anew, and a past picture counts as the live one did.
    """
    kept: dict[str, int] = orjson.loads(store.get_meta(_KEY) or "{}")
    if at is None:
        return np.array([kept.get(site, np.inf) for site in site_ids], dtype=np.float64)
    now = {site: kept.get(site, at) for site in site_ids}
    if now != kept:
        # A site that left the profile and comes back is waited for anew.
        store.set_meta(_KEY, orjson.dumps(now).decode())
    return np.array(list(now.values()), dtype=np.float64)
