"""The duty level (勤务等级) of the prefecture and of each county, and the staff that each level asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.ground import ground_of, scoped
from data.orders import LevelOrder, Orders, level_at
from data.picture import Picture
from data.profile import Profile

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Posture:
    """How one scope stands."""

    scope: str
    """"" for the prefecture, or a county's adcode."""
    level: str
    own: bool
    """Whether it was ordered for this scope; otherwise it follows the prefecture, or the profile."""
    order: LevelOrder | None
    """The order that put the level in force, or that let the scope follow again; None where there is none."""
    sites: int
    """In service."""
    staff_on_duty: float | None
    """None where nobody reported."""
    staff_required: float | None
    """At the level in force; of the prefecture each site at its county's."""
    short_sites: int
    """Sites with fewer on duty than required."""
    staff_short: int
    """How many they lack together."""
    required_by_level: Mapping[str, float]
    """What each level would ask of the whole scope."""


def levels_in_force(profile: Profile, orders: Orders) -> dict[str, str]:
    """County adcode, and "" for the prefecture, to the level in force."""
    return {county: level_at(profile, orders, county) for county in ("", *ground_of(profile).counties)}


def postures(profile: Profile, picture: Picture, orders: Orders, levels: Mapping[str, str]) -> list[Posture]:
    """The prefecture, where the picture is of it, and every county with a site in it.

    `levels` and `orders` may be a moment ahead of the picture; staff on duty is the picture's.
    """
    ground, state = ground_of(profile), picture.state
    levels = {county: levels.get(county, picture.duty_level) for county in ("", *ground.counties)}
    asked = profile.sites.staff_required
    nothing = np.full(len(profile.sites), np.nan)
    required = nothing
    for level in set(levels.values()):
        at_level = np.array([levels[county] == level for county in ground.counties], dtype=bool)
        required = np.where(at_level[ground.county_of], asked.get(level, nothing), required)
    required = np.where(state.in_service, required, np.nan)
    known = {level.id for level in profile.spec.duty.levels}
    found = []
    for scope in ("", *ground.counties[:-1]):
        if scope == "" and picture.scope:
            continue
        rows = scoped(profile, scope).rows if scope else np.arange(len(profile.sites))
        if scope and not len(rows):
            continue
        serves, order = state.in_service[rows], orders.levels.get(scope)
        lacks = required[rows] - state.staff_on_duty[rows]
        short = lacks[lacks > 0]
        found.append(
            Posture(
                scope=scope,
                level=levels[scope],
                own=order is not None and order.level in known,
                order=order,
                sites=int(serves.sum()),
                staff_on_duty=_sum(state.staff_on_duty[rows]),
                staff_required=_sum(required[rows]),
                short_sites=len(short),
                staff_short=int(np.ceil(short).sum()),
                required_by_level={
                    level.id: _sum(asked[level.id][rows][serves]) or 0.0 for level in profile.spec.duty.levels
                },
            )
        )
    return found


def _sum(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else None
