"""A layer from a real PostGIS: the rows as they stand, and a clear fault for each way they cannot be had."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import psycopg
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.faults import Fault
from layers.formats import is_address, shown_address
from layers.formats import postgis as module
from layers.load import Loaded, load_layer
from tests.databases import PASSWORD, Server

pytestmark = pytest.mark.xdist_group("postgis")

SETUP = (
    "CREATE ROLE reader LOGIN PASSWORD 'reader-91c2'",
    "CREATE SCHEMA 地理",
    'CREATE TABLE 地理."检查站" (gid int PRIMARY KEY, site_id text, "站点名称" text, lanes_total numeric,'
    " smart bool, opened_on date, video_url text, geom geometry(Point, 4490))",
    'INSERT INTO 地理."检查站" VALUES'
    " (2, 's2', '小黑江', 6.0, true, '2024-01-02', NULL, ST_SetSRID(ST_MakePoint(99.4, 23.5), 4490)),"
    " (1, 's1', '河底岗', NULL, false, NULL, 'https://host/a', ST_SetSRID(ST_MakePoint(99.3, 23.6), 4490)),"
    " (3, 's3', '军赛', 2, NULL, '2020-12-31', '', NULL)",
    "CREATE TABLE zone33 (site_id text, name text, shape geometry(PointZ, 4521))",
    "INSERT INTO zone33 SELECT site_id, \"站点名称\", ST_Transform(ST_Force3D(geom, 1200), 4521)"
    ' FROM 地理."检查站" WHERE geom IS NOT NULL',
    "CREATE TABLE nowhere (site_id text, name text, geom geometry)",
    "INSERT INTO nowhere VALUES ('n1', '甲', ST_MakePoint(99.4, 23.5))",
    "CREATE TABLE mixed (site_id text, name text, geom geometry)",
    "INSERT INTO mixed VALUES ('m1', '甲', ST_SetSRID(ST_MakePoint(99.4, 23.5), 4326)),"
    " ('m2', '乙', ST_SetSRID(ST_MakePoint(99.4, 23.5), 4490))",
    "CREATE TABLE twofold (site_id text, name text, geom geometry(Point, 4326), area geography)",
    "INSERT INTO twofold VALUES ('t1', '甲', ST_SetSRID(ST_MakePoint(99.4, 23.5), 4326), NULL)",
    "CREATE TABLE earth (site_id text, name text, geog geography(Point, 4326))",
    "INSERT INTO earth VALUES ('e1', '甲', 'POINT(99.4 23.5)')",
    "CREATE TABLE plain (site_id text, name text)",
    "CREATE TABLE odd (site_id text, name text, geom geometry)",
    "INSERT INTO odd VALUES ('o1', '甲', ST_SetSRID(ST_MakePoint(1, 2), 990001))",
    "CREATE VIEW busy AS SELECT site_id, name, geog::geometry AS geom FROM earth",
    "CREATE VIEW slow AS SELECT site_id, name || coalesce(pg_sleep(30)::text, '') AS name, geog FROM earth",
    "CREATE TABLE empty (site_id text, name text, geom geometry(Point, 4326))",
    "CREATE TABLE fences (fence_id text, name text, geom geometry)",
    "INSERT INTO fences VALUES"
    " ('f1', '圆', 'SRID=4326;CURVEPOLYGON(CIRCULARSTRING(99 23, 100 24, 101 23, 100 22, 99 23))'),"
    " ('f2', '线', 'SRID=4326;MULTILINESTRING((99 23, 100 24))')",
    "GRANT USAGE ON SCHEMA 地理 TO reader",
    "GRANT SELECT ON 地理.\"检查站\", busy TO reader",
    "CREATE SCHEMA other",
    "CREATE TABLE other.zone33 (site_id text, geom geometry)",
)  # fmt: skip


@pytest.fixture(scope="module")
def gis(postgis: Server) -> Server:
    """The server with the tables of these tests."""
    postgis.run(*SETUP)
    return postgis


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner's password, where libpq looks for it."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    for name in ("PGHOST", "PGUSER", "PGDATABASE", "PGPORT", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)


def load(url: str, layer: str | None, **options: Any) -> Loaded:
    return load_layer(url, layer=layer, **{"kind": "duty_points", "crs": None} | options)


def only(loaded: Loaded) -> Fault:
    assert len(loaded.faults) == 1, loaded.faults
    return loaded.faults[0]


def xy(loaded: Loaded) -> list[list[float]]:
    assert loaded.frame is not None, loaded.faults
    return shapely.get_coordinates(loaded.frame.geometry.array).tolist()


class TestReading:
    def test_rows_come_by_key_with_the_system_of_the_table(self, gis: Server) -> None:
        loaded = load(gis.url(), "地理.检查站", columns={"name": "站点名称"})
        assert loaded.faults == []
        assert loaded.frame["site_id"].tolist() == ["s1", "s2", "s3"]
        assert loaded.frame["name"].tolist() == ["河底岗", "小黑江", "军赛"]
        assert loaded.frame["opened_on"].tolist() == ["", "2024-01-02", "2020-12-31"]
        assert loaded.frame["smart"].tolist() == ["false", "true", ""]
        assert loaded.frame["lanes_total"].tolist() == ["", "6.0", "2"]
        assert loaded.frame["video_url"].tolist() == ["https://host/a", "", ""]
        assert xy(loaded) == [[99.3, 23.6], [99.4, 23.5]]
        assert loaded.frame.geometry.iloc[2] is None

    def test_a_projected_table_is_placed(self, gis: Server) -> None:
        found = sorted(xy(load(gis.url(), "public.zone33")))
        assert [round(number, 8) for position in found for number in position] == [99.3, 23.6, 99.4, 23.5]

    def test_a_name_alone_is_looked_for_where_the_server_looks(self, gis: Server) -> None:
        assert load(gis.url(), "zone33").faults == []
        assert load(gis.url(), "检查站", columns={"name": "站点名称"}).faults == []

    @pytest.mark.parametrize("layer", ["earth", "busy"])
    def test_a_geography_and_a_view_are_read(self, gis: Server, layer: str) -> None:
        assert xy(load(gis.url(), layer)) == [[99.4, 23.5]]

    def test_lines_and_areas_are_read_and_curves_become_lines(self, gis: Server) -> None:
        loaded = load(gis.url(), "fences", kind="fences")
        assert loaded.faults == []
        assert [shape.geom_type for shape in loaded.frame.geometry] == ["Polygon", "MultiLineString"]
        assert loaded.frame.geometry.iloc[0].area == pytest.approx(math.pi, rel=0.01)

    def test_one_of_several_columns_of_geometry_is_named(self, gis: Server) -> None:
        fault = only(load(gis.url(), "twofold"))
        assert (fault.field, fault.got, fault.expected) == (
            "columns.geometry",
            "2 of them",
            "one of geom, area",
        )
        assert xy(load(gis.url(), "twofold", columns={"geometry": "geom"})) == [[99.4, 23.5]]
        assert "Did you mean 'geom'?" in only(load(gis.url(), "twofold", columns={"geometry": "gem"})).hint

    def test_the_address_may_begin_with_postgres(self, gis: Server) -> None:
        url = gis.url().replace("postgresql://", "Postgres://")
        assert load(url, "earth").faults == []

    def test_what_ogr2ogr_writes_is_read_back(self, gis: Server, tmp_path: Path) -> None:
        made = gpd.GeoDataFrame(
            {"site_id": ["a", "b"], "站点名称": ["甲站", "乙站"], "lanes_total": [3, 4]},
            geometry=gpd.points_from_xy([99.1, 99.2], [23.1, 23.2]),
            crs=4490,
        )
        made.to_file(tmp_path / "a.gpkg", layer="sites", driver="GPKG")
        target = f"PG:host={gis.socket} port={gis.port} user=tester dbname=gis"
        command = ["ogr2ogr", "-f", "PostgreSQL", target, str(tmp_path / "a.gpkg"), "sites", "-nln", "ogr"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        loaded = load(gis.url(), "ogr", columns={"name": "站点名称"})
        assert loaded.frame[["site_id", "name", "lanes_total"]].values.tolist() == [
            ["a", "甲站", "3"],
            ["b", "乙站", "4"],
        ]
        assert xy(loaded) == [[99.1, 23.1], [99.2, 23.2]]


class TestRefused:
    def test_an_unknown_table_names_one_like_it(self, gis: Server) -> None:
        fault = only(load(gis.url(), "public.zone3"))
        assert (fault.field, fault.hint) == ("layer", "Did you mean 'public.zone33'?")
        assert "public.busy" in fault.expected

    def test_sql_in_a_name_is_a_name(self, gis: Server) -> None:
        fault = only(load(gis.url(), 'earth"; DROP TABLE earth; --'))
        assert fault.what == "no such table or view in the database"
        assert load(gis.url(), "earth").faults == []

    def test_a_table_must_be_named_where_there_are_several(self, gis: Server) -> None:
        fault = only(load(gis.url(), None))
        assert (fault.field, fault.hint) == ("layer", 'Name one of them: layer = "schema.table"')

    def test_a_table_without_shapes_is_no_layer(self, gis: Server) -> None:
        assert only(load(gis.url(), "plain")).what == "the table has no geometry column"

    def test_an_empty_table_is_an_empty_layer(self, gis: Server) -> None:
        assert only(load(gis.url(), "empty")).what == "the layer is empty"

    def test_shapes_in_several_systems_are_refused(self, gis: Server) -> None:
        fault = only(load(gis.url(), "mixed"))
        assert (fault.field, fault.got) == ("crs", "SRID 4326, 4490")

    def test_an_unknown_srid_is_named(self, gis: Server) -> None:
        assert only(load(gis.url(), "odd")).got == "SRID 990001"

    def test_a_table_without_srid_takes_the_declared_one(self, gis: Server) -> None:
        assert xy(load(gis.url(), "nowhere", crs="EPSG:4490")) == [[99.4, 23.5]]
        assert load(gis.url(), "earth", crs="EPSG:4490").faults[0].field == "crs"

    def test_a_table_that_may_not_be_read_says_whom_to_ask(self, gis: Server, monkeypatch) -> None:
        monkeypatch.setenv("PGPASSWORD", "reader-91c2")
        fault = only(load(gis.url(user="reader"), "earth"))
        assert fault.what == "the table may not be read"
        assert "GRANT SELECT for reader" in fault.hint
        assert load(gis.url(user="reader"), "busy").faults == []

    def test_a_slow_table_is_given_up(self, gis: Server, monkeypatch) -> None:
        monkeypatch.setattr("layers.formats.database.STATEMENT_S", 1)
        assert only(load(gis.url(), "slow")).what == "the database takes too long"

    def test_too_many_rows_are_refused_before_all_are_fetched(self, gis: Server, monkeypatch) -> None:
        monkeypatch.setattr(module, "MAX_ROWS", 1)
        fault = only(load(gis.url(), "地理.检查站"))
        assert (fault.what, fault.got) == ("the table is too large", "more than 1 rows")
        monkeypatch.setattr(module, "MAX_ROWS", 10)
        monkeypatch.setattr(module, "MAX_BYTES", 20)
        assert only(load(gis.url(), "地理.检查站")).got == "more than 0 MB"

    def test_the_transaction_can_only_read(self, gis: Server) -> None:
        from layers.formats.database import connected

        with (
            connected({"conninfo": gis.url()}, "x") as connection,
            pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        ):
            connection.execute("INSERT INTO plain VALUES ('a', 'b')")

    def test_a_database_without_postgis_says_so(self, gis: Server) -> None:
        assert only(load(gis.url("postgres"), "earth")).what == "the database has no PostGIS"

    @pytest.mark.parametrize(("port", "database", "said"), [(1, "gis", "refused"), (None, "nope", "nope")])
    def test_a_server_that_cannot_be_reached(self, gis: Server, port: Any, database: str, said: str) -> None:
        fault = only(load(f"postgresql://tester@127.0.0.1:{port or gis.port}/{database}", "earth"))
        assert fault.what == "the database cannot be reached"
        assert said in fault.got

    def test_a_wrong_password_says_where_it_belongs(self, gis: Server, monkeypatch) -> None:
        monkeypatch.setenv("PGPASSWORD", "wrong-5e1d")
        fault = only(load(gis.url(), "earth"))
        assert fault.what == "the database cannot be reached"
        assert "~/.pgpass" in fault.hint
        assert "wrong-5e1d" not in str(fault)


class TestAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://tester:geheim@127.0.0.1/gis",
            "postgresql://tester:ge%68eim@127.0.0.1/gis",
            "postgresql://127.0.0.1/gis?password=geheim",
            "postgresql://127.0.0.1/gis?sslpassword=geheim",
            "postgresql://127.0.0.1/gis?pass%77ord=geheim",
            "postgresql://tester:geheim@127.0.0.1:1/gis?user=x@y",
        ],
    )
    def test_a_password_in_the_address_is_refused_and_never_shown(self, url: str) -> None:
        fault = only(load(url, "earth"))
        assert fault.what == "a password stands in the address"
        assert "PGPASSWORD" in fault.hint
        assert "eim" not in str(fault)

    @pytest.mark.parametrize(
        ("url", "what"),
        [
            ("mysql://root:geheim@host/db", "not the address of a PostGIS database"),
            ("https://root:geheim@host/db", "not the address of a PostGIS database"),
            ("postgresql+psycopg://root:geheim@host/db", "not the address of a PostGIS database"),
            ("PG:host=h password=geheim", "not the address of a PostGIS database"),
            ("postgresql://root:ge/heim@host/db", "the address cannot be read"),
            ("postgresql://root:12/heim@host/db", "the address cannot be read"),
            ("postgresql://root:ge@heim#/x@host/db", "the address cannot be read"),
            ("postgresql://root@host:geheim/db", "the address cannot be read"),
            ("postgresql://root@host/db?table=a.b", "the address cannot be read"),
            ("postgresql://root@host/db?options=-csearch_path%3Dx", "the address says what it may not"),
            ("postgresql://root@host/db?passfile=/tmp/x", "the address says what it may not"),
        ],
    )
    def test_other_addresses_are_refused(self, url: str, what: str) -> None:
        fault = only(load(url, "earth"))
        assert (fault.what, fault.field) == (what, "file")
        assert "geheim" not in str(fault)
        assert "heim" not in str(fault)
        assert ("layer =" in fault.hint) == ("table=" in url)

    @pytest.mark.parametrize(
        "text", ["a.csv", "folder/a.gpkg", "C:\\a.csv", "/a.csv", "../a.csv", "", "a:b.csv"]
    )
    def test_a_path_is_no_address(self, text: str) -> None:
        assert not is_address(text)
        assert shown_address(text) == text

    def test_an_address_without_a_password_is_shown_as_it_stands(self) -> None:
        for text in ("postgresql://a@host:5432/gis", "postgresql://host/gis", "postgresql://a@[::1]:5432/g"):
            assert shown_address(text) == text
        assert shown_address("postgresql://a@host/gis?sslmode=require") == "postgresql://a@host/gis?…"

    @given(
        st.text(st.characters(codec="utf-8", exclude_characters="XYZ"), max_size=12),
        st.sampled_from(["", "?a=b"]),
    )
    def test_no_password_is_ever_shown(self, middle: str, query: str) -> None:
        for secret in (f"XY{middle}Z", f"X{middle}YZ"):
            for url in (
                f"postgresql://user:{secret}@host:5432/db{query}",
                f"postgresql://:{secret}@host/db{query}",
                f"postgresql://host:5432/db?password={secret}",
                f"pg:host=h password={secret}",
            ):
                assert not set("XYZ") & set(shown_address(url))


def test_the_driver_is_loaded_only_where_a_database_is_read() -> None:
    code = "import sys, data.profile; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
