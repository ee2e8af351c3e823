"""GCJ-02 and BD-09 against coordinates that others published, there and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from layers.datums import BOX, Datum, convert, from_wgs84_degrees, to_wgs84_degrees

GEOD = Geod(ellps="WGS84")
NEAR_M = 0.5

# hujiulong/gcoord, test/fixtures/china-cities.json at fedbaa10: cities in all three, read off a map service.
CITIES = {
    "驻马店": ((114.0164322, 33.0133556), (114.022306, 33.0115324), (114.0287781, 33.0176697)),
    "邵阳": ((111.4622119, 27.242124), (111.4677938, 27.2388981), (111.4742271, 27.2451662)),
    "邢台": ((114.498916, 37.0700925), (114.5048503, 37.0705911), (114.5113116, 37.0766797)),
    "那曲": ((92.0499619, 31.4784436), (92.0512438, 31.4762063), (92.0576832, 31.4824421)),
    "凉山": ((102.2658401, 27.8850446), (102.2673386, 27.8816151), (102.2738428, 27.8876621)),
    "郑州": ((113.6192856, 34.7478004), (113.6253334, 34.7466173), (113.6317519, 34.7528605)),
    "梅州": ((116.1174053, 24.2912377), (116.1222426, 24.2886182), (116.1287823, 24.2944828)),
    "楚雄": ((101.5265949, 25.048566), (101.5280737, 25.0455363), (101.5344863, 25.0518094)),
    "辽阳": ((123.2312099, 41.2651725), (123.2369518, 41.2672464), (123.2433178, 41.2736074)),
    "汕尾": ((115.3702248, 22.7888255), (115.3751647, 22.7861903), (115.3817179, 22.7918527)),
    "锡林郭勒": ((116.0414035, 43.9312805), (116.0482308, 43.9334573), (116.0546232, 43.9397782)),
    "酒泉": ((98.4937175, 39.7319946), (98.4943595, 39.7328234), (98.5008441, 39.7388949)),
    "钦州": ((108.6503952, 21.9828281), (108.6541485, 21.9799392), (108.6607283, 21.9856319)),
    "金华": ((119.6427465, 29.0820414), (119.6474509, 29.0790641), (119.6538875, 29.0854003)),
}
# googollee/eviltransform, go/transform_test.go at 1643645a: Shanghai, Shenzhen, Beijing; WGS 84, GCJ-02.
EVILTRANSFORM = (
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
)
# wandergis/coordtransform, test/app.js at 24232463: source, target, from, to.
WANDERGIS = (
    ("bd09", "gcj02", (116.404, 39.915), (116.39762729119315, 39.90865673957631)),
    ("gcj02", "bd09", (116.404, 39.915), (116.41036949371029, 39.92133699351021)),
    ("", "gcj02", (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ("gcj02", "", (116.404, 39.915), (116.39775550083061, 39.91359571849836)),
)
# hujiulong/gcoord, test/unit/crs/GCJ02.spec.ts at 42ea29df, BD09.spec.ts at 0bb92090.
GCOORD = (
    ("gcj02", "", (123.0, 45.0), (122.99395597, 44.99804071)),
    ("gcj02", "bd09", (123.0, 45.0), (123.00636499, 45.00636899)),
    ("bd09", "gcj02", (123.0, 45.0), (122.99363304, 44.99365430)),
    ("bd09", "", (123.0, 45.0), (122.98762210, 44.99171540)),
)

VECTORS: list[tuple[Datum, Datum, tuple[float, float], tuple[float, float]]] = [*WANDERGIS, *GCOORD]
for one, other in EVILTRANSFORM:
    VECTORS += [("", "gcj02", one, other), ("gcj02", "", other, one)]
for _, gcj02, bd09 in CITIES.values():
    VECTORS += [("gcj02", "bd09", gcj02, bd09), ("bd09", "gcj02", bd09, gcj02)]


def metres(here: tuple[float, float], there: tuple[float, float]) -> float:
    return float(GEOD.inv(*here, *there)[2])


def at(place: tuple[float, float], source: Datum, target: Datum) -> tuple[float, float]:
    lon, lat = convert(np.array([place[0]]), np.array([place[1]]), source, target)
    return float(lon[0]), float(lat[0])


@pytest.mark.parametrize(("source", "target", "given", "published"), VECTORS)
def test_published_coordinates_come_out_to_half_a_metre(
    source: Datum, target: Datum, given: tuple[float, float], published: tuple[float, float]
) -> None:
    assert metres(at(given, source, target), published) < NEAR_M


@pytest.mark.parametrize("city", CITIES)
def test_a_service_stands_by_its_own_noise_off_the_formula(city: str) -> None:
    """The service adds 0.47 m to the north and to the east of what all published formulas give; its own
    rounding is to the centimetre. gcoord's test of these cities allows five metres."""
    wgs84, gcj02, bd09 = CITIES[city]
    for source, target, place, served in (
        ("", "gcj02", wgs84, gcj02),
        ("gcj02", "", gcj02, wgs84),
        ("", "bd09", wgs84, bd09),
        ("bd09", "", bd09, wgs84),
    ):
        assert metres(at(place, source, target), served) == pytest.approx(0.66, abs=0.05)


def test_the_formula_itself_is_the_published_one_to_a_micrometre() -> None:
    """What is computed and not read off a service agrees in every digit."""
    forward = [*WANDERGIS[1:3], *(("", "gcj02", *two) for two in EVILTRANSFORM)]
    for source, target, place, published in forward:
        assert metres(at(place, source, target), published) < 1e-6


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_all_over_china_there_and_back_is_the_same_to_a_micrometre(datum: Datum) -> None:
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(73, 136, 400), np.linspace(3, 54, 400)))
    back = to_wgs84_degrees(*from_wgs84_degrees(lon, lat, datum), datum)
    assert GEOD.inv(lon, lat, *back)[2].max() < 1e-6
    there = from_wgs84_degrees(*to_wgs84_degrees(lon, lat, datum), datum)
    assert GEOD.inv(lon, lat, *there)[2].max() < 1e-6


@given(st.floats(73.5, 135.1), st.floats(3.8, 53.6), st.sampled_from(["gcj02", "bd09"]))
def test_anywhere_in_china_there_and_back_is_the_same_to_a_millimetre(
    lon: float, lat: float, datum: Datum
) -> None:
    assert metres(at(at((lon, lat), "", datum), datum, ""), (lon, lat)) < 1e-3


def test_the_shift_is_as_large_as_it_is_known_to_be() -> None:
    for wgs84, _, _ in CITIES.values():
        assert 100 < metres(wgs84, at(wgs84, "", "gcj02")) < 900
        assert 500 < metres(wgs84, at(wgs84, "", "bd09")) < 1600


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize(
    "place", [(-0.1276, 51.5074), (151.2, -33.9), (72.0, 30.0), (138.0, 36.0), (100.0, 0.5), (100.0, 56.0)]
)
def test_outside_the_box_nothing_is_shifted(datum: Datum, place: tuple[float, float]) -> None:
    assert at(place, "", datum) == place
    assert at(place, datum, "") == place


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_what_is_no_position_stays_and_spoils_nothing(datum: Datum) -> None:
    lon = np.array([np.nan, np.inf, 99.0, 99.0, BOX[0], 99.0])
    lat = np.array([24.0, 24.0, np.nan, -np.inf, BOX[1], 24.0])
    given_lon, given_lat = lon.copy(), lat.copy()
    for change in (to_wgs84_degrees, from_wgs84_degrees):
        out_lon, out_lat = change(lon, lat, datum)
        np.testing.assert_array_equal(out_lon[:4], lon[:4])
        np.testing.assert_array_equal(out_lat[:4], lat[:4])
        assert 100 < metres((out_lon[5], out_lat[5]), (99.0, 24.0)) < 1600
    np.testing.assert_array_equal(lon, given_lon)  # what was given is not written into
    np.testing.assert_array_equal(lat, given_lat)


def test_nothing_makes_nothing() -> None:
    empty = np.array([])
    for datum in ("", "gcj02", "bd09"):
        assert to_wgs84_degrees(empty, empty, datum)[0].shape == (0,)
