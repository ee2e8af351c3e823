"""Who stands by and could go to a site that is short of staff, how far it is, and how many it can send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from data.foresight import roads_of
from data.per_profile import per_profile
from data.profile import Profile
from data.roster import Team
from layers.crs import GEOD

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_CELLS = 20_000_000
"""Of ways from where teams stand to sites; beyond them all is measured straight, when it is asked."""


@dataclass(frozen=True)
class Sending:
    """A team that could go to a site."""

    team_id: str
    """"" where the team is another county's and the picture is one county's."""
    name: str
    county: str
    people: int
    """How many of it."""
    km: float
    by: str
    """`road` or `straight`: how the distance was measured."""


Sendings = Mapping[str, tuple[Sending, ...]]
"""Site id to the teams that could go there: the site's own county's, then another's."""
NOBODY: Sendings = {}


@dataclass(frozen=True, eq=False)
class Ready:
    """Who could go where at a moment."""

    short: Floats
    """How many more each site wants; NaN where that is not known."""
    teams: tuple[Team, ...]
    """Those that stand by."""
    sendings: Sendings = field(default_factory=lambda: NOBODY)


def ready(profile: Profile, short: Floats, at: int, before: Ready | None = None) -> Ready:
    """Who could go where; the same as before where neither what is short nor who stands by changed."""
    if profile.roster is None:
        return Ready(short, ())
    teams = profile.roster.standing_by(at, profile.zone)
    if before and before.teams == teams and np.array_equal(before.short, short, equal_nan=True):
        return before
    return Ready(short, teams, plan(profile, short, teams))


def plan(profile: Profile, short: Floats, standing_by: Sequence[Team]) -> Sendings:
    """For each short site the nearest team that stands by in its own county and still has somebody to send;
    where that is not enough, the nearest of another county.

    Who lacks most chooses first. No team is promised beyond its people; one whose place is not known is not
    promised at all.
    """
    sites = profile.sites
    teams = [team for team in standing_by if team.people and team.site_id in sites.row]
    wanting = np.flatnonzero(short > 0)
    if not teams or not len(wanting):
        return NOBODY
    wanting = wanting[np.argsort(-short[wanting], kind="stable")]
    km, by_road = _ways(profile, teams, wanting)
    left = [team.people for team in teams]
    lacks = np.ceil(short[wanting]).astype(np.int64).tolist()
    promised: dict[int, list[Sending]] = {}
    nearest = np.argsort(km, axis=0, kind="stable").T.tolist()
    for abroad in (False, True):
        for at, row in enumerate(wanting.tolist()):
            county = sites.county[row]
            one = next(
                (one for one in nearest[at] if left[one] and (teams[one].county != county) is abroad), None
            )
            if one is None or not lacks[at] or not np.isfinite(km[one, at]):
                continue
            team, people = teams[one], min(left[one], lacks[at])
            left[one] -= people
            lacks[at] -= people
            by = "road" if by_road[one, at] else "straight"
            promised.setdefault(row, []).append(
                Sending(team.team_id, team.name, team.county, people, float(km[one, at]), by)
            )
    return {str(sites.site_id[row]): tuple(found) for row, found in promised.items()}


def sendings_of(sendings: Sendings, scope: str, rows: Mapping[str, int]) -> Sendings:
    """Those to one county's sites; of another county's team, that it could come is all that is told."""
    return {
        site: tuple(
            one if one.county == scope else replace(one, team_id="", name="", county="") for one in found
        )
        for site, found in sendings.items()
        if site in rows
    }


def _ways(profile: Profile, teams: list[Team], rows: Ints) -> tuple[Floats, Bools]:
    """Kilometres from where each team stands to each of these sites, and whether along the roads."""
    table = _table(profile)
    if table is None:
        here = np.array([profile.sites.row[team.site_id] for team in teams], dtype=np.int64)
        km = _straight(profile, here, rows)
        return km, np.zeros(km.shape, dtype=bool)
    place, known_km, by_road = table
    cells = np.ix_(np.array([place[team.site_id] for team in teams], dtype=np.int64), rows)
    return known_km[cells].astype(np.float64), by_road[cells]


@per_profile()
def _table(profile: Profile) -> tuple[dict[str, int], NDArray[np.float32], Bools] | None:
    """Where the roster's teams stand, and from each of these places the way to every site."""
    sites, roster = profile.sites, profile.roster
    places = sorted({team.site_id for team in roster.teams if team.site_id in sites.row}) if roster else []
    if not 0 < len(places) * len(sites) <= MOST_CELLS:
        return None
    here, every = np.array([sites.row[one] for one in places], dtype=np.int64), np.arange(len(sites))
    km = _straight(profile, here, every)
    roads = roads_of(profile)
    by_road = roads.joined[here][:, None] & roads.joined[None, :]
    if by_road.any():
        # Between two places on the roads it is as far as the roads make it.
        km[by_road] = np.inf
        mine = np.flatnonzero(roads.joined[here])
        source, target, along = roads.within(here[mine], every, np.inf)
        there = roads.joined[target]
        km[mine[source[there]], target[there]] = along[there]
    return {one: at for at, one in enumerate(places)}, km.astype(np.float32), by_road


def _straight(profile: Profile, here: Ints, there: Ints) -> Floats:
    lon, lat = profile.sites.lon, profile.sites.lat
    a, b = np.repeat(here, len(there)), np.tile(there, len(here))
    metres = np.asarray(GEOD.inv(lon[a], lat[a], lon[b], lat[b])[2], dtype=np.float64)
    return metres.reshape(len(here), len(there)) / 1000.0
