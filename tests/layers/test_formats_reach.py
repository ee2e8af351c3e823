"""No file makes its reader open another file or an address: not by its name, not by what stands in it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pytest

from layers.faults import FaultsError
from layers.formats import Ask, layers_of, read_file

SECRET = "secret-of-another-file"


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a listener of this machine that fails the test when anyone calls."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                calls.append(connection.recv(200).decode("ascii", "replace"))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        done.set()
        thread.join()
    assert calls == []


@pytest.fixture
def other(tmp_path: Path, geojson: Callable[..., Path]) -> Path:
    """A good file beside the tricky one, whose text must not come out of it."""
    folder = tmp_path / "other"
    folder.mkdir()
    return geojson(({"name": SECRET}, (99.1, 23.7))).rename(folder / "other.geojson")


def read(path: Path) -> str:
    """All that a file gave, or all that was said of it; neither may hold what stands in another file."""
    try:
        names = layers_of(path)
        raw = read_file(Ask(path, "trick", layer=names[0] if len(names) > 1 else None))
        found = repr([list(column) for column in raw.columns.values()])
    except FaultsError as error:
        found = str(error)
    assert SECRET not in found
    return found


def vrt(source: str | Path) -> str:
    layer = f'<OGRVRTLayer name="other"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
    return f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"{0}><Document>{1}</Document></kml>'
MARK = "<Placemark><name>甲</name><Point><coordinates>99.1,23.7</coordinates></Point></Placemark>"


class TestContents:
    @pytest.mark.parametrize(
        "name", ["a.kml", "a.geojson", "a.json", "a.shp", "a.fgb", "a.gpkg", "a.parquet"]
    )
    def test_a_virtual_source_is_never_followed(
        self, tmp_path: Path, other: Path, address: str, name: str
    ) -> None:
        path = tmp_path / name
        for source in (other, f"/vsicurl/{address}/x.geojson", f"WFS:{address}"):
            for before in ("", "fgb\x03fgb\x01\x01\x01\x01\x01", '{"type": "FeatureCollection", "x": "'):
                path.write_text(before + vrt(source), "utf-8")
                if name == "a.shp":
                    shutil.copy(path, path.with_suffix(".dbf"))
                    shutil.copy(path, path.with_suffix(".shx"))
                assert read(path).startswith("1 fault")

    def test_a_geojson_that_is_a_command_is_refused(self, tmp_path: Path, other: Path, address: str) -> None:
        path = tmp_path / "a.geojson"
        for source in (other, f"{address}/x.geojson"):
            line = f"gdal vector pipeline ! read {source}"
            for body in (
                {"type": "gdal_streamed_alg", "command_line": line},
                {"x": {"type": "gdal_streamed_alg", "command_line": line}},
            ):
                path.write_text(json.dumps(body), "utf-8")
                assert "cannot be read" in read(path)

    def test_words_of_gdal_in_a_geojson_are_words(self, geojson: Callable[..., Path], address: str) -> None:
        words = f"gdal_streamed_alg command_line {vrt(address)}"
        assert words in read(geojson(({"name": words}, (99.1, 23.7))))

    def test_addresses_in_a_geojson_are_not_called(self, tmp_path: Path, address: str) -> None:
        path = tmp_path / "a.geojson"
        feature = {"type": "Feature", "properties": {"u": address}, "geometry": None}
        for extra in (
            {"links": [{"rel": "next", "href": f"{address}/next"}]},
            {"crs": {"type": "name", "properties": {"name": "EPSG:4326"}}},
            {"$schema": address, "exceededTransferLimit": True},
        ):
            path.write_text(
                json.dumps({"type": "FeatureCollection", **extra, "features": [feature]}), "utf-8"
            )
            read(path)

    @pytest.mark.parametrize("key", ["crs", "CRS", "\\u0063rs", "c\\u0072S"])
    @pytest.mark.parametrize("where", ["file", "shape", "topology"])
    def test_a_coordinate_system_that_is_an_address_is_refused(
        self, tmp_path: Path, address: str, other: Path, key: str, where: str
    ) -> None:
        path = tmp_path / "a.geojson"
        for crs in (
            {"type": "link", "properties": {"href": f"{address}/crs", "type": "proj4"}},
            {"type": "url", "properties": {"url": f"{address}/crs"}},
            {"type": "name", "properties": {"name": f"{address}/crs"}},
            {"type": "name", "properties": {"name": str(other)}},
        ):
            member = f'"{key}" :\n {json.dumps(crs)}'
            point = '{"type":"Point","coordinates":[99.1,23.7]%s}'
            feature = '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":%s}]%s}'
            body = {
                "file": feature % (point % "", f",{member}"),
                "shape": feature % (point % f",{member}", ""),
                "topology": f'{{"type":"Topology","objects":{{}},"arcs":[],{member}}}',
            }[where]
            path.write_text(body, "utf-8")
            assert "field crs" in read(path)

    @pytest.mark.parametrize("member", ["'crs':", '"crs"/**/:', '"crs":/**/', '"crs"//\n:'])
    def test_what_is_not_json_is_not_read_as_if_it_were(
        self, tmp_path: Path, address: str, member: str
    ) -> None:
        path = tmp_path / "a.geojson"
        crs = json.dumps({"type": "link", "properties": {"href": address}})
        path.write_text(f'{{"type":"FeatureCollection",{member} {crs},"features":[]}}', "utf-8")
        assert "cannot be read" in read(path)

    def test_what_a_kml_links_to_is_not_fetched(self, tmp_path: Path, other: Path, address: str) -> None:
        path = tmp_path / "a.kml"
        link = "<NetworkLink><Link><href>{0}</href></Link></NetworkLink>"
        overlay = "<GroundOverlay><Icon><href>{0}</href></Icon></GroundOverlay><styleUrl>{0}#s</styleUrl>"
        for source in (f"{address}/a.kml", str(other), other.name):
            path.write_text(KML.format("", (link + overlay).format(source)), "utf-8")
            assert "only points to data elsewhere" in read(path)
            path.write_text(KML.format("", (link + overlay).format(source) + MARK), "utf-8")
            assert "甲" in read(path)

    @pytest.mark.parametrize(
        "head",
        [
            '<!DOCTYPE kml [<!ENTITY x SYSTEM "{0}">]>',
            '<!DOCTYPE kml SYSTEM "{0}">',
            '<!DOCTYPE kml [<!ENTITY % x SYSTEM "{0}"> %x;]>',
            '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        ],
    )
    def test_a_kml_defines_no_entities(self, tmp_path: Path, other: Path, address: str, head: str) -> None:
        path = tmp_path / "a.kml"
        for source in (address, f"file://{other}"):
            path.write_text(head.format(source) + KML.format("", MARK.replace("甲", "&x;")), "utf-8")
            assert "words of its own" in read(path)

    def test_a_schema_of_a_kml_is_not_fetched(self, tmp_path: Path, address: str) -> None:
        path = tmp_path / "a.kml"
        names = (
            ' xmlns:gml="http://www.opengis.net/gml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xsi:schemaLocation="http://www.opengis.net/gml {address}/gml.xsd"'
        )
        path.write_text(KML.format(names, MARK), "utf-8")
        assert "甲" in read(path)
        path.write_text(KML.format(names, MARK).replace("kml", "FeatureCollection"), "utf-8")
        assert "not KML" in read(path)


def rewrite(path: Path, sql: str, more: str = "type = 'table'") -> None:
    """The layer of a GeoPackage becomes what somebody wrote into its schema by hand."""
    database = sqlite3.connect(path)
    with database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")
        database.execute(f"UPDATE sqlite_master SET sql = ?, {more} WHERE name = 'sites'", (sql,))
    database.close()


class TestGeoPackage:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "a.gpkg"
        points = gpd.points_from_xy([99.1], [23.7])
        gpd.GeoDataFrame({"name": ["甲"]}, geometry=points, crs=4326).to_file(path, layer="sites")
        return path

    @pytest.mark.parametrize(
        "value",
        [
            "ogr_geocode('{0}')",
            "load_extension('{0}')",
            "readfile('{1}')",
            "gdal_get_layer_pixel_value('/vsicurl/{0}/a.tif', 1, 'georef', 99, 23)",
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)",
            "hex(zeroblob(400000000))",
        ],
    )
    def test_a_layer_that_computes_is_refused(
        self, path: Path, other: Path, address: str, value: str
    ) -> None:
        value = value.format(address, other)
        view = f"CREATE VIEW sites AS SELECT 1 AS fid, x'47500001e6100000' AS geom, {value} AS name"
        rewrite(path, view, "type = 'view', rootpage = 0")
        assert "computed while it is read" in read(path)

    @pytest.mark.parametrize("value", ["hex(zeroblob(400000000))", "ogr_geocode('{0}')"])
    def test_a_column_that_computes_is_refused(self, path: Path, address: str, value: str) -> None:
        rewrite(
            path, f"CREATE TABLE sites (fid INTEGER PRIMARY KEY, geom, name AS ({value.format(address)}))"
        )
        assert "1 fault" in read(path)

    def test_a_virtual_table_is_refused(self, path: Path, other: Path) -> None:
        rewrite(path, f"CREATE VIRTUAL TABLE sites USING VirtualOGR('{other}')", "rootpage = 0")
        assert "1 fault" in read(path)

    def test_its_own_tables_are_tables(self, path: Path) -> None:
        database = sqlite3.connect(path)
        with database:
            database.execute("ALTER TABLE gpkg_geometry_columns RENAME TO kept")
            endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)"
            database.execute(f"CREATE VIEW gpkg_geometry_columns AS {endless} SELECT kept.* FROM kept, n")
        database.close()
        assert "computed while it is read" in read(path)


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "/vsicurl/{0}/a.geojson", "/vsizip/vsicurl/{0}/a.zip/a.gpkg", "/vsizip/{1}/a.gpkg",
            "{0}/a.geojson",
            "PG:host=127.0.0.1.gpkg", "WFS:{0}.gpkg", "OAPIF:{0}.gpkg", "zip://{1}!a.gpkg", "../../a.gpkg",
        ],
    )  # fmt: skip
    def test_a_name_that_is_no_local_file_is_no_file(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other: Path, address: str, name: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert "no such file" in read(Path(name.format(address, other)))

    @pytest.mark.parametrize(
        "name",
        [
            "a!b",
            "a;b",
            "a?b=c",
            "a#b",
            "PG:dbname=x",
            "WFS:x",
            "%2e%2e",
            "a.zip!c",
            "点位（一线）",
            "-a",
            "*",
        ],
    )
    @pytest.mark.parametrize("suffix", ["gpkg", "shp", "fgb", "SHP"])
    def test_an_odd_name_is_a_name(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, name: str, suffix: str
    ) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        points = gpd.points_from_xy([99.1], [23.7])
        frame = gpd.GeoDataFrame({"name": ["甲"]}, geometry=points, crs=4490)
        frame.to_file(
            tmp_path / f"plain.{suffix.lower()}", **({"encoding": "UTF-8"} if suffix != "gpkg" else {})
        )
        for path in tmp_path.glob("plain.*"):
            upper = suffix.isupper()
            path.rename(folder / f"{name}{path.suffix.upper() if upper else path.suffix}")
        monkeypatch.chdir(folder)
        for path in (Path(f"{name}.{suffix}"), folder / f"{name}.{suffix}"):
            raw = read_file(Ask(path, "odd"))
            assert (list(raw.columns["name"]), raw.carried.to_epsg()) == (["甲"], 4490)

    def test_a_part_of_a_shapefile_that_is_a_link_out_is_refused(self, tmp_path: Path, other: Path) -> None:
        points = gpd.points_from_xy([99.1], [23.7])
        gpd.GeoDataFrame({"name": [SECRET]}, geometry=points, crs=4490).to_file(tmp_path / "a.shp")
        os.replace(tmp_path / "a.dbf", other.parent / "a.dbf")
        (tmp_path / "a.dbf").symlink_to(other.parent / "a.dbf")
        assert "lies elsewhere" in read(tmp_path / "a.shp")
