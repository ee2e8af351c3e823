"""Kilometres of border held and not, against PROJ's own geodesics, from the tropics to 45° north."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.coverage import Border, uncovered

GEOD = Geod(ellps="WGS84")
NO_COUNTIES = gpd.GeoDataFrame({"adcode": [], "name": []}, geometry=[], crs=4326)
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
LATITUDES = (21.0, 45.0)


def curved(south: float) -> shapely.LineString:
    """A border of some 700 km that winds through five degrees."""
    t = np.linspace(0, 1, 900)
    lon = 99 + 5 * t + 0.15 * np.sin(31 * t)
    return shapely.LineString(np.column_stack([lon, south + 0.6 * np.sin(9 * t) + 0.05 * np.cos(57 * t)]))


def geodesic_km(shape: shapely.Geometry) -> float:
    return GEOD.geometry_length(shape) / 1000


@pytest.mark.parametrize("sample", ["lincang", "xishuangbanna"])
def test_a_sample_border_is_as_long_as_its_geodesic(sample: str) -> None:
    read = json.loads((SAMPLES / sample / "border.geojson").read_text("utf-8"))
    parts = [shapely.geometry.shape(feature["geometry"]) for feature in read["features"]]
    whole = shapely.multilinestrings(shapely.get_parts(parts))
    # A straight line in degrees is not a geodesic: over the longest segment there they part by a millimetre.
    assert Border(whole, NO_COUNTIES).length_km == pytest.approx(sum(map(geodesic_km, parts)), rel=1e-6)


@pytest.mark.parametrize("south", LATITUDES)
def test_a_long_curved_border_is_as_long_as_its_geodesic(south: float) -> None:
    line = curved(south)
    border = Border(line, NO_COUNTIES)
    assert border.length_km == pytest.approx(geodesic_km(line), rel=1e-7)
    for start, end in ((0.0, 100.0), (333.3, 333.8), (border.length_km - 250, border.length_km)):
        assert geodesic_km(border.cut(start, end)) == pytest.approx(end - start, abs=1e-5)


@pytest.mark.parametrize("south", LATITUDES)
def test_what_a_point_holds_ends_at_its_radius_wherever_the_border_runs(south: float) -> None:
    line = curved(south)
    border = Border(line, NO_COUNTIES)
    lon, lat = shapely.get_coordinates(line)[5::60].T
    radius = 4000.0
    held = border.held_by_points(lon, lat, np.full(len(lon), radius))
    assert set(held.owner.tolist()) == set(range(len(lon)))
    for owner, *ends in zip(held.owner, held.from_km, held.to_km, strict=True):
        for km in ends:
            if 0 < km < border.length_km:
                tip_lon, tip_lat = border.at(np.array([km]))[0]
                away = GEOD.inv(lon[owner], lat[owner], tip_lon, tip_lat)[2]
                # In the plane around five degrees the scale is off by at most one in a thousand.
                assert away == pytest.approx(radius, rel=1.2e-3)


def test_positions_along_the_border_are_at_their_kilometre() -> None:
    border = Border(curved(21.0), NO_COUNTIES)
    km = np.linspace(0, border.length_km, 77)
    at = border.at(km)
    assert border.km_at(at[:, 0], at[:, 1]) == pytest.approx(km, abs=0.01)


@st.composite
def posts(draw: st.DrawFn) -> tuple[Border, np.ndarray, np.ndarray, np.ndarray]:
    """A winding border, posts along it with radii, and which of them work."""
    seed, count = draw(st.integers(0, 999)), draw(st.integers(1, 12))
    rng = np.random.default_rng(seed)
    xy = np.column_stack([np.linspace(99, 99.8, 60), 23.3 + np.cumsum(rng.normal(0, 0.01, 60))])
    near = xy[rng.integers(0, 60, count)] + rng.normal(0, 0.01, (count, 2))
    radius = rng.uniform(200, 9000, count)
    works = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    return Border(shapely.LineString(xy), NO_COUNTIES), near, radius, works


@settings(max_examples=60)
@given(posts(), st.integers(0, 11))
def test_held_and_not_held_make_up_the_whole_and_a_post_that_drops_never_closes_a_gap(
    given: tuple[Border, np.ndarray, np.ndarray, np.ndarray], drops: int
) -> None:
    border, near, radius, works = given
    spans = border.held_by_points(near[:, 0], near[:, 1], radius)
    gaps = uncovered(border.length_km, [(spans, works)])
    mine = works[spans.owner]
    held = [*zip(spans.from_km[mine].tolist(), spans.to_km[mine].tolist(), strict=True)]
    # Counted another way: the union of what is held, by shapely.
    along = shapely.union_all([shapely.LineString([(a, 0), (b, 0)]) for a, b in held])
    open_km = sum(end - start for start, end in gaps)
    assert along.length + open_km == pytest.approx(border.length_km, abs=1e-5)
    for start, end in gaps:
        assert 0 <= start < end <= border.length_km
        assert all(min(end, b) - max(start, a) <= 1e-6 for a, b in held)
    fewer = works.copy()
    fewer[drops % len(works)] = False
    after = uncovered(border.length_km, [(spans, fewer)])
    assert sum(end - start for start, end in after) >= open_km - 1e-9
    for start, end in gaps:
        assert any(a <= start + 1e-6 and end <= b + 1e-6 for a, b in after)
