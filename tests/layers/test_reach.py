"""How far sites stand from each part of a border: along the roads where they lead, straight elsewhere."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.coverage import Border
from layers.reach import CELL_KM, Reach

GEOD = Geod(ellps="WGS84")
NO_COUNTIES = gpd.GeoDataFrame({"adcode": [], "name": []}, geometry=[], crs=4326)
BORDER = Border(shapely.LineString([(99, 23), (99.2, 23)]), NO_COUNTIES)


def reach(*sites: tuple[float, float], roads: list[list[tuple[float, float]]] | None = None) -> Reach:
    lon, lat = np.array(sites, dtype=float).reshape(-1, 2).T
    lines = np.array([None, *map(shapely.LineString, roads or [])], dtype=object)[1:]
    return Reach(BORDER, lon, lat, lines)


def straight(a: tuple[float, float], b: tuple[float, float]) -> float:
    return GEOD.inv(*a, *b)[2] / 1000


def middle(of: Reach, cell: int) -> tuple[float, float]:
    km = (of.edge_km[cell] + of.edge_km[cell + 1]) / 2
    lon, lat = BORDER.at(np.array([km]))[0]
    return float(lon), float(lat)


def test_cells_are_short_and_leave_nothing_out() -> None:
    cut = reach((99.1, 23.1))
    assert (np.diff(cut.edge_km) <= CELL_KM + 1e-9).all()
    assert (cut.edge_km[0], cut.edge_km[-1]) == (0, BORDER.length_km)
    km = np.array([0.0, BORDER.length_km, BORDER.length_km / 3])
    cell = cut.cell_of(km)
    assert ((cut.edge_km[cell] <= km) & (km <= cut.edge_km[cell + 1])).all()


def test_without_roads_it_is_straight() -> None:
    found = reach((99.03, 23.05), (99.15, 23.02)).nearest(np.array([2]), np.arange(2))
    one = reach((99.03, 23.05), (99.15, 23.02))
    assert found.site.tolist() == [0]
    assert found.km[0] == pytest.approx(straight(middle(one, 2), (99.03, 23.05)), rel=1e-9)
    assert not found.by_road[0]


def test_along_the_roads_where_they_lead_to_both() -> None:
    # The near post lies across a river: the only road to it goes round by the east.
    round_by_east = [(99, 23.001), (99.2, 23.001), (99.2, 23.03), (99.02, 23.03)]
    found = reach((99.02, 23.03), (99.12, 23.004), roads=[round_by_east]).nearest(np.array([4]), np.arange(2))
    assert (found.site.tolist(), found.by_road.tolist()) == ([1], [True])
    alone = reach((99.02, 23.03), roads=[round_by_east]).nearest(np.array([4]), np.arange(1))
    assert alone.km[0] > 35
    assert alone.by_road.tolist() == [True]


def test_a_site_off_the_roads_is_measured_straight() -> None:
    found = reach((99.05, 23.3), roads=[[(99, 23.001), (99.2, 23.001)]]).nearest(np.array([4]), np.arange(1))
    assert found.by_road.tolist() == [False]
    assert found.km[0] == pytest.approx(33, abs=1)


def test_nobody_is_nearest_where_there_is_nobody() -> None:
    found = reach((99.05, 23.3)).nearest(np.array([4, 5]), np.array([], dtype=int))
    assert found.site.tolist() == [-1, -1]
    assert np.isinf(found.km).all()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(98.95, 99.25), st.floats(22.9, 23.3)), min_size=1, max_size=6),
    st.floats(1, 30),
    st.booleans(),
)
def test_pairs_within_reach_are_all_that_are_near_enough(
    sites: list[tuple[float, float]], limit: float, with_roads: bool
) -> None:
    roads = [[(99, 23.01), (99.2, 23.01)], [(99.1, 23.01), (99.1, 23.2)]] if with_roads else []
    cut, rows = reach(*sites, roads=roads), np.arange(len(sites))
    cell, pairs = cut.within(rows, limit)
    assert (np.diff(cell) >= 0).all()
    assert (pairs.km <= limit).all()
    told = {
        (int(c), int(s)): (k, bool(r))
        for c, s, k, r in zip(cell, pairs.site, pairs.km, pairs.by_road, strict=True)
    }
    assert len(told) == len(cell)
    every = np.arange(len(cut.edge_km) - 1)
    for row in rows.tolist():
        alone = cut.nearest(every, np.array([row]))
        near = {c for c in every.tolist() if alone.km[c] <= limit}
        assert {c for c, s in told if s == row} == near
        for c in near:
            assert told[c, row] == (pytest.approx(alone.km[c]), bool(alone.by_road[c]))
    for c in set(cell.tolist()):
        assert (np.diff(pairs.km[cell == c]) >= 0).all()
