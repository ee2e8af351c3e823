"""Forecast, advice and what-if of a site from the store.

What its last weeks taught is kept for an hour, or until other readings of them are there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.advice import LOOK_MIN, Advice, advise, ahead_h
from data.diversion import MOST_KM, MOST_NEIGHBOURS, Neighbour, Outcome, Standing, what_if
from data.forecast import WEEKS, Learned, SiteForecast, forecast, learn
from data.ground import ground_of
from data.orders import Silence
from data.per_profile import per_profile
from data.profile import Profile
from data.service_rate import Service, service_of
from data.silence import no_data_after
from data.silences import closed_by
from data.site_past import SitePast, site_past
from data.store.base import Store
from layers.crs import GEOD
from layers.roads import Roads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOUR_S, DAY_S = 3600, 86400
LEARN_S = WEEKS * 7 * DAY_S
"""Of the past that is learnt from."""
NOTHING = np.array([])
HUB_KM = 0.5
"""So near to an airport or a station a site checks its passengers, whom no road leads to another site."""
MOST_ASKED = 3 * MOST_NEIGHBOURS
"""The nearest sites that are looked at for those that can take over."""
NOW_DAYS = 8
"""Of the past that a present forecast looks at: the usual at an hour and the week before are in it."""


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a site at a moment."""

    row: int
    past: SitePast
    service: Service | None
    learned: Learned
    staff_on_duty: float
    silent: bool
    """Nothing young enough to be shown as true."""


def known_of(profile: Profile, store: Store, site_id: str, at: int) -> Known:
    """A site's past up to a moment, and what it taught; raises KeyError for an unknown site."""
    row = profile.sites.row[site_id]
    hour = at // HOUR_S
    mark = store.mark(site_id, hour * HOUR_S - LEARN_S, hour * HOUR_S)
    service, learned = _learned(profile, store, site_id, hour, mark)
    rows = store.read(at - NOW_DAYS * DAY_S, at, [site_id])
    past = site_past(rows, at, at - NOW_DAYS * DAY_S)
    silent = True
    if len(rows):
        silent = bool(
            at - rows.observed_at[-1] > no_data_after(rows.interval_s[-1:], profile.spec.readings)[0]
        )
    staff = float(rows.staff_on_duty[-1]) if len(rows) else np.nan
    return Known(row, past, service, learned, staff, silent)


@per_profile(most=4096)
def _learned(
    profile: Profile, store: Store, site_id: str, hour: int, mark: tuple[int, int]
) -> tuple[Service | None, Learned]:
    """What the weeks before an hour taught; nothing of that hour or after it is in it.

    `mark` is the store's of those weeks: with history that is loaded late it is another question.
    """
    del mark
    end, row, sites = hour * HOUR_S, profile.sites.row[site_id], profile.sites
    rows = store.read(end - LEARN_S, end, [site_id])
    service = service_of(
        rows,
        float(sites.capacity_persons_per_lane_h[row]),
        float(sites.capacity_vehicles_per_lane_h[row]),
    )
    past = site_past(rows, end, end - LEARN_S)
    learned = learn(past, service, float(sites.lanes_total[row]))
    # The walk itself is not asked for again, and would be a hundred times what is.
    walks = tuple(replace(one, value=NOTHING, low=NOTHING, high=NOTHING) for one in learned.walks)
    return service, replace(learned, walks=walks)


@dataclass(frozen=True)
class Ahead:
    """What is ahead of a profile's sites; a question about an unknown site raises KeyError."""

    profile: Profile
    """The reader's part: no other site is told of, and none takes over."""
    whole: Profile
    """The prefecture, for its roads."""
    store: Store
    silences: Collection[Silence] = ()
    """What is ordered: who is closed on purpose needs no lanes and takes nobody over, whatever it reports."""

    def forecast(self, site_id: str, at: int) -> SiteForecast:
        """The next half hour of a site's wait, as it could be told at a moment."""
        return _foreseen(self.profile, known_of(self.profile, self.store, site_id, at))

    def advice(self, site_id: str, at: int, *, staff_required: float | None = None) -> Advice:
        """What brings a site's wait back under the profile's threshold.

        `staff_required` is by the duty level in force; None: by the profile's own.
        """
        profile = self.profile
        known = known_of(profile, self.store, site_id, at)
        threshold = profile.spec.status.congested_wait_min
        required = float(ground_of(profile).staff_required[known.row])
        if known.silent or self._closed(known.row, at):
            return Advice("unknown", threshold, None)
        return advise(
            known.past,
            known.service,
            threshold_min=threshold,
            lanes_total=float(profile.sites.lanes_total[known.row]),
            staff_on_duty=known.staff_on_duty,
            staff_required=required if staff_required is None else staff_required,
            foreseen=_foreseen(profile, known),
        )

    def what_if(self, site_id: str, lanes_closed: int | None, at: int) -> Outcome | None:
        """A site with so many lanes fewer, None for the whole site, and its neighbours of the same line.

        None where too little is known of the site itself.
        """
        here = self._standing(site_id, at)
        if here is None:
            return None
        left = 0 if lanes_closed is None else max(here.lanes_open - lanes_closed, 0)
        neighbours: list[Neighbour] = []
        for other, km, by in _near(self.profile, self.whole, site_id)[:MOST_ASKED]:
            if len(neighbours) == MOST_NEIGHBOURS:
                break
            standing = self._standing(other, at)
            # Who checks nobody now takes nobody over.
            if standing is not None and standing.lanes_open and standing.service.unit == here.service.unit:
                neighbours.append(Neighbour(standing, km, by))
        return what_if(here, left, neighbours, self.profile.spec.status.congested_wait_min)

    def _closed(self, row: int, at: int) -> bool:
        closed = closed_by(self.profile, self.silences, at)
        return closed is not None and bool(closed[row])

    def _standing(self, site_id: str, at: int) -> Standing | None:
        """A site as it stands, `_standing`; None where it is closed on purpose, too."""
        if self._closed(self.profile.sites.row[site_id], at):
            return None
        return _standing(self.profile, self.store, site_id, at)


def _foreseen(profile: Profile, known: Known) -> SiteForecast:
    if known.silent and not np.isnan(known.past.wait_min).all():
        return SiteForecast((), known.learned.score, "silent")
    lanes = float(profile.sites.lanes_total[known.row])
    return forecast(known.past, known.service, lanes, known.learned)


def _standing(profile: Profile, store: Store, site_id: str, at: int) -> Standing | None:
    """A site as it stands; None where it is silent, out of service, or its wait or lanes are not known."""
    known = known_of(profile, store, site_id, at)
    lanes_total = float(profile.sites.lanes_total[known.row])
    if known.silent or known.service is None or not lanes_total > 0:
        return None
    wait, lanes = float(known.past.wait_min[-1]), float(known.past.lanes[-1])
    if np.isnan(wait) or np.isnan(lanes) or not ground_of(profile).in_service(at)[known.row]:
        return None
    come = ahead_h(known.past, known.service, LOOK_MIN)
    if np.isnan(come).any():
        return None
    name = str(profile.sites.name[known.row])
    return Standing(site_id, name, wait, int(lanes), int(lanes_total), known.service, come)


def _near(profile: Profile, whole: Profile, site_id: str) -> list[tuple[str, float, str]]:
    """Sites of the same line with lanes, within MOST_KM: id, kilometres, and how they were measured."""
    sites, roads = profile.sites, roads_of(whole)
    mine = profile.sites.row[site_id]
    same = (sites.line == sites.line[mine]) & (sites.lanes_total > 0)
    same[mine] = False
    at_hub = _at_hub(whole)
    rows = np.array(
        [row for row in np.flatnonzero(same).tolist() if sites.site_id[row] not in at_hub], dtype=np.int64
    )
    if not len(rows) or site_id in at_hub:
        return []
    here, there = whole.sites.row[site_id], np.array([whole.sites.row[one] for one in sites.site_id[rows]])
    lon, lat = whole.sites.lon, whole.sites.lat
    count = len(there)
    km = np.asarray(GEOD.inv(np.full(count, lon[here]), np.full(count, lat[here]), lon[there], lat[there])[2])
    km = km / 1000.0
    joined = roads.joined[there] & roads.joined[here]
    if joined.any():
        km[joined] = np.inf
        _, target, along = roads.within(np.array([here]), there, MOST_KM)
        known = joined[target]
        km[target[known]] = along[known]
    order = [at for at in np.argsort(km, kind="stable").tolist() if km[at] <= MOST_KM]
    return [
        (str(sites.site_id[rows[at]]), float(km[at]), "road" if joined[at] else "straight") for at in order
    ]


@per_profile()
def _at_hub(profile: Profile) -> frozenset[str]:
    """The sites that stand at an airport or a railway station."""
    sites, found = profile.sites, set()
    for layer in profile.spec.layers:
        for point in profile.layers[layer.name].geometry if layer.kind == "hubs" else ():
            count = len(sites)
            there = (np.full(count, point.x), np.full(count, point.y))
            metres = np.asarray(GEOD.inv(sites.lon, sites.lat, *there)[2])
            found.update(sites.site_id[metres <= HUB_KM * 1000.0].tolist())
    return frozenset(found)


@per_profile()
def roads_of(profile: Profile) -> Roads:
    """The roads of a profile, with all of its sites joined to them."""
    lines = [
        shape
        for layer in profile.spec.layers
        if layer.kind == "roads"
        for shape in profile.layers[layer.name].geometry
    ]
    return Roads(np.array([None, *lines], dtype=object)[1:], profile.sites.lon, profile.sites.lat)
