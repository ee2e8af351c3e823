"""Who stands how far from each part of a border: along the roads where they lead there, else straight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.coverage import Border
from layers.crs import GEOD, Metric
from layers.roads import Roads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Geometries = NDArray[np.object_]

CELL_KM = 0.5
"""A border is judged in stretches of at most this length, each by the point in its middle."""
_SLACK = 1.01
"""How much farther is looked in the plane, where distances are off by a little."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each of several places the nearest site; -1 and infinity where there is none."""

    site: Ints
    km: Floats
    by_road: Bools


class Reach:
    """A border in short cells, and the ways from the middle of each to sites.

    A cell and a site that both have the road network near them are as far from each other as the roads make
    it (infinitely, where no road leads); any other two are measured straight.
    """

    def __init__(self, border: Border, lon: Floats, lat: Floats, roads: Geometries) -> None:
        """Sites in EPSG:4326, roads as lines; without roads everything is measured straight."""
        count = max(int(np.ceil(border.length_km / CELL_KM)), 1)
        self.edge_km = np.linspace(0.0, border.length_km, count + 1)
        """Where cell i starts, at i, and ends, at i + 1."""
        self._cells = count
        middle = border.at((self.edge_km[:-1] + self.edge_km[1:]) / 2)
        self._lon, self._lat = np.append(middle[:, 0], lon), np.append(middle[:, 1], lat)
        self._roads = Roads(roads, self._lon, self._lat) if len(roads) else None
        joined = self._roads.joined if self._roads else np.zeros(len(self._lon), dtype=np.bool_)
        self.cell_joined, self.site_joined = joined[:count], joined[count:]
        plane = Metric((self._lon.min(), self._lat.min(), self._lon.max(), self._lat.max()))
        self._points: Geometries = np.asarray(
            shapely.points(plane.points(self._lon, self._lat)), dtype=object
        )

    def cell_of(self, km: Floats) -> Ints:
        """The cell that each kilometre lies in."""
        return np.asarray(np.clip(np.searchsorted(self.edge_km, km, side="right") - 1, 0, self._cells - 1))

    def within(self, sites: Ints, reach_km: float) -> tuple[Ints, Nearest]:
        """Every pair of a cell and one of these sites within reach, by cell and then by distance."""
        cells, places = np.arange(self._cells), self._cells + sites
        tree = shapely.STRtree(self._points[: self._cells])
        at, cell = tree.query(self._points[places], "dwithin", distance=reach_km * 1000.0 * _SLACK)
        apart = ~(self.cell_joined[cell] & self.site_joined[sites[at]])
        at, cell = at[apart], cell[apart]
        km = self._straight(cell, sites[at])
        near = km <= reach_km
        site, cell, km = sites[at[near]], cell[near], km[near]
        by_road = np.zeros(len(cell), dtype=np.bool_)
        if self._roads:
            here, there = sites[self.site_joined[sites]], cells[self.cell_joined]
            source, target, road_km = self._roads.within(self._cells + here, there, reach_km)
            site, cell = np.append(site, here[source]), np.append(cell, there[target])
            km = np.append(km, road_km)
            by_road = np.append(by_road, np.ones(len(road_km), dtype=np.bool_))
        order = np.lexsort((km, cell))
        return cell[order], Nearest(site[order], km[order], by_road[order])

    def nearest(self, cells: Ints, sites: Ints) -> Nearest:
        """The nearest of these sites to each of these cells, however far."""
        found = np.full(len(cells), -1)
        km = np.full(len(cells), np.inf)
        by_road = np.zeros(len(cells), dtype=np.bool_)
        joined = self.cell_joined[cells]
        for mine, among in ((joined, sites[~self.site_joined[sites]]), (~joined, sites)):
            if mine.any() and len(among):
                rows = np.flatnonzero(mine)
                tree = shapely.STRtree(self._points[self._cells + among])
                at, one = tree.query_nearest(self._points[cells[rows]], all_matches=False)
                found[rows[at]] = among[one]
                km[rows[at]] = self._straight(cells[rows[at]], among[one])
        here = sites[self.site_joined[sites]]
        if self._roads and joined.any() and len(here):
            rows = np.flatnonzero(joined)
            place, road_km = self._roads.nearest(self._cells + here, cells[rows])
            nearer = road_km < km[rows]
            rows = rows[nearer]
            found[rows], km[rows], by_road[rows] = place[nearer] - self._cells, road_km[nearer], True
        return Nearest(found, km, by_road)

    def _straight(self, cell: Ints, site: Ints) -> Floats:
        there = self._cells + site
        metres = GEOD.inv(self._lon[cell], self._lat[cell], self._lon[there], self._lat[there])[2]
        return np.asarray(metres, dtype=np.float64) / 1000.0
