"""Inside or near a fence: the same as geopandas, true metres around it, and every fence a point is in."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.fences import members, watched
from layers.within import join

GEOD = Geod(ellps="WGS84")
SQUARE = shapely.box(99.0, 23.0, 99.1, 23.1)
LINE = shapely.LineString([(99.5, 23.0), (99.5, 23.2)])


def fences(*shapes: Any, **columns: Any) -> GeoDataFrame:
    return GeoDataFrame({**columns}, geometry=list(shapes), crs=4326)


def at(lon: float, lat: float, bearing: float, metres: float) -> tuple[float, float]:
    """A position so many metres from another."""
    x, y, _ = GEOD.fwd(lon, lat, bearing, metres)
    return x, y


def found(points: list[tuple[float, float]], frame: GeoDataFrame, default_m: float = 0.0) -> Any:
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    pairs = members(lon, lat, frame, default_m)
    return list(zip(pairs.fence.tolist(), pairs.point.tolist(), pairs.inside.tolist(), strict=True))


def test_a_point_in_a_polygon_is_inside_its_edge_included() -> None:
    assert found([(99.05, 23.05), (99.2, 23.05), (99.0, 23.05)], fences(SQUARE)) == [
        (0, 0, True),
        (0, 2, True),
    ]


@pytest.mark.parametrize("buffer_m", [50.0, 500.0, 3000.0])
def test_the_buffer_is_metres_on_the_ground(buffer_m: float) -> None:
    frame = fences(LINE, SQUARE, buffer_m=[buffer_m, buffer_m])
    west, east = (99.5, 23.1), (99.1, 23.05)
    close = [at(*west, 270, buffer_m * 0.99), at(*east, 90, buffer_m * 0.99)]
    far = [at(*west, 270, buffer_m * 1.01), at(*east, 90, buffer_m * 1.01)]
    assert found(close, frame) == [(0, 0, False), (1, 1, False)]
    assert found(far, frame) == []


def test_a_fence_without_a_buffer_takes_the_profiles() -> None:
    frame = fences(LINE, LINE, buffer_m=[np.nan, 0.0])
    place = at(99.5, 23.1, 270, 80)
    assert found([place], frame, 100) == [(0, 0, False)]
    assert found([place], fences(LINE), 100) == [(0, 0, False)]


def test_a_line_without_any_buffer_holds_what_stands_on_it() -> None:
    assert found([(99.5, 23.1), at(99.5, 23.1, 90, 5)], fences(LINE)) == [(0, 0, False)]


def test_a_point_may_be_in_several_fences() -> None:
    frame = fences(SQUARE, shapely.box(99.04, 23.04, 99.2, 23.2))
    assert found([(99.05, 23.05)], frame) == [(0, 0, True), (1, 0, True)]


def test_no_fences_and_no_points() -> None:
    assert found([(99.0, 23.0)], fences()) == []
    assert found([], fences(SQUARE)) == []
    assert len(watched(fences())) == 0


def test_positions_that_are_none_belong_nowhere() -> None:
    assert found([(np.nan, 23.05), (99.05, np.inf), (99.05, 23.05)], fences(SQUARE)) == [(0, 2, True)]


def test_the_members_of_one_fence() -> None:
    lon, lat = np.array([99.05, 99.5, 99.06]), np.array([23.05, 23.1, 23.06])
    pairs = members(lon, lat, fences(LINE, SQUARE), 10)
    points, inside = pairs.of_fence(1)
    assert points.tolist() == [0, 2]
    assert inside.tolist() == [True, True]
    assert pairs.of_fence(0)[0].tolist() == [1]


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), n_points=st.integers(0, 200), n_areas=st.integers(0, 12))
def test_the_same_pairs_as_geopandas(seed: int, n_points: int, n_areas: int) -> None:
    rng = np.random.default_rng(seed)
    # Round numbers, so that points fall on edges and on each other.
    lon, lat = rng.integers(0, 20, n_points) / 2, rng.integers(0, 20, n_points) / 2
    corner = rng.integers(0, 9, (n_areas, 2))
    size = rng.integers(1, 5, (n_areas, 2))
    areas = np.array([shapely.box(x, y, x + w, y + h) for (x, y), (w, h) in zip(corner, size, strict=True)])
    ours = list(zip(*(part.tolist() for part in join(lon, lat, areas.astype(object))), strict=True))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat))
    theirs = gpd.sjoin(points, gpd.GeoDataFrame(geometry=list(areas)), predicate="intersects")
    assert ours == sorted(zip(theirs["index_right"].tolist(), theirs.index.tolist(), strict=True))
