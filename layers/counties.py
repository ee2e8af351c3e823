"""Which county a position lies in."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from layers.crs import Metric
from layers.within import join

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]

NEAR_M = 200.0
"""How far off a county's edge a position still counts as in it: published edges are generalised."""


def county_of(lon: Floats, lat: Floats, counties: GeoDataFrame) -> Strings:
    """Adcode of the county that contains each position, its edge included; "" where none does."""
    found = np.full(len(lon), "", dtype=object)
    county, point = join(lon, lat, _shapes(counties))
    # On a common edge the first county has it: it is written last.
    found[point[::-1]] = counties["adcode"].to_numpy(dtype=object)[county[::-1]]
    return found


def county_near(lon: Floats, lat: Floats, counties: GeoDataFrame) -> Strings:
    """As `county_of`, and the nearest county within NEAR_M where none contains the position."""
    found = county_of(lon, lat, counties)
    lost = np.flatnonzero((found == "") & np.isfinite(lon) & np.isfinite(lat))
    if len(lost) == 0 or len(counties) == 0:
        return found
    plane = Metric(tuple(counties.total_bounds))
    tree = shapely.STRtree(plane.shapes(_shapes(counties)))
    points = shapely.points(plane.points(lon[lost], lat[lost]))
    at, county = tree.query_nearest(points, max_distance=NEAR_M, all_matches=False)
    found[lost[at]] = counties["adcode"].to_numpy(dtype=object)[county]
    return found


def reaches(geometry: Strings, adcode: Strings, counties: GeoDataFrame) -> NDArray[np.bool_]:
    """Whether each shape (EPSG:4326) comes within NEAR_M of the county that is named beside it."""
    plane = Metric(tuple(counties.total_bounds))
    polygons = dict(zip(counties["adcode"], plane.shapes(_shapes(counties)), strict=True))
    beside = np.array([polygons.get(code) for code in adcode.tolist()], dtype=object)
    return np.asarray(shapely.dwithin(plane.shapes(geometry), beside, NEAR_M), dtype=np.bool_)


def _shapes(counties: GeoDataFrame) -> Any:
    return np.asarray(counties.geometry.array, dtype=object)
