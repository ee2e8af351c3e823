"""A file that does not say what system it is in: the proposal, its evidence, and that it is never applied."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from layers.crs import Crs, from_wgs84
from layers.faults import Fault
from layers.likely import likely
from layers.load import load_layer

AREA = (98.4, 22.8, 100.8, 25.3)
LON, LAT = (axis.ravel() for axis in np.meshgrid(np.linspace(98.9, 100.3, 6), np.linspace(23.2, 24.9, 5)))
COUNTIES = gpd.GeoDataFrame(
    {"adcode": ["1", "2"], "name": ["甲", "乙"]},
    geometry=[shapely.box(98.8, 23.1, 99.6, 25), shapely.box(99.6, 23.1, 100.4, 25)],
    crs=4326,
)


def in_system(code: int) -> np.ndarray:
    return np.column_stack(Transformer.from_crs(4326, code, always_xy=True).transform(LON, LAT))


def proposal(xy: np.ndarray, **where: object) -> str:
    return likely(shapely.points(xy), **where)


@pytest.mark.parametrize("code", [4521, 4495, 4543, 4542, 4541, 32647, 3857])
def test_the_right_system_comes_first_with_its_numbers(code: int) -> None:
    told = proposal(in_system(code), area=AREA, counties=COUNTIES)
    expected = (
        f"in EPSG:{code} ({CRS.from_epsg(code).name}) all 30 rows lie in the profile's area, 30 of them"
    )
    if code in (4542, 32647):  # nearly the same numbers: the counties may tell, and both are named
        assert "EPSG:4542" in told
        assert "EPSG:32647" in told
        assert expected in told
    else:
        assert told.startswith(f"Likely: {expected}")


def test_degrees_are_said_to_be_degrees_and_may_be_of_a_web_map() -> None:
    told = proposal(np.column_stack([LON, LAT]), area=AREA)
    assert told.startswith("Likely: in EPSG:4326 or EPSG:4490")
    assert "all 30 rows lie in the profile's area" in told
    assert "GCJ-02" in told


def test_coordinates_that_are_swapped_are_said_to_be() -> None:
    for xy in (np.column_stack([LAT, LON]), in_system(4521)[:, ::-1]):
        told = proposal(xy, area=AREA)
        assert "all 30 rows lie in the profile's area, with the two coordinates swapped" in told


def test_a_zone_number_tells_without_an_area_and_bare_eastings_do_not() -> None:
    assert "EPSG:4521 (CGCS2000 / 3-degree Gauss-Kruger zone 33) all 30 rows lie in China" in proposal(
        in_system(4521)
    )
    assert proposal(in_system(4542)) == ""


def test_rows_elsewhere_are_counted() -> None:
    xy = in_system(4521)
    xy[:4, 1] += 500_000
    assert "in EPSG:4521 (CGCS2000 / 3-degree Gauss-Kruger zone 33) 26 of 30 rows lie" in proposal(
        xy, area=AREA
    )


@pytest.mark.parametrize(
    "xy",
    [
        np.empty((0, 2)),
        np.full((3, 2), np.nan),
        np.full((3, 2), np.inf),
        np.array([[1e9, 1e9]]),
        np.array([[-5.0, -7e6]]),
        np.array([[33_500_000.0, 9_900_000.0]]),
        np.array([[2.35, 48.85]]),
    ],
)
def test_what_fits_nothing_is_given_no_name(xy: np.ndarray) -> None:
    assert proposal(xy, area=AREA, counties=COUNTIES) == ""


def test_lines_and_areas_are_judged_by_their_middles_and_missing_ones_passed_over() -> None:
    shapes = np.array([shapely.box(98.9, 23.2, 99, 23.3), None, shapely.LineString([(99, 24), (100, 24)])])
    assert "all 2 rows lie in the profile's area" in likely(shapes, area=AREA)


def hubs(text, xy: np.ndarray) -> Path:
    rows = [f"h{at},站{at},rail,{x!r},{y!r}" for at, (x, y) in enumerate(xy.tolist())]
    return text("hub_id,name,kind,lon,lat", *rows)


def only(found: list[Fault]) -> Fault:
    assert len(found) == 1, found
    return found[0]


class TestLoading:
    @pytest.mark.parametrize("code", [4326, 4521])
    def test_a_table_that_is_not_declared_is_refused_with_the_likely_one(self, text, code: int) -> None:
        loaded = load_layer(hubs(text, in_system(code)), kind="hubs", crs=None, area=AREA, counties=COUNTIES)
        fault = only(loaded.faults)
        assert (fault.what, fault.field) == ("the coordinate system is not declared", "crs")
        assert f"EPSG:{code}" in fault.hint
        assert "all 30 rows lie in the profile's area, 30 of them in its counties" in fault.hint
        assert not fault.warning

    def test_the_proposal_is_never_applied(self, text) -> None:
        loaded = load_layer(hubs(text, in_system(4521)), kind="hubs", crs=None, area=AREA)
        assert loaded.frame.geometry.isna().all()
        assert loaded.unplaced == frozenset(range(30))

    def test_where_nothing_is_likely_somebody_is_to_be_asked(self, text) -> None:
        loaded = load_layer(hubs(text, np.array([[1e9, 1e9]])), kind="hubs", crs=None, area=AREA)
        assert "Ask whoever made the file" in only(loaded.faults).hint

    def test_a_geopackage_that_carries_nothing_is_no_better_than_a_table(self, geopackage) -> None:
        frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(99, 24)])
        with pytest.warns(UserWarning, match="crs"):
            path = geopackage({"a": frame})
        loaded = load_layer(path, kind="roads", crs=None)
        assert "the coordinate system is not declared" in [fault.what for fault in loaded.faults]
        declared = load_layer(path, kind="roads", crs="GCJ-02")
        assert [fault for fault in declared.faults if fault.field == "crs"] == []

    @pytest.mark.parametrize("declared", ["GCJ-02", "BD-09"])
    def test_shifted_degrees_are_brought_to_wgs_84(self, text, declared: str) -> None:
        there = from_wgs84(shapely.points(LON, LAT), Crs.parse(declared))
        loaded = load_layer(hubs(text, shapely.get_coordinates(there)), kind="hubs", crs=declared)
        assert loaded.faults == []
        found = shapely.get_coordinates(loaded.frame.geometry.array)
        assert found == pytest.approx(np.column_stack([LON, LAT]), abs=1e-9)

    def test_shifted_degrees_may_be_declared_over_the_code_that_the_file_carries(self, geopackage) -> None:
        frame = gpd.GeoDataFrame(
            {"name": ["a"]}, geometry=[shapely.LineString([(99, 24), (99.1, 24)])], crs=4326
        )
        loaded = load_layer(geopackage({"roads": frame}), kind="roads", crs="GCJ-02")
        assert loaded.faults == []
        assert loaded.frame.geometry.iloc[0].coords[0] != (99, 24)

    def test_a_datum_without_a_known_shift_stops_and_a_rough_one_warns(self, text) -> None:
        fault = only(load_layer(hubs(text, np.array([[99.0, 24.0]])), kind="hubs", crs="EPSG:4214").faults)
        assert (fault.what, fault.file) == (
            "the datum of the coordinate system cannot be converted here",
            "layer.csv",
        )
        assert not fault.warning
        rough = load_layer(hubs(text, np.array([[113.0, 20.0]])), kind="hubs", crs="EPSG:4214")
        fault = only(rough.faults)
        assert fault.warning
        assert "15 m" in fault.expected
        assert rough.frame.geometry.notna().all()


PRJ = (
    'PROJCS["{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",{middle}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)


class TestCarriedByAnotherName:
    """What ESRI programs write into a .prj has other names than EPSG's, and some have none there at all."""

    def written(self, tmp_path: Path, name: str, easting: float, middle: float) -> Path:
        path = tmp_path / "roads.shp"
        x, y = in_system(4521)[0]
        line = shapely.LineString([(x - 33_500_000 + easting, y), (x - 33_500_000 + easting + 900, y)])
        gpd.GeoDataFrame({"name": ["a"]}, geometry=[line], crs=4521).to_file(path, encoding="utf-8")
        path.with_suffix(".prj").write_text(PRJ.format(name=name, easting=easting, middle=middle), "ascii")
        return path

    @pytest.mark.parametrize("name", ["CGCS2000_3_Degree_GK_Zone_33", "Our_Prefecture"])
    def test_a_system_that_is_equal_in_all_but_its_name_is_taken(self, tmp_path: Path, name: str) -> None:
        path = self.written(tmp_path, name, 33_500_000.0, 99.0)
        for crs in (None, "EPSG:4521"):
            loaded = load_layer(path, kind="roads", crs=crs)
            assert loaded.faults == []
            assert loaded.frame.geometry.iloc[0].coords[0] == pytest.approx((LON[0], LAT[0]), abs=1e-7)

    def test_a_datum_of_no_name_is_not_taken_for_one(self, tmp_path: Path) -> None:
        path = self.written(tmp_path, "Our_Prefecture", 33_500_000.0, 99.0)
        path.with_suffix(".prj").write_text(path.with_suffix(".prj").read_text().replace("China", "Ours"))
        fault = only(load_layer(path, kind="roads", crs=None).faults)
        assert fault.what == "the file's coordinate system has no EPSG code"

        assert "in EPSG:4521 (CGCS2000 / 3-degree Gauss-Kruger zone 33) the one row lies" in fault.hint
        assert load_layer(path, kind="roads", crs="EPSG:4521").faults == []

    def test_a_datum_on_another_ellipsoid_is_not_declared_away(self, tmp_path: Path) -> None:
        path = self.written(tmp_path, "Our_Prefecture", 33_500_000.0, 99.0)
        prj = (
            path.with_suffix(".prj")
            .read_text()
            .replace("China_2000", "Ours")
            .replace("6378137.0", "6378140.0")
        )
        path.with_suffix(".prj").write_text(prj)
        fault = only(load_layer(path, kind="roads", crs="EPSG:4521").faults)
        assert fault.what == "the file carries another coordinate system than the one declared"

    def test_a_system_of_its_own_is_refused_and_the_nearest_named_with_the_distance(
        self, tmp_path: Path
    ) -> None:
        path = self.written(tmp_path, "Our_Prefecture", 500_000.0, 99.5)
        fault = only(load_layer(path, kind="roads", crs=None).faults)
        assert fault.what == "the file's coordinate system has no EPSG code"
        assert "Our_Prefecture" in fault.got
        assert "most like EPSG:" in fault.hint
        assert "m apart" in fault.hint

    def test_a_declaration_that_it_contradicts_is_refused_with_the_distance(self, tmp_path: Path) -> None:
        path = self.written(tmp_path, "Our_Prefecture", 500_000.0, 99.5)
        fault = only(load_layer(path, kind="roads", crs="EPSG:4542").faults)
        assert fault.what == "the file carries another coordinate system than the one declared"
        assert "m apart" in fault.hint
