"""Ways along roads, against lengths added up by hand on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.roads import MOST_VERTICES, OFF_ROAD_M, SNAP_M, Roads, _noded

GEOD = Geod(ellps="WGS84")


def km(*places: tuple[float, float]) -> float:
    """Along these places, one after the other."""
    return GEOD.line_length(*zip(*places, strict=True)) / 1000


def lines(*given: list[tuple[float, float]]) -> np.ndarray:
    return np.array([None, *map(shapely.LineString, given)], dtype=object)[1:]


def roads(given: np.ndarray, *places: tuple[float, float]) -> Roads:
    lon, lat = np.array(places, dtype=float).reshape(-1, 2).T
    return Roads(given, lon, lat)


def way(net: Roads, a: int, b: int) -> float:
    """From one place to another."""
    return float(net.nearest(np.array([a]), np.array([b]))[1][0])


class TestWays:
    def test_a_way_is_the_road_between_and_the_steps_to_it(self) -> None:
        # A right angle of roads; the places stand 0.005° (about half a kilometre) off its ends.
        net = roads(lines([(99, 23), (99.1, 23), (99.1, 23.1)]), (99.02, 23.005), (99.105, 23.08))
        by_hand = km((99.02, 23.005), (99.02, 23), (99.1, 23), (99.1, 23.08), (99.105, 23.08))
        assert way(net, 0, 1) == pytest.approx(by_hand, rel=2e-4)
        assert way(net, 1, 0) == way(net, 0, 1)

    def test_two_places_on_one_stretch_do_not_go_round_by_its_ends(self) -> None:
        net = roads(lines([(99, 23), (99.1, 23)]), (99.04, 23), (99.05, 23))
        assert way(net, 0, 1) == pytest.approx(km((99.04, 23), (99.05, 23)), abs=0.01)

    def test_roads_that_cross_meet_though_neither_has_a_vertex_there(self) -> None:
        net = roads(
            lines([(99, 23.05), (99.1, 23.05)], [(99.05, 23), (99.05, 23.1)]), (99, 23.05), (99.05, 23)
        )
        assert way(net, 0, 1) == pytest.approx(km((99, 23.05), (99.05, 23.05), (99.05, 23)), rel=1e-3)

    def test_of_two_ways_the_shorter_is_taken(self) -> None:
        there = lines([(99, 23), (99.1, 23)], [(99, 23), (99.05, 23.1), (99.1, 23)])
        assert way(roads(there, (99, 23), (99.1, 23)), 0, 1) == pytest.approx(
            km((99, 23), (99.1, 23)), abs=0.01
        )

    @pytest.mark.parametrize(("short_m", "meets"), [(SNAP_M * 0.6, True), (SNAP_M * 3, False)])
    def test_a_road_that_stops_a_little_short_meets_the_other(self, short_m: float, meets: bool) -> None:
        _, lat, _ = GEOD.fwd(99.05, 23, 0, short_m)
        net = roads(lines([(99, 23), (99.1, 23)], [(99.05, lat), (99.05, 23.09)]), (99, 23), (99.05, 23.09))
        found = way(net, 0, 1)
        assert np.isfinite(found) == meets
        if meets:
            assert found == pytest.approx(km((99, 23), (99.05, 23), (99.05, 23.09)), abs=0.05)

    def test_multi_part_roads_and_empty_ones_are_taken_as_they_are(self) -> None:
        whole = shapely.MultiLineString([[(99, 23), (99.05, 23)], [(99.05, 23), (99.1, 23)]])
        net = roads(np.array([whole, shapely.LineString(), None], dtype=object), (99, 23), (99.1, 23))
        assert way(net, 0, 1) == pytest.approx(km((99, 23), (99.1, 23)), abs=0.01)

    @settings(max_examples=30)
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=2, unique=True))
    def test_on_a_grid_of_streets_it_is_as_many_blocks(self, ends: list[tuple[int, int]]) -> None:
        streets = [[(99 + 0.01 * x, 0.0), (99 + 0.01 * x, 0.04)] for x in range(5)]
        streets += [[(99, 0.01 * y), (99.04, 0.01 * y)] for y in range(5)]
        (ax, ay), (bx, by) = ends
        net = roads(lines(*streets), *((99 + 0.01 * x, 0.01 * y) for x, y in ends))
        east, north = km((99, 0), (99.01, 0)), km((99, 0), (99, 0.01))
        assert way(net, 0, 1) == pytest.approx(abs(ax - bx) * east + abs(ay - by) * north, rel=1e-4)


class TestReach:
    grid = lines([(99, 23), (99.2, 23)], [(99.1, 23), (99.1, 23.1)])

    def test_a_place_far_from_every_road_is_not_joined(self) -> None:
        near, far = (GEOD.fwd(99.05, 23, 180, off)[:2] for off in (OFF_ROAD_M * 0.9, OFF_ROAD_M * 1.1))
        assert roads(self.grid, near, far).joined.tolist() == [True, False]

    def test_a_road_that_leads_to_no_other_is_no_way(self) -> None:
        alone = [(99.5, 23.5), (99.52, 23.5)]
        net = roads(np.append(self.grid, lines(alone)), alone[0], alone[1], (99, 23))
        assert net.joined.tolist() == [False, False, True]

    def test_within_reach_are_the_pairs_that_are_near_enough(self) -> None:
        net = roads(self.grid, (99, 23), (99.05, 23), (99.2, 23), (99.1, 23.1))
        limit = km((99.05, 23), (99.1, 23), (99.1, 23.1)) + 0.01
        source, target, far = net.within(np.array([0, 1]), np.array([2, 3]), limit)
        assert list(zip(source.tolist(), target.tolist(), strict=True)) == [(1, 0), (1, 1)]
        assert far[1] == pytest.approx(limit - 0.01, abs=0.01)

    def test_the_nearest_of_several(self) -> None:
        net = roads(self.grid, (99, 23), (99.2, 23), (99.06, 23), (99.15, 23), (99.6, 23.6))
        source, far = net.nearest(np.array([0, 1]), np.array([2, 3, 4]))
        assert source.tolist() == [0, 1, -1]
        assert far[2] == np.inf
        assert net.nearest(np.array([], dtype=int), np.array([2]))[0].tolist() == [-1]

    def test_no_roads_join_nobody(self) -> None:
        net = roads(lines(), (99, 23), (99.01, 23))
        assert net.joined.tolist() == [False, False]
        assert len(net.within(np.array([0]), np.array([1]), 9.0)[0]) == 0


def test_crossings_of_very_large_layers_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.roads.MOST_VERTICES", 3)
    crossing = lines([(99, 23.05), (99.1, 23.05)], [(99.05, 23), (99.05, 23.1)])
    assert MOST_VERTICES > 3
    assert len(_noded(crossing)) == 2
    assert len(_noded(crossing[:1])) == 1
