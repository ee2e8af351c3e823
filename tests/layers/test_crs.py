from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod, Transformer

from layers.crs import Crs, Metric, accuracy_m, from_wgs84, metric_crs, to_wgs84
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
    ("declared", "name"),
    [
        ("GCJ-02", "GCJ-02"),
        ("gcj02", "GCJ-02"),
        (" GCJ_02 ", "GCJ-02"),
        ("BD-09", "BD-09"),
        ("bd09", "BD-09"),
        ("BD09LL", "BD-09"),
    ],
)
def test_the_shifted_degrees_of_web_maps_are_declared_by_name(declared: str, name: str) -> None:
    crs = Crs.parse(declared)
    assert (str(crs), crs.epsg, crs.projected) == (name, 0, False)
    assert Crs.parse(str(crs)) == crs


@pytest.mark.parametrize(
    ("declared", "hint"),
    [
        ("", ""),
        ("4326", "EPSG:4326"),
        ("WGS84", "EPSG:4326"),
        ("CGCS2000", "EPSG:4490"),
        ("火星坐标系", "declare GCJ-02"),
        ("百度坐标", "declare BD-09"),
        ("BD09MC", "bd09ll"),
        ("EPSG:4979", "declare EPSG:4326"),
        ("EPSG:4480", "declare EPSG:4490"),
        ("EPSG:4479", "Convert"),
        ("EPSG:5773", "Convert"),
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
    assert "GCJ-02" in fault.expected
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


def test_what_is_shifted_carries_the_code_of_what_it_was_made_of() -> None:
    shifted = Crs.parse("GCJ-02")
    assert shifted.agrees_with("EPSG:4326")
    assert shifted.agrees_with("OGC:CRS84")
    assert shifted.agrees_with("EPSG:4490")
    assert not shifted.agrees_with("EPSG:4521")


HERE = (99.05, 23.497)
SYSTEMS = (
    "EPSG:4326", "EPSG:4490", "EPSG:4495", "EPSG:4506", "EPSG:4521", "EPSG:4542", "EPSG:32647", "EPSG:3857",
    "GCJ-02", "BD-09",
)  # fmt: skip


@pytest.mark.parametrize("declared", SYSTEMS)
def test_there_and_back_is_the_same_place(declared: str) -> None:
    crs = Crs.parse(declared)
    line = shapely.LineString([HERE, (99.3, 23.85)])
    shapes = np.array([line, None, shapely.Point(HERE)], dtype=object)
    there = from_wgs84(shapes, crs)
    back, bad = to_wgs84(there, crs)
    assert not bad.any()
    assert [shape is None for shape in back] == [False, True, False]
    assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(shapes)).max() < 1e-9


@pytest.mark.parametrize("code", [4521, 4542, 32647, 3857])
def test_eastings_come_first(code: int) -> None:
    (point,) = from_wgs84(points(HERE), Crs.parse(f"EPSG:{code}"))
    assert (point.x, point.y) == pytest.approx(
        Transformer.from_crs(4326, code, always_xy=True).transform(*HERE), abs=1e-6
    )


def test_every_zone_of_cgcs2000_holds_its_own_middle() -> None:
    """EPSG:4491 to 4554: six-degree zones with and without their number, then three-degree ones."""
    zones = [(4491 + at, 6 * zone - 3, zone) for at, zone in enumerate(range(13, 24))]
    zones += [(4502 + at, 6 * zone - 3, 0) for at, zone in enumerate(range(13, 24))]
    zones += [(4513 + at, 3 * zone, zone) for at, zone in enumerate(range(25, 46))]
    zones += [(4534 + at, 3 * zone, 0) for at, zone in enumerate(range(25, 46))]
    assert [code for code, _, _ in zones] == list(range(4491, 4555))
    for code, middle, number in zones:
        crs = Crs.parse(f"EPSG:{code}")
        area = CRS.from_epsg(code).area_of_use
        here = (middle + 0.5, (area.south + area.north) / 2)
        (point,) = from_wgs84(points(here), crs)
        off_m = Geod(ellps="GRS80").inv(middle, here[1], *here)[2]
        assert point.x == pytest.approx(number * 1e6 + 500_000 + off_m, abs=5)
        (back,), _ = to_wgs84(np.array([point]), crs)
        assert (back.x, back.y) == pytest.approx(here, abs=1e-9)


@pytest.mark.parametrize("declared", ["EPSG:4214", "EPSG:4610", "EPSG:4555", "EPSG:2431", "EPSG:4267"])
def test_a_datum_whose_shift_nobody_knows_here_is_refused_both_ways(declared: str) -> None:
    crs = Crs.parse(declared)
    there = points((300_000.0, 2_600_000.0) if crs.projected else HERE)
    assert accuracy_m(there, crs) is None
    for convert, shapes in ((to_wgs84, there), (from_wgs84, points(HERE))):
        with pytest.raises(FaultsError, match="cannot be converted here"):
            convert(shapes, crs)


def test_a_datum_whose_shift_is_known_is_converted_and_says_how_well() -> None:
    tarim = points((80.0, 39.0))
    beijing_1954 = Crs.parse("EPSG:4214")
    assert accuracy_m(tarim, beijing_1954) == 1.0
    (moved,), _ = to_wgs84(tarim, beijing_1954)
    metres = Geod(ellps="WGS84").inv(80.0, 39.0, moved.x, moved.y)[2]
    assert 30.0 < metres < 100.0
    assert accuracy_m(points((113.0, 20.0)), beijing_1954) == 15.0
    assert accuracy_m(tarim, Crs.parse("EPSG:4490")) == 0.0
    assert accuracy_m(tarim, Crs.parse("BD-09")) == 0.0


def test_a_place_that_a_system_does_not_have_is_none() -> None:
    inside, nowhere = from_wgs84(points(HERE, (200.0, 95.0)), Crs.parse("EPSG:4542"))
    assert inside is not None
    assert nowhere is None


def test_metres_are_metres_around_the_place() -> None:
    bounds = (98.6, 23.0, 100.6, 25.0)
    plane = Metric(bounds)
    for lon, lat in ((98.7, 23.1), (99.6, 24.0), (100.5, 24.9)):
        east, north, _ = Geod(ellps="WGS84").fwd(lon, lat, 63.0, 3000.0)
        here, there = plane.points(np.array([lon, east]), np.array([lat, north]))
        assert np.hypot(*(there - here)) == pytest.approx(3000.0, rel=1.5e-4)
    assert metric_crs(bounds).axis_info[0].unit_name == "metre"
