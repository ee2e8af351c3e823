"""Since when each site is on each video round: nobody is late for a turn of before."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import orjson
from numpy.typing import NDArray

from data.profile import Profile
from data.rota import members, rounds_of, times_of
from data.spec import RoundSpec
from data.store.base import Store

Floats = NDArray[np.float64]

_KEY = "rounds_begun"


def begun(store: Store, profile: Profile, at: int | None = None) -> dict[str, Floats]:
    """Round id to when each of its sites came to it, epoch seconds, in the order of `rota.members`.

    Those that the store does not know yet come at `at`; without it, never (infinity). A round whose times
    were edited begins anew, and so does a site that left a round and comes back. Kept in the store: a restart
    begins nothing anew, and a past picture asks for the same turns as the live one did.
    """
    kept: dict[str, dict[str, int]] = orjson.loads(store.get_meta(_KEY) or "{}")
    now: dict[str, dict[str, float]] = {}
    found = {}
    for round_id, spec in rounds_of(profile).items():
        known = kept.get(_mark(spec), {})
        sites = profile.sites.site_id[members(profile, round_id)].tolist()
        since = {site: known.get(site, np.inf if at is None else at) for site in sites}
        now[_mark(spec)] = since
        found[round_id] = np.array(list(since.values()), dtype=np.float64)
    if at is not None and now != kept:
        store.set_meta(_KEY, orjson.dumps(now).decode())
    return found


def _mark(spec: RoundSpec) -> str:
    """Another one where the turns of the round are others."""
    turns = orjson.dumps([times_of(spec), spec.within_min, sorted(spec.weekdays)])
    return f"{spec.id} {blake2b(turns, digest_size=4).hexdigest()}"
