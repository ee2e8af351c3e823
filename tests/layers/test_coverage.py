"""Kilometres of border, measured against computations that share no code with the measured one."""

from __future__ import annotations

import math
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from layers.coverage import Border, Spans, uncovered
from layers.crs import length_km

GEOD = Geod(ellps="WGS84")
NO_COUNTIES = gpd.GeoDataFrame({"adcode": [], "name": []}, geometry=[], crs=4326)

# Meridian arc of WGS 84 between 23 and 24 degrees north, integrated by Simpson's rule over
# M(φ) = a(1 - e²) / (1 - e² sin²φ)^1.5: the textbook formula, worked out here by hand.
A, E2 = 6378137.0, 0.00669437999014


def meridian_km(south: float, north: float, steps: int = 200) -> float:
    def radius(lat: float) -> float:
        return A * (1 - E2) / (1 - E2 * math.sin(math.radians(lat)) ** 2) ** 1.5

    h = math.radians(north - south) / steps
    heights = [radius(south + (north - south) * i / steps) for i in range(steps + 1)]
    return h / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])) / 1000


def border(*points: tuple[float, float], counties: gpd.GeoDataFrame = NO_COUNTIES) -> Border:
    return Border(shapely.LineString(points), counties)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


def counties(**boxes: shapely.Geometry) -> gpd.GeoDataFrame:
    frame = {"adcode": list(boxes), "name": list(boxes)}
    return gpd.GeoDataFrame(frame, geometry=list(boxes.values()), crs=4326)


def spans(*rows: tuple[int, float, float]) -> Spans:
    owner, start, end = zip(*rows, strict=True) if rows else ((), (), ())
    return Spans(np.array(owner, dtype=np.int64), np.array(start, dtype=float), np.array(end, dtype=float))


def holds(found: Spans) -> list[tuple[int, float, float]]:
    return list(zip(found.owner.tolist(), found.from_km.tolist(), found.to_km.tolist(), strict=True))


class TestLength:
    def test_a_meridian_is_as_long_as_the_formula_says(self) -> None:
        assert border((99, 23), (99, 24)).length_km == pytest.approx(meridian_km(23, 24), abs=1e-6)
        # By hand, from the series for one degree: 111132.954 - 559.822 cos 2φ + 1.175 cos 4φ metres at 23.5°.
        by_hand = 111.132954 - 0.559822 * 0.681998 + 0.001175 * -0.069756
        assert length_km(shapely.LineString([(99, 23), (99, 24)])) == pytest.approx(by_hand, abs=1e-5)

    def test_a_bent_line_agrees_with_the_geodesic_of_its_vertices(self) -> None:
        rng = np.random.default_rng(3)
        xy = np.column_stack([np.linspace(98.7, 100.3, 2000), 23.3 + np.cumsum(rng.normal(0, 0.0008, 2000))])
        line = shapely.LineString(xy)
        assert Border(line, NO_COUNTIES).length_km == pytest.approx(
            GEOD.geometry_length(line) / 1000, rel=1e-9
        )

    def test_a_long_stretch_follows_its_straight_line_in_degrees(self) -> None:
        # A parallel is longer than the geodesic between its ends: N(φ) cos φ Δλ.
        lat = math.radians(60)
        parallel = A / math.sqrt(1 - E2 * math.sin(lat) ** 2) * math.cos(lat) * math.radians(10) / 1000
        assert border((95, 60), (105, 60)).length_km == pytest.approx(parallel, rel=1e-6)

    def test_parts_run_one_after_the_other_in_the_order_of_the_file(self) -> None:
        parts = shapely.MultiLineString([[(99.5, 23), (99.6, 23)], [(99, 23), (99.2, 23)]])
        whole = Border(parts, NO_COUNTIES)
        tenth = whole.length_km / 3
        assert whole.km_at(np.array([99.5, 99.0, 99.2]), np.full(3, 23.0)) == pytest.approx(
            [0, tenth, 3 * tenth], abs=1e-4
        )

    def test_parts_that_touch_become_one_line_in_the_direction_of_the_first(self) -> None:
        parts = shapely.MultiLineString([[(99.1, 23), (99.0, 23)], [(99.1, 23), (99.3, 23)]])
        whole = Border(parts, NO_COUNTIES)
        km = whole.km_at(np.array([99.3, 99.1, 99.0]), np.full(3, 23.0))
        assert km == pytest.approx([0, whole.length_km * 2 / 3, whole.length_km], abs=1e-4)
        assert whole.cut(0, whole.length_km).geom_type == "LineString"

    @pytest.mark.parametrize("line", [shapely.LineString(), shapely.LineString([(99, 23), (99, 23)])])
    def test_no_line_is_no_border(self, line: shapely.LineString) -> None:
        with pytest.raises(ValueError, match="at least one stretch"):
            Border(line, NO_COUNTIES)


class TestPoints:
    def test_a_point_beside_a_straight_border_holds_a_chord(self) -> None:
        # 3 km around a point 1.8 km off: half a chord of √(3² - 1.8²) = 2.4 km to each side.
        line = border((99, 23), (99, 24))
        east_lon, lat, _ = GEOD.fwd(99, 23.5, 90, 1800)
        ((owner, start, end),) = holds(
            line.held_by_points(np.array([east_lon]), np.array([lat]), np.array([3000.0]))
        )
        middle = meridian_km(23, 23.5)
        assert owner == 0
        assert (start, end) == pytest.approx((middle - 2.4, middle + 2.4), abs=0.001)

    def test_every_end_of_a_stretch_is_at_the_radius_on_the_ellipsoid(self) -> None:
        rng = np.random.default_rng(11)
        xy = np.column_stack([np.linspace(99, 99.8, 400), 23.3 + np.cumsum(rng.normal(0, 0.0015, 400))])
        line = Border(shapely.LineString(xy), NO_COUNTIES)
        lon, lat = xy[20::60, 0] + 0.004, xy[20::60, 1] - 0.003
        found = line.held_by_points(lon, lat, np.full(len(lon), 2500.0))
        assert len(found.owner) >= len(lon)
        for owner, start, end in holds(found):
            for km, inner in ((start, start + 0.01), (end, end - 0.01)):
                tip = shapely.get_coordinates(line.cut(km, km + 1e-5))[0]
                within = shapely.get_coordinates(line.cut(inner, inner + 1e-5))[0]
                assert GEOD.inv(lon[owner], lat[owner], *tip)[2] == pytest.approx(2500, abs=2)
                assert GEOD.inv(lon[owner], lat[owner], *within)[2] < 2500

    def test_a_point_holds_nothing_out_of_reach_nor_with_no_radius(self) -> None:
        line = border((99, 23), (99, 24))
        lon, lat = np.array([99.1, 99.0, 99.0, np.nan]), np.array([23.5, 23.5, 23.5, 23.5])
        assert holds(line.held_by_points(lon, lat, np.array([3000.0, 0.0, np.nan, 3000.0]))) == []

    def test_a_bend_may_be_held_in_two_stretches(self) -> None:
        # A hairpin: out along 23.00, back along 23.02, 2.2 km apart.
        line = border((99, 23), (99.2, 23), (99.2, 23.02), (99, 23.02))
        found = holds(line.held_by_points(np.array([99.05]), np.array([23.01]), np.array([1500.0])))
        assert [owner for owner, _, _ in found] == [0, 0]
        assert found[0][2] < found[1][1]

    def test_stretches_end_where_the_border_ends(self) -> None:
        line = border((99, 23), (99.02, 23))
        ((_, start, end),) = holds(
            line.held_by_points(np.array([99.01]), np.array([23.0]), np.array([5000.0]))
        )
        assert (start, end) == pytest.approx((0, line.length_km))


class TestShapes:
    line = border((99, 23), (99.4, 23))

    def test_a_polygon_across_the_border_holds_what_lies_inside_and_within_reach(self) -> None:
        fence = box(99.1, 22.99, 99.2, 23.01)
        tenth = self.line.length_km / 4
        ((_, start, end),) = holds(self.line.held_by_shapes([fence], 300))
        assert (start, end) == pytest.approx((tenth - 0.3, 2 * tenth + 0.3), abs=0.001)

    def test_a_line_drawn_on_the_border_holds_its_length_even_without_reach(self) -> None:
        fence = shapely.LineString([(99.1, 23), (99.2, 23)])
        tenth = self.line.length_km / 4
        ((_, start, end),) = holds(self.line.held_by_shapes([fence], 0))
        assert (start, end) == pytest.approx((tenth, 2 * tenth), abs=0.002)

    def test_owners_are_row_numbers_also_beside_shapes_that_hold_nothing(self) -> None:
        away, on = box(99.1, 23.5, 99.2, 23.6), box(99.3, 22.9, 99.31, 23.1)
        assert [owner for owner, _, _ in holds(self.line.held_by_shapes([away, None, on], 100))] == [2]
        assert holds(self.line.held_by_shapes([], 100)) == []

    def test_a_polygon_with_a_hole_over_the_border_holds_two_stretches(self) -> None:
        fence = box(99.1, 22.9, 99.3, 23.1) - box(99.15, 22.95, 99.25, 23.05)
        assert [owner for owner, _, _ in holds(self.line.held_by_shapes([fence], 0))] == [0, 0]


class TestCounties:
    def test_the_border_is_divided_where_its_counties_meet(self) -> None:
        west, east = box(99, 23, 99.25, 23.5), box(99.25, 23, 99.4, 23.5)
        line = border((99, 23), (99.4, 23), counties=counties(a=west, b=east))
        at = line.length_km * 0.25 / 0.4
        assert [code for code, _, _ in line.county_spans()] == ["a", "b"]
        (_, _, a_end), (_, b_start, b_end) = line.county_spans()
        assert (a_end, b_start, b_end) == pytest.approx((at, at, line.length_km), abs=0.001)

    def test_a_border_off_the_counties_belongs_to_the_nearest_and_far_off_to_none(self) -> None:
        near, far = box(99, 23.01, 99.1, 23.5), box(99.1, 23.2, 99.2, 23.5)
        line = border((99, 23), (99.3, 23), counties=counties(a=near, b=far))
        assert [code for code, _, _ in line.county_spans()] == ["a", ""]

    def test_a_border_that_returns_to_a_county_has_it_twice_and_leaves_no_hole(self) -> None:
        a, b = box(99, 23, 99.4, 23.5) - box(99.1, 22.9, 99.2, 23.2), box(99.1, 23, 99.2, 23.2)
        line = border((99, 23), (99.4, 23), counties=counties(a=a, b=b))
        found = line.county_spans()
        assert [code for code, _, _ in found] == ["a", "b", "a"]
        assert found[0][1] == 0
        assert found[-1][2] == line.length_km
        assert all(before[2] == after[1] for before, after in pairwise(found))

    def test_without_counties_all_of_it_belongs_to_none(self) -> None:
        line = border((99, 23), (99.1, 23))
        assert line.county_spans() == [("", 0.0, line.length_km)]


class TestCut:
    def test_a_stretch_is_as_long_as_it_says(self) -> None:
        rng = np.random.default_rng(5)
        xy = np.column_stack([np.linspace(99, 99.8, 300), 23.3 + np.cumsum(rng.normal(0, 0.001, 300))])
        line = Border(shapely.LineString(xy), NO_COUNTIES)
        for start, end in ((0.0, 1.0), (12.34, 56.78), (line.length_km - 0.5, line.length_km)):
            assert length_km(line.cut(start, end)) == pytest.approx(end - start, abs=1e-4)

    def test_a_stretch_over_two_parts_has_two_lines(self) -> None:
        parts = shapely.MultiLineString([[(99, 23), (99.1, 23)], [(99.2, 23), (99.3, 23)]])
        whole = Border(parts, NO_COUNTIES)
        piece = whole.cut(whole.length_km / 4, whole.length_km * 3 / 4)
        assert [round(part.bounds[0], 3) for part in piece.geoms] == [99.05, 99.2]
        assert length_km(piece) == pytest.approx(whole.length_km / 2, abs=1e-4)

    @pytest.mark.parametrize(("start", "end"), [(5.0, 5.0), (6.0, 5.0), (1e6, 2e6), (-5.0, -1.0)])
    def test_nothing_is_an_empty_line(self, start: float, end: float) -> None:
        assert border((99, 23), (99.4, 23)).cut(start, end).is_empty


class TestUncovered:
    def test_gaps_lie_between_spans_with_a_true_owner(self) -> None:
        held = spans((0, 1.0, 3.0), (1, 2.0, 4.0), (2, 6.0, 7.0))
        everyone, but_two = np.array([True, True, True]), np.array([True, True, False])
        assert uncovered(10.0, [(held, everyone)]) == [(0.0, 1.0), (4.0, 6.0), (7.0, 10.0)]
        assert uncovered(10.0, [(held, but_two)]) == [(0.0, 1.0), (4.0, 10.0)]

    def test_a_short_span_inside_a_long_one_changes_nothing(self) -> None:
        held = spans((0, 0.0, 9.0), (1, 2.0, 3.0))
        assert uncovered(10.0, [(held, np.array([True, True]))]) == [(9.0, 10.0)]

    def test_sites_and_fences_hold_together(self) -> None:
        sites, fences = spans((0, 0.0, 4.0)), spans((0, 4.0, 10.0))
        true = np.array([True])
        assert uncovered(10.0, [(sites, true), (fences, true)]) == []
        assert uncovered(10.0, [(sites, true), (fences, ~true)]) == [(4.0, 10.0)]
        assert uncovered(10.0, []) == [(0.0, 10.0)]

    @given(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100), st.integers(0, 100))), st.integers(0, 63)
    )
    def test_it_agrees_with_a_border_counted_kilometre_by_kilometre(
        self, rows: list[tuple[int, int, int]], up: int
    ) -> None:
        rows = [(owner, min(a, b), max(a, b)) for owner, a, b in rows if a != b]
        mask = np.array([bool(up >> owner & 1) for owner in range(6)])
        free = [not any(a <= km < b and mask[owner] for owner, a, b in rows) for km in range(100)]
        found = uncovered(100.0, [(spans(*rows), mask)])
        assert [any(a <= km < b for a, b in found) for km in range(100)] == free
