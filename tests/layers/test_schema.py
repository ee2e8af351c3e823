"""A frame held against its layer kind: every fault at once, and a clean frame where there is none."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers.catalog import CATALOG, FIELDS, value_of
from layers.check import check_file
from layers.faults import Fault
from layers.schema import check_layer

AREA = (98.9, 23.4, 99.5, 24.1)
WEST, EAST = shapely.box(99.0, 23.5, 99.2, 24.0), shapely.box(99.2, 23.5, 99.4, 24.0)
COUNTIES = gpd.GeoDataFrame(
    {"adcode": ["900101", "900102"], "name": ["甲县", "乙县"]}, geometry=[WEST, EAST], crs=4326
)
PROFILE = {
    "area": AREA,
    "kinds": {"duty_point": "first", "second_line_post": "second", "checkpoint.level1": "third"},
    "lines": ["first", "second", "third"],
    "counties": COUNTIES,
    "levels": ["I", "II"],
}
HERE = shapely.Point(99.1, 23.7)


def frame(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Rows with a `shape`; a site at HERE unless they say otherwise."""
    whole = [{"site_id": f"s{at}", "name": f"站{at}", "shape": HERE} | row for at, row in enumerate(rows, 1)]
    table = pd.DataFrame([{key: value for key, value in row.items() if key != "shape"} for row in whole])
    return gpd.GeoDataFrame(table.astype(object), geometry=[row["shape"] for row in whole], crs=4326)


def check(*rows: dict[str, Any], kind: str = "duty_points", **options: Any) -> list[Fault]:
    return check_layer(frame(*rows), kind, file="a.csv", **PROFILE | options)[1]


def only(found: list[Fault]) -> Fault:
    assert len(found) == 1, found
    return found[0]


class TestClean:
    def test_a_site_gets_every_field_in_its_type(self) -> None:
        row = {
            "lanes_total": "4",
            "smart": "是",
            "staff_required_I": 6,
            "video_url": "rtsp://a/1",
            "extra": "x",
        }
        clean, faults = check_layer(frame(row, {}), "duty_points", file="a.csv", **PROFILE)
        assert faults == []
        assert set(clean.columns) == {*CATALOG["duty_points"].fields(("I", "II")), "geometry"}
        first, second = clean.iloc[0], clean.iloc[1]
        assert (first["kind"], first["line"], first["county"]) == ("duty_point", "first", "900101")
        assert (first["lanes_total"], first["smart"], first["staff_required_I"]) == (4.0, True, 6.0)
        assert np.isnan(second["lanes_total"])
        assert (second["smart"], second["video_url"], np.isnan(second["staff_required_II"])) == (
            False,
            "",
            True,
        )

    def test_ids_written_as_numbers_are_text(self) -> None:
        clean, faults = check_layer(
            frame({"site_id": 12}, {"site_id": 13.0}), "duty_points", file="", **PROFILE
        )
        assert faults == []
        assert clean["site_id"].tolist() == ["12", "13"]

    def test_a_site_may_say_another_kind_and_line(self) -> None:
        row = {"kind": "checkpoint.level1", "line": "second"}
        clean, faults = check_layer(frame(row), "duty_points", file="", **PROFILE)
        assert faults == []
        assert clean.iloc[0][["kind", "line"]].tolist() == ["checkpoint.level1", "second"]

    def test_a_multi_point_of_one_is_a_point(self) -> None:
        clean, faults = check_layer(
            frame({"shape": shapely.MultiPoint([HERE])}), "duty_points", file="", **PROFILE
        )
        assert faults == []
        assert clean.geometry[0] == HERE

    def test_without_a_profile_only_the_frame_itself_is_checked(self) -> None:
        clean, faults = check_layer(
            frame({"kind": "anything", "line": "x", "county": "y"}), "duty_points", file=""
        )
        assert faults == []
        assert clean.iloc[0][["kind", "line", "county"]].tolist() == ["anything", "x", "y"]

    def test_every_kind_has_fields_with_a_known_value_and_an_identity_among_them(self) -> None:
        for row in CATALOG.values():
            assert all(value_of(name) for name in row.fields(("I",)))
            assert row.identity in (*row.required, "")
            assert row.is_site == ("line" in row.optional)
        assert set(FIELDS) == {name for row in CATALOG.values() for name in row.fields()}


class TestValues:
    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ({"lanes_total": -1}, "lanes_total"),
            ({"lanes_total": "2.5"}, "lanes_total"),
            ({"lanes_total": "two"}, "lanes_total"),
            ({"lanes_total": True}, "lanes_total"),
            ({"lanes_total": float("inf")}, "lanes_total"),
            ({"lanes_total": "nan"}, "lanes_total"),
            ({"capacity_persons_per_lane_h": "-0.5"}, "capacity_persons_per_lane_h"),
            ({"staff_required_I": -3}, "staff_required_I"),
            ({"smart": "perhaps"}, "smart"),
            ({"video_url": "javascript:alert(1)"}, "video_url"),
            ({"video_url": "http://[::1"}, "video_url"),
            ({"name": "甲\x00站"}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"name": ""}, "name"),
            ({"name": None}, "name"),
            ({"site_id": "  "}, "site_id"),
            ({"kind": "duty-point"}, "kind"),
            ({"line": "fist"}, "line"),
            ({"county": "900103"}, "county"),
            ({"county": "甲县"}, "county"),
        ],
    )
    def test_a_value_that_does_not_fit_names_row_field_and_what_would(
        self, row: dict[str, Any], field: str
    ) -> None:
        fault = only(check({}, row))
        assert (fault.file, fault.row, fault.field) == ("a.csv", 2, field)
        assert fault.got
        assert fault.expected

    def test_hints_say_what_was_meant(self) -> None:
        assert only(check({"kind": "duty-point"})).hint == "Did you mean 'duty_point'?"
        assert only(check({"line": "fist"})).hint == "Did you mean 'first'?"
        assert only(check({"county": "甲县"})).hint == "Write its adcode, 900101"

    def test_an_id_that_stands_twice_names_both_rows(self) -> None:
        fault = only(check({"site_id": "a"}, {}, {"site_id": " a "}))
        assert (fault.row, fault.field, fault.got) == (3, "site_id", "a")
        assert "row 1" in fault.expected

    def test_staff_for_a_level_that_does_not_exist_is_a_fault(self) -> None:
        fault = only(check({"staff_required_i": 3}))
        assert (fault.field, fault.hint) == ("staff_required_i", "Did you mean 'staff_required_I'?")

    def test_a_missing_column_is_one_fault_however_many_rows(self) -> None:
        rows = frame({}, {}, {}).rename(columns={"site_id": "siteid"})
        fault = only(check_layer(rows, "duty_points", file="a.csv", **PROFILE)[1])
        assert (fault.row, fault.field, fault.hint) == (None, "site_id", "Did you mean 'siteid'?")
        assert check_layer(rows, "duty_points", file="a.csv", absent={"site_id"}, **PROFILE)[1] == []

    def test_checkpoints_must_say_their_kind(self) -> None:
        assert only(check({}, kind="checkpoints")).what == "missing column"
        assert only(check({"kind": ""}, kind="checkpoints")).what == "kind is empty"

    def test_a_crossing_is_of_a_known_kind(self) -> None:
        row = {"crossing_id": "x", "kind": "side-path"}
        assert only(check(row, kind="crossings")).hint == "Did you mean 'side_path'?"


class TestPlaces:
    @pytest.mark.parametrize(
        ("shape", "what"),
        [
            (None, "missing, empty or broken"),
            (shapely.Point(), "missing, empty or broken"),
            (shapely.LineString([(99.1, 23.7), (99.2, 23.7)]), "wrong type"),
            (shapely.MultiPoint([(99.1, 23.7), (99.2, 23.7)]), "wrong type"),
            (shapely.GeometryCollection([HERE]), "wrong type"),
            (shapely.Point(99.1, np.nan), "not a number"),
            (shapely.Point(99.1, np.inf), "not a number"),
            (shapely.Point(23.7, 99.1), "swapped"),
            (shapely.Point(100.1, 23.7), "outside the profile's area"),
            (shapely.Point(0, 0), "outside the profile's area"),
            (shapely.Point(250_000, 2_600_000), "cannot be degrees"),
        ],
    )
    def test_a_site_out_of_place_says_how(self, shape: Any, what: str) -> None:
        fault = only(check({}, {"shape": shape}))
        assert what in fault.what
        assert (fault.row, fault.field) == (2, "geometry")

    @pytest.mark.parametrize(
        ("shape", "what"),
        [
            (shapely.Polygon([(99, 23.5), (99.2, 23.7), (99.2, 23.5), (99, 23.7)]), "not valid"),
            (shapely.LineString([(99.1, 23.7), (99.1, 23.7)]), "not valid"),
            (shapely.box(23.6, 99.1, 23.7, 99.2), "swapped"),
            (shapely.box(99.1, 23.6, 99.6, 23.7), "outside"),
        ],
    )
    def test_a_fence_out_of_place_says_how(self, shape: Any, what: str) -> None:
        assert what in only(check({"fence_id": "f", "shape": shape}, kind="fences")).what

    def test_a_road_may_leave_the_area_but_must_touch_it(self) -> None:
        leaving = shapely.LineString([(99.1, 23.7), (101, 25)])
        away = shapely.LineString([(101, 25), (102, 25)])
        assert check({"shape": leaving}, kind="roads") == []
        assert "outside" in only(check({"shape": away}, kind="roads")).what

    def test_a_file_of_metres_declared_as_degrees_is_one_fault(self) -> None:
        rows = [{"shape": shapely.Point(250_000 + at, 2_600_000)} for at in range(5)]
        fault = only(check(*rows))
        assert fault.row is None
        assert "projected EPSG" in fault.hint

    def test_rows_known_to_lack_a_position_are_not_named_again(self) -> None:
        assert check({}, {"shape": None}, unplaced={1}) == []

    def test_row_numbers_follow_the_index_of_the_frame(self) -> None:
        rows = frame({}, {"line": "x"})
        rows.index = [4, 7]
        assert only(check_layer(rows, "duty_points", file="", **PROFILE)[1]).row == 8


class TestCounty:
    def test_it_is_derived_where_absent_and_kept_where_it_agrees(self) -> None:
        rows = frame(
            {},
            {"shape": shapely.Point(99.3, 23.7)},
            {"county": "900101"},
            {"shape": shapely.Point(99.45, 23.7)},
        )
        clean, faults = check_layer(rows, "duty_points", file="", **PROFILE)
        assert faults == []
        assert clean["county"].tolist() == ["900101", "900102", "900101", ""]

    def test_one_that_disagrees_with_the_position_is_a_fault(self) -> None:
        fault = only(check({"county": "900102"}))
        assert (fault.field, fault.got) == ("county", "900102 (乙县)")
        assert fault.expected.startswith("900101 (甲县)")

    def test_one_given_for_a_place_outside_all_counties_is_a_fault(self) -> None:
        fault = only(check({"county": "900102", "shape": shapely.Point(99.45, 23.7)}))
        assert fault.expected.startswith("no county")

    def test_near_an_edge_either_side_will_do(self) -> None:
        # 0.001 degrees of longitude is 102 m here.
        assert check({"county": "900102", "shape": shapely.Point(99.199, 23.7)}) == []
        assert check({"county": "900102", "shape": shapely.Point(99.401, 23.7)}) == []
        assert len(check({"county": "900102", "shape": shapely.Point(99.197, 23.7)})) == 1

    def test_a_fence_across_two_counties_may_name_either(self) -> None:
        fence = shapely.LineString([(99.15, 23.7), (99.3, 23.7)])
        for county in ("900101", "900102"):
            assert check({"fence_id": "f", "county": county, "shape": fence}, kind="fences") == []


class TestAllAtOnce:
    def test_every_fault_of_a_file_comes_in_one_report(self) -> None:
        found = check(
            {"site_id": "a", "lanes_total": -1, "line": "x"},
            {"site_id": "a", "shape": shapely.Point(23.7, 99.1)},
            {"name": "", "kind": "y", "county": "900102", "smart": "z"},
            {"shape": None, "video_url": "ftp://a"},
        )
        assert {(fault.row, fault.field) for fault in found} == {
            (1, "lanes_total"), (1, "line"), (2, "site_id"), (2, "geometry"), (3, "name"), (3, "kind"),
            (3, "county"), (3, "smart"), (4, "geometry"), (4, "video_url"),
        }  # fmt: skip

    def test_a_border_drawn_twice_would_count_twice(self) -> None:
        line = shapely.LineString([(99.0, 23.5), (99.2, 23.5), (99.4, 23.5)])
        again = shapely.LineString([(99.1, 23.5), (99.2, 23.5)])
        assert check({"shape": line}, kind="border") == []
        fault = only(check({"shape": line}, {"shape": again}, kind="border"))
        assert fault.got == "25.0% of it drawn twice"


class TestLoneFile:
    def test_a_good_file_has_no_faults(self, text, geojson, geopackage) -> None:
        assert check_file(text("id,lon,lat", "1,99.1,23.7"), crs="EPSG:4326") == []
        assert check_file(geojson(({}, (99.1, 23.7)))) == []
        projected = frame({}).to_crs(32647)
        assert check_file(geopackage({"one": projected, "two": projected})) == []

    def test_it_is_held_against_a_kind_where_one_is_named(self, text) -> None:
        path = text("id,lon,lat", "1,99.1,23.7")
        found = check_file(path, kind="hubs", crs="EPSG:4326")
        assert {fault.field for fault in found} == {"hub_id", "name", "kind"}
        assert only(check_file(path, kind="hub")).hint == "Did you mean 'hubs'?"

    def test_what_is_wrong_with_the_file_itself_is_named(self, text, geojson) -> None:
        swapped = check_file(text("id,lon,lat", "1,23.7,99.1"), crs="EPSG:4326")
        assert only(swapped).what == "longitude and latitude are swapped"
        bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
        assert only(check_file(geojson(({}, bow)))).what == "the geometry is not valid"
        assert only(check_file("/nowhere/a.csv")).what == "no such file"

    def test_every_layer_of_a_geopackage_is_looked_at(self, geopackage) -> None:
        path = geopackage({"one": frame({}), "two": frame({"shape": shapely.Point(23.7, 99.1)})})
        fault = only(check_file(path))
        assert fault.file.endswith("layer.gpkg")
        assert fault.layer == "two"
        assert "layer.gpkg, layer two, row" in str(fault)


def test_a_scribble_of_a_million_crossings_is_refused_before_it_is_measured() -> None:
    rng = np.random.default_rng(4)
    ring = np.array([99.0, 23.0]) + rng.uniform(0, 0.5, (60_000, 2))
    scribble = shapely.Polygon(np.vstack([ring, ring[:1]]))
    frame = gpd.GeoDataFrame({"fence_id": ["f"], "name": ["F"]}, geometry=[scribble], crs=4326)
    (fault,) = check_layer(frame, "fences", file="f.gpkg")[1]
    assert fault.what == "the shape crosses itself all over"
    assert fault.row == 1


class TestDays:
    @pytest.mark.parametrize(
        "given",
        [
            "2027-01-01", "2027/1/1", "2027-1-1", "2027.1.1", "2027年1月1日", "2027 年 1 月 1 日",
            "２０２７年１月１日",
            "2027/1/1 0:00", "2027-01-01 00:00:00", "2027-01-01T08:30:00Z", pd.Timestamp("2027-01-01 08:30"),
        ],
    )  # fmt: skip
    def test_a_day_is_one_however_it_is_written(self, given: object) -> None:
        clean, faults = check_layer(frame({"opened_on": given}), "duty_points", file="a.csv", **PROFILE)
        assert faults == []
        assert clean["opened_on"].tolist() == ["2027-01-01"]

    @pytest.mark.parametrize("given", ["1/2/2027", "13.2.2027", "1/2/27", "1/2/2027 8:00"])
    def test_what_may_be_either_way_round_is_refused_with_advice(self, given: str) -> None:
        fault = only(check({"opened_on": given}))
        assert (fault.row, fault.field, fault.got) == (1, "opened_on", given)
        assert "write the year first" in fault.hint

    @pytest.mark.parametrize("given", ["2027/2/30", "2027年1月", "2027/1-1", "27", "46388", "soon"])
    def test_what_is_no_day_is_refused(self, given: str) -> None:
        fault = only(check({"opened_on": given}))
        assert (fault.got, fault.hint) == (given, "")
