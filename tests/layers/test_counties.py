from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from layers.counties import county_near, county_of, reaches

WEST, EAST = shapely.box(99.0, 23.5, 99.2, 24.0), shapely.box(99.2, 23.5, 99.4, 24.0)
COUNTIES = gpd.GeoDataFrame({"adcode": ["a", "b"], "name": ["A", "B"]}, geometry=[WEST, EAST], crs=4326)


def test_positions_fall_into_the_county_that_contains_them_its_edge_included() -> None:
    lon = np.array([99.1, 99.3, 99.2, 99.0, 99.1, np.nan, 99.3])
    lat = np.array([23.7, 23.7, 23.7, 23.5, 23.4, 23.7, np.nan])
    assert county_of(lon, lat, COUNTIES).tolist() == ["a", "b", "a", "a", "", "", ""]


def test_many_positions_agree_with_a_spatial_join() -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(98.9, 99.5, 3000), rng.uniform(23.4, 24.1, 3000)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    joined = points.sjoin(COUNTIES, how="left", predicate="within")["adcode"].fillna("")
    assert county_of(lon, lat, COUNTIES).tolist() == joined.tolist()


def test_a_position_just_off_the_edge_is_near_and_one_farther_off_is_not() -> None:
    # One thousandth of a degree of latitude is 111 m.
    lon, lat = np.full(3, 99.1), np.array([23.4990, 23.4979, 23.7])
    assert county_of(lon, lat, COUNTIES).tolist() == ["", "", "a"]
    assert county_near(lon, lat, COUNTIES).tolist() == ["a", "", "a"]


def test_a_shape_reaches_the_counties_it_touches() -> None:
    across = shapely.LineString([(99.15, 23.7), (99.25, 23.7)])
    shapes = np.array([across, across, shapely.Point(99.1, 23.7)], dtype=object)
    assert reaches(shapes, np.array(["a", "b", "b"], dtype=object), COUNTIES).tolist() == [True, True, False]


def test_no_counties_contain_nothing() -> None:
    none = COUNTIES.iloc[:0]
    assert county_near(np.array([99.1]), np.array([23.7]), none).tolist() == [""]
