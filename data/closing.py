"""Sites that are closed on purpose for a time, by order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.orders import Orders, Silence, Where
from data.profile import Profile

Bools = NDArray[np.bool_]


def closed_sites(profile: Profile, orders: Orders, at: int) -> Bools:
    """Which sites an order closes at a moment."""
    closed = np.zeros(len(profile.sites), bool)
    for silence in orders.silences.values():
        if silence.kind == "closure" and silence.holds(at):
            closed |= sites_of(profile, silence)
    return closed


def sites_of(profile: Profile, silence: Silence) -> Bools:
    """Which sites a silence or closure means; one that names fences or rules alone means none of them."""
    sites, where = profile.sites, silence.where
    if (where.fences or where.rules) and where == Where(rules=where.rules, fences=where.fences):
        return np.zeros(len(sites), bool)
    mask = np.ones(len(sites), bool)
    if silence.scope:
        mask &= sites.county == silence.scope
    if where.kinds:
        wanted = {
            kind
            for kind in set(sites.kind.tolist())
            if any(kind == one or kind.startswith(f"{one}.") for one in where.kinds)
        }
        mask &= _among(sites.kind, wanted)
    for column, names in (
        (sites.line, where.lines),
        (sites.county, where.counties),
        (sites.site_id, where.sites),
    ):
        if names:
            mask &= _among(column, set(names))
    return mask


def _among(column: NDArray[np.object_], wanted: set[str]) -> Bools:
    return np.array([one in wanted for one in column.tolist()], dtype=bool)
