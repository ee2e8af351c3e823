from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod, Transformer

from layers.crs import Crs, Metric, metric_crs, to_wgs84
from layers.faults import FaultsError


def points(*xy: tuple[float, float]) -> np.ndarray:
    return np.array([*map(shapely.Point, xy)], dtype=object)


@pytest.mark.parametrize(
    ("declared", "epsg", "projected"),
    [
        ("EPSG:4326", 4326, False),
        (" epsg: 4490 ", 4490, False),
        ("EPSG:4513", 4513, True),
        ("EPSG:32647", 32647, True),
        ("EPSG:3857", 3857, True),
    ],
)
def test_what_may_be_declared(declared: str, epsg: int, projected: bool) -> None:
    crs = Crs.parse(declared)
    assert (crs.epsg, crs.projected) == (epsg, projected)


@pytest.mark.parametrize(
    ("declared", "hint"),
    [
        ("", ""),
        ("4326", "EPSG:4326"),
        ("WGS84", "EPSG:4326"),
        ("CGCS2000", "EPSG:4490"),
        ("GCJ-02", "shifted"),
        ("百度坐标", "shifted"),
        ("EPSG:4214", "Beijing 1954"),
        ("EPSG:4979", "Convert"),
        ("EPSG:999999", ""),
        ("EPSG:4326; DROP TABLE", ""),
        ("+proj=longlat", ""),
    ],
)
def test_what_may_not_be_declared_says_what_may(declared: str, hint: str) -> None:
    with pytest.raises(FaultsError) as caught:
        Crs.parse(declared, file="a.csv")
    (fault,) = caught.value.faults
    assert (fault.file, fault.field) == ("a.csv", "crs")
    assert "EPSG:4490" in fault.expected
    assert hint in fault.hint


def test_projected_coordinates_come_back_to_where_they_were() -> None:
    lon, lat = np.array([99.05, 99.3]), np.array([23.497, 23.85])
    xy = np.column_stack(Transformer.from_crs(4326, 4541, always_xy=True).transform(lon, lat))
    placed, bad = to_wgs84(points(*map(tuple, xy)), Crs.parse("EPSG:4541"))
    assert not bad.any()
    assert shapely.get_coordinates(placed) == pytest.approx(np.column_stack([lon, lat]), abs=1e-9)


def test_degrees_of_both_geographic_systems_stay_as_they_are() -> None:
    for code in ("EPSG:4326", "EPSG:4490"):
        placed, bad = to_wgs84(np.array([shapely.Point(99.05, 23.497, 1200.0), None]), Crs.parse(code))
        assert not bad.any()
        assert placed[0].wkt == "POINT (99.05 23.497)"
        assert placed[1] is None


def test_coordinates_that_cannot_be_in_the_system_are_marked() -> None:
    here = Transformer.from_crs(4326, 4522, always_xy=True).transform(102.0, 23.5)
    without_zone_number = (here[0] - 34_000_000, here[1])
    swapped = here[::-1]
    placed, bad = to_wgs84(points(here, without_zone_number, swapped, (np.nan, 0.0)), Crs.parse("EPSG:4522"))
    assert bad.tolist() == [False, True, True, True]
    assert [shape is None for shape in placed] == [False, True, True, True]


def test_a_carried_system_agrees_whatever_its_axes_and_heights() -> None:
    declared = Crs.parse("EPSG:4326")
    assert declared.agrees_with("OGC:CRS84")
    assert declared.agrees_with("EPSG:4979")
    assert not declared.agrees_with("EPSG:4490")
    assert not declared.agrees_with(CRS("EPSG:32647"))


def test_metres_are_metres_around_the_place() -> None:
    bounds = (98.6, 23.0, 100.6, 25.0)
    plane = Metric(bounds)
    for lon, lat in ((98.7, 23.1), (99.6, 24.0), (100.5, 24.9)):
        east, north, _ = Geod(ellps="WGS84").fwd(lon, lat, 63.0, 3000.0)
        here, there = plane.points(np.array([lon, east]), np.array([lat, north]))
        assert np.hypot(*(there - here)) == pytest.approx(3000.0, rel=1.5e-4)
    assert metric_crs(bounds).axis_info[0].unit_name == "metre"
