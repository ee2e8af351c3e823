"""GeoPackages as QGIS leaves them: with styles, with tables beside, half written, without a system."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from layers.faults import FaultsError
from layers.formats import Ask, Raw, layers_of, read_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.gpkg"
    points().to_file(path, layer="站点")
    return path


def points() -> gpd.GeoDataFrame:
    at = gpd.points_from_xy([99.1, 99.2], [23.7, 23.8])
    return gpd.GeoDataFrame({"名称": ["甲", "乙"]}, geometry=at, crs=4490)


def read(path: Path, layer: str | None = None) -> Raw:
    return read_file(Ask(path, path.name, layer=layer))


def test_styles_and_plain_tables_are_no_layers_to_choose_from(path: Path) -> None:
    pyogrio.write_dataframe(pd.DataFrame({"styleQML": ["<qgis/>"]}), path, layer="layer_styles", append=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE notes (id INTEGER)")
    assert layers_of(path) == ["站点"]
    assert read(path).columns["名称"].tolist() == ["甲", "乙"]


@pytest.mark.parametrize("name", ['a"b', "a'b", "a;b", "select", "一 线", "A.B"])
def test_a_layer_may_have_any_name(path: Path, name: str) -> None:
    points().to_file(path, layer=name)
    assert layers_of(path) == ["站点", name]
    assert read(path, name).columns["名称"].tolist() == ["甲", "乙"]


@pytest.mark.parametrize("srs", [0, -1])
def test_an_undefined_system_is_not_carried(path: Path, srs: int) -> None:
    assert read(path).carried.to_epsg() == 4490
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", (srs,))
        database.execute("UPDATE gpkg_contents SET srs_id = ?", (srs,))
    assert read(path).carried is None


def test_a_file_that_another_program_has_open_is_read_as_that_program_sees_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        with database:
            database.execute("DELETE FROM gpkg_extensions")
            database.execute("PRAGMA writable_schema = ON")
            database.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")
        with closing(sqlite3.connect(path)) as other, other:
            other.execute('UPDATE "站点" SET "名称" = ? WHERE fid = 1', ("改",))
        assert path.with_name("a.gpkg-wal").stat().st_size > 0
        assert read(path).columns["名称"].tolist() == ["改", "乙"]


def test_an_ordinary_database_is_no_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE t (a)")
    assert layers_of(path) == [None]
    with pytest.raises(FaultsError, match="no table gpkg_contents"):
        read(path)
