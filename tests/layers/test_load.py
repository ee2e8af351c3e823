"""Files of each format become the same frame; what keeps a file from being read is a fault that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from layers import formats
from layers.faults import Fault, FaultsError
from layers.load import load_layer, read_layer

HUBS = ("hub_id,name,kind,lon,lat", "h1,甲站,rail,99.10,23.70", "h2,乙站,air,99.30,23.80")
H1 = ({"hub_id": "h1", "name": "甲站", "kind": "rail"}, (99.10, 23.70))
H2 = ({"hub_id": "h2", "name": "乙站", "kind": "air"}, (99.30, 23.80))


def frame(**columns: Any) -> gpd.GeoDataFrame:
    lon, lat = columns.pop("lon"), columns.pop("lat")
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(lon, lat), crs=4326)


def hubs() -> gpd.GeoDataFrame:
    return frame(
        hub_id=["h1", "h2"], name=["甲站", "乙站"], kind=["rail", "air"], lon=[99.1, 99.3], lat=[23.7, 23.8]
    )


def read(path: Path, **options: Any) -> gpd.GeoDataFrame:
    return read_layer(path, **{"kind": "hubs", "crs": "EPSG:4326"} | options)


def faults(path: Path, **options: Any) -> list[Fault]:
    loaded = load_layer(path, **{"kind": "hubs", "crs": "EPSG:4326"} | options)
    return [fault for fault in loaded.faults if fault.what != "columns that are not used"]


def only(found: list[Fault]) -> Fault:
    assert len(found) == 1, found
    return found[0]


class TestFormats:
    def test_csv_geojson_and_geopackage_give_the_same_frame(self, text, geojson, geopackage) -> None:
        frames = [read(text(*HUBS)), read(geojson(H1, H2)), read(geopackage({"hubs": hubs()}))]
        for found in frames:
            assert found.columns.tolist() == ["hub_id", "name", "kind", "geometry"]
            assert found["name"].tolist() == ["甲站", "乙站"]
            assert shapely.get_coordinates(found.geometry.array).tolist() == [[99.1, 23.7], [99.3, 23.8]]
            assert found.crs.to_epsg() == 4326

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
    def test_a_declared_encoding_is_used(self, text, encoding: str) -> None:
        path = text(*HUBS, encoding=encoding)
        assert read(path, encoding="utf-8" if encoding == "utf-8-sig" else encoding)["name"].tolist() == [
            "甲站",
            "乙站",
        ]

    def test_a_geojson_in_another_encoding_is_read_too(self, geojson) -> None:
        path = geojson(H1)
        path.write_bytes(path.read_text("utf-8").encode("gb18030"))
        assert read(path, encoding="gb18030")["name"].tolist() == ["甲站"]

    def test_columns_are_renamed_and_constants_filled_in(self, text) -> None:
        path = text("编号,经度,纬度,名称", "7,99.1,23.7,甲")
        columns = {"hub_id": "编号", "lon": "经度", "lat": "纬度", "name": "名称"}
        found = read(path, columns=columns, constants={"kind": "rail"})
        assert found.iloc[0][["hub_id", "name", "kind"]].tolist() == ["7", "甲", "rail"]

    def test_one_column_may_serve_two_fields(self, text) -> None:
        path = text("站名,lon,lat", "甲,99.1,23.7")
        found = read(path, columns={"hub_id": "站名", "name": "站名"}, constants={"kind": "rail"})
        assert found.iloc[0][["hub_id", "name"]].tolist() == ["甲", "甲"]

    def test_a_named_layer_of_a_geopackage_is_read(self, geopackage) -> None:
        path = geopackage({"other": hubs().iloc[:1], "hubs": hubs()})
        assert len(read(path, layer="hubs")) == 2
        assert len(read(path, layer="other")) == 1

    def test_projected_coordinates_are_reprojected(self, text, geopackage) -> None:
        x, y = Transformer.from_crs(4326, 32647, always_xy=True).transform(99.1, 23.7)
        found = read(text("hub_id,name,kind,lon,lat", f"h1,甲,rail,{x},{y}"), crs="EPSG:32647")
        assert shapely.get_coordinates(found.geometry.array)[0] == pytest.approx([99.1, 23.7], abs=1e-9)
        carried = read(geopackage({"hubs": hubs().to_crs(32647)}), crs="EPSG:32647")
        assert shapely.get_coordinates(carried.geometry.array)[0] == pytest.approx([99.1, 23.7], abs=1e-9)

    def test_a_geojson_that_says_nothing_may_be_declared_otherwise(self, geojson) -> None:
        x, y = Transformer.from_crs(4326, 32647, always_xy=True).transform(99.1, 23.7)
        found = read(geojson((H1[0], (x, y))), crs="EPSG:32647")
        assert shapely.get_coordinates(found.geometry.array)[0] == pytest.approx([99.1, 23.7], abs=1e-9)

    def test_a_property_may_have_any_name(self, geojson) -> None:
        path = geojson((H1[0] | {"geometry": "x", "": "y", "index": 3, "fid": 4}, H1[1]))
        assert read(path)["hub_id"].tolist() == ["h1"]


class TestUnreadable:
    @pytest.mark.parametrize(
        ("name", "body", "what"),
        [
            ("a.csv", b"", "empty"),
            ("a.csv", b"\n\n", "empty"),
            ("a.csv", b"hub_id,hub_id\n1,2\n", "twice"),
            ("a.csv", b'hub_id,lon,lat\n"1,2\n' + b"x" * 200_000, "breaks off"),
            ("a.geojson", b"", "not GeoJSON"),
            ("a.geojson", b"[1, 2]", "not GeoJSON"),
            ("a.geojson", b'{"type": "FeatureCollection", "features": [', "cannot be read"),
            ("a.geojson", b'{"a": 1}', "cannot be read"),
            ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "empty"),
            ("a.gpkg", b"", "not a GeoPackage"),
            ("a.gpkg", b"PK\x03\x04", "not a GeoPackage"),
            ("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 200, "cannot be read"),
            ("a.tab", b"x", "not a format"),
            ("a", b"x", "not a format"),
        ],
    )
    def test_a_broken_file_says_what_is_wrong(
        self, tmp_path: Path, name: str, body: bytes, what: str
    ) -> None:
        (tmp_path / name).write_bytes(body)
        fault = next(fault for fault in faults(tmp_path / name) if what in fault.what)
        assert fault.file == name
        assert "/vsimem" not in str(fault)
        with pytest.raises(FaultsError, match=what):
            read(tmp_path / name)

    def test_a_missing_file_names_one_like_it(self, text) -> None:
        path = text(*HUBS, name="hubs.csv")
        assert "hubs.csv" in only(faults(path.with_name("hub.csv"))).hint

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").mkdir()
        assert only(faults(tmp_path / "a.csv")).what == "not a file"

    def test_a_file_beyond_the_bound_is_refused_before_it_is_read(self, text, monkeypatch) -> None:
        monkeypatch.setattr(formats, "MAX_BYTES", 10)
        fault = only(faults(text(*HUBS)))
        assert (fault.what, fault.expected) == ("the file is too large", "at most 0 MB")

    @pytest.mark.parametrize("suffix", ["csv", "geojson"])
    def test_a_wrong_encoding_names_the_line_and_the_right_one(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"a.{suffix}"
        path.write_bytes('{\n"type": "甲站"}\n'.encode("gb18030"))
        fault = only(faults(path))
        assert (fault.field, fault.expected) == ("encoding", "utf-8")
        assert "line 2" in fault.got
        assert 'encoding = "gb18030"' in fault.hint

    @pytest.mark.parametrize("encoding", ["utf-9", "gb-18030x", "base64", "", "\x00"])
    def test_an_unknown_encoding_is_named(self, text, encoding: str) -> None:
        fault = only(faults(text(*HUBS), encoding=encoding))
        assert (fault.what, fault.field) == ("no such encoding", "encoding")

    def test_layers_of_a_geopackage_must_be_named_and_known(self, geopackage) -> None:
        path = geopackage({"hubs": hubs(), "posts": hubs()})
        assert "hubs, posts" in only(faults(path)).expected
        assert only(faults(path, layer="hub")).hint == "Did you mean 'hubs'?"

    def test_a_plain_table_has_no_geometry(self, tmp_path: Path) -> None:
        import pyogrio

        path = tmp_path / "a.gpkg"
        pyogrio.write_dataframe(pd.DataFrame({"hub_id": ["h1"]}), path, layer="hubs", driver="GPKG")
        assert only(faults(path)).what == "the layer has no geometry"

    def test_areas_do_not_come_as_csv(self, text) -> None:
        fault = only(faults(text("adcode,name,lon,lat", "1,甲,99,23"), kind="counties"))
        assert "drawn as polygon" in fault.what


class TestColumns:
    def test_a_missing_column_names_one_like_it_and_how_to_map_it(self, text) -> None:
        found = faults(text("hub_ids,name,kind,lon,lat", "h1,甲,rail,99.1,23.7"))
        fault = only(found)
        assert (fault.what, fault.field, fault.row) == ("missing column", "hub_id", None)
        assert "Did you mean 'hub_ids'?" in fault.hint
        assert "columns = { hub_id" in fault.hint

    def test_every_missing_column_is_named_at_once(self, text) -> None:
        found = faults(text("编号,x,y", "h1,99.1,23.7"), columns={"hub_id": "编码"})
        assert {fault.field for fault in found} == {"lon", "lat", "hub_id", "name", "kind"}
        assert 'lon = "x"' in next(fault.hint for fault in found if fault.field == "lon")

    def test_another_separator_is_recognised(self, text) -> None:
        found = faults(text("hub_id;name;kind;lon;lat", "h1;甲;rail;99.1;23.7"))
        assert "';'" in next(fault.hint for fault in found if fault.field == "lon")

    def test_mappings_of_fields_that_do_not_exist_are_refused(self, text) -> None:
        found = faults(text(*HUBS), columns={"hubid": "hub_id"}, constants={"naem": "x", "lon": 3})
        assert [(fault.field, fault.hint) for fault in found] == [
            ("columns.hubid", "Did you mean 'hub_id'?"),
            ("constants.naem", "Did you mean 'name'?"),
            ("constants.lon", ""),
        ]

    def test_a_field_is_given_once(self, text) -> None:
        found = faults(text(*HUBS), columns={"name": "hub_id"}, constants={"name": "x"})
        assert only(found).field == "constants.name"

    def test_rows_that_do_not_fit_the_header_are_named_and_the_rest_kept(self, text) -> None:
        lines = ("hub_id,name,kind,lon,lat", "h1,甲,rail,99.1", "", "h2,乙,air,99.3,23.8", "h3,a,b,c,99,23")
        loaded = load_layer(text(*lines), kind="hubs", crs="EPSG:4326")
        assert [(fault.row, fault.got) for fault in loaded.faults] == [(1, "4 values"), (3, "6 values")]
        assert loaded.frame.index.tolist() == [1]

    @pytest.mark.parametrize("value", ["", "abc", "99°63′", "nan", "inf", "99,1"])
    def test_a_coordinate_that_is_no_number_names_its_row(self, text, value: str) -> None:
        quoted = f'"{value}"' if "," in value else value
        fault = only(faults(text(*HUBS, f"h3,丙,rail,{quoted},23.7")))
        assert (fault.row, fault.field) == (3, "lon")
        assert fault.expected == "a number, or an angle such as 99°24′36.5″E"
        assert ("below 60" in fault.hint) == ("°" in value)


class TestSystem:
    def test_a_carried_system_that_contradicts_the_declared_one_is_a_fault(self, geojson, geopackage) -> None:
        for path in (
            geojson(H1, crs="urn:ogc:def:crs:EPSG::4490"),
            geopackage({"hubs": hubs().to_crs(4490)}),
        ):
            fault = only(faults(path))
            assert (fault.field, fault.got, fault.expected) == ("crs", "EPSG:4490", "EPSG:4326")
            assert not faults(path, crs="EPSG:4490")

    def test_a_carried_system_that_says_the_same_is_none(self, geojson, geopackage) -> None:
        assert not faults(geojson(H1, crs="urn:ogc:def:crs:OGC:1.3:CRS84"))
        assert not faults(geopackage({"hubs": hubs()}))
        tall = geojson((H1[0], (99.1, 23.7, 1200.0)), name="tall.geojson")
        assert not faults(tall)

    def test_degrees_declared_as_metres_are_one_fault_for_the_file(self, text) -> None:
        fault = only(faults(text(*HUBS), crs="EPSG:32647"))
        assert fault.row is None
        assert "degrees" in fault.what
        assert "EPSG:4326" in fault.hint

    def test_metres_that_cannot_be_in_the_system_name_their_row(self, text) -> None:
        x, y = Transformer.from_crs(4326, 4522, always_xy=True).transform(102.1, 23.7)
        path = text(
            "hub_id,name,kind,lon,lat",
            f"h1,甲,rail,{x},{y}",
            f"h2,乙,rail,{y},{x}",
            f"h3,丙,rail,{x - 34e6},{y}",
        )
        found = faults(path, crs="EPSG:4522")
        assert [(fault.row, fault.field) for fault in found] == [(2, "geometry"), (3, "geometry")]
        assert "swapped" in found[0].hint
        assert "zone" in found[1].hint

    def test_what_is_wrong_with_the_system_does_not_hide_the_rest(self, text) -> None:
        found = faults(text("hub_id,kind,lon,lat", "h1,rail,99.1,abc"), crs="GCJ-2")
        assert {fault.field for fault in found} == {"crs", "name", "lat"}

    def test_without_a_declaration_a_lone_file_is_believed(self, geojson, geopackage) -> None:
        assert not faults(geojson(H1), crs=None)
        assert not faults(geopackage({"hubs": hubs().to_crs(32647)}), crs=None)
