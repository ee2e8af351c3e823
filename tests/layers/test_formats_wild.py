"""Whatever a file holds, its reader answers with rows or faults, in bounded memory, and never crashes."""

from __future__ import annotations

import json
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.faults import FaultsError
from layers.formats import READERS, Ask, Raw, layers_of, read_file
from layers.load import load_layer
from layers.schema import check_layer

HEADS = {
    ".gpkg": b"SQLite format 3\0",
    ".fgb": b"fgb\x03fgb\x01",
    ".shp": (9994).to_bytes(4, "big"),
    ".parquet": b"PAR1",
    ".geoparquet": b"PAR1",
    ".zip": b"PK\x03\x04",
    ".kmz": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".kml": b"<kml>",
    ".geojson": b'{"type":"FeatureCollection","features":[',
    ".json": b"{",
    ".csv": b"lon,lat\n",
}
SETTINGS = settings(max_examples=60)
WRITTEN = ("gpkg", "fgb", "shp", "parquet", "geojson", "kml", "kmz", "zip")


def read(path: Path, **options: Any) -> Raw | None:
    """The rows, or None where there were faults, each of them fit to be shown."""
    assert layers_of(path)
    try:
        raw = read_file(Ask(path, path.name, **options))
    except FaultsError as error:
        told = error.faults
    else:
        told = ()
    if told:
        for text in map(str, told):
            assert "\n" not in text
            assert "/vsimem" not in text
            assert "threeline-" not in text
        return None
    assert all(len(column) == len(raw.index) for column in raw.columns.values())
    assert len(raw.shapes) == len(raw.index)
    return raw


def frame(rows: int = 40) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(1)
    points = gpd.points_from_xy(rng.uniform(99, 100, rows), rng.uniform(23, 24, rows))
    return gpd.GeoDataFrame(
        {"site_id": [f"s{at}" for at in range(rows)], "name": ["镇康检查站"] * rows},
        geometry=points,
        crs=4490,
    )


def written(folder: Path, suffix: str) -> Path:
    """A good file of forty points."""
    path = folder / f"a.{suffix}"
    if suffix == "parquet":
        frame().to_parquet(path)
    elif suffix in ("kml", "kmz"):
        marks = "".join(
            f"<Placemark><name>{name}</name><Point><coordinates>{shape.x},{shape.y}</coordinates></Point></Placemark>"
            for name, shape in zip(frame()["name"], frame().geometry, strict=True)
        )
        (folder / "a.kml").write_text(f"<kml><Document>{marks}</Document></kml>", "utf-8")
        if suffix == "kmz":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(folder / "a.kml", "doc.kml")
    elif suffix == "zip":
        part = written(folder, "shp")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in folder.glob("a.[!z]*"):
                archive.write(one, one.name)
        assert part.exists()
    else:
        frame().to_file(path, **({"encoding": "GBK"} if suffix == "shp" else {}))
    return path


@pytest.mark.parametrize("suffix", sorted(READERS))
@given(body=st.binary(max_size=400), headed=st.booleans())
@SETTINGS
def test_any_bytes(tmp_path: Path, suffix: str, body: bytes, headed: bool) -> None:
    path = tmp_path / f"wild{suffix}"
    path.write_bytes(HEADS[suffix] + body if headed else body)
    for part in (".dbf", ".shx", ".prj", ".cpg") if suffix == ".shp" else ():
        path.with_suffix(part).write_bytes(body)
    raw = read(path)
    # A table may be read out of almost any text; a KML, a GeoJSON may be empty.
    assert raw is None or suffix in (".csv", ".geojson", ".json", ".kml")


@pytest.mark.parametrize("suffix", WRITTEN)
@given(data=st.data())
@SETTINGS
def test_any_damage(tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damage")
    path = written(folder, suffix)
    assert read(path) is not None
    parts = [path, *folder.glob("a.[ds][bh][fx]")] if suffix == "shp" else [path]
    part = data.draw(st.sampled_from(sorted(parts)))
    body = bytearray(part.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        noise = data.draw(st.binary(min_size=1, max_size=16))
        body[at : at + len(noise)] = noise
    part.write_bytes(body)
    read(path)


@pytest.mark.parametrize("suffix", WRITTEN)
def test_a_file_that_breaks_off_is_refused_wherever_it_does(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path, suffix)
    body = path.read_bytes()
    for keep in [*range(0, len(body) - 8, max(1, len(body) // 40)), len(body) - 8]:
        path.write_bytes(body[:keep])
        assert read(path) is None, keep


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "shp", "parquet", "geojson"])
class TestShapes:
    def write(self, folder: Path, suffix: str, shapes: list[Any]) -> Path:
        path = folder / f"a.{suffix}"
        sites = {"site_id": [f"s{at}" for at in range(len(shapes))], "name": ["甲"] * len(shapes)}
        found = gpd.GeoDataFrame(sites, geometry=shapes, crs=4326)
        if suffix == "parquet":
            found.to_parquet(path)
        else:
            options = {"shp": {"encoding": "GBK"}, "fgb": {"SPATIAL_INDEX": "NO"}}.get(suffix, {})
            found.to_file(path, **options)
        return path

    def rows(self, path: Path) -> list[tuple[int | None, str]]:
        loaded = load_layer(path, kind="duty_points", crs="EPSG:4326")
        assert loaded.frame is not None, loaded.faults
        found = check_layer(loaded.frame, "duty_points", file="a", unplaced=loaded.unplaced)[1]
        return [(fault.row, fault.what) for fault in (*loaded.faults, *found) if not fault.warning]

    def test_points_that_are_nowhere_are_told_by_row(self, tmp_path: Path, suffix: str) -> None:
        shapes = [shapely.Point(99.1, 23.7), None, shapely.Point(99.2, 23.7)]
        found = self.rows(self.write(tmp_path, suffix, shapes))
        assert found == [(2, "the geometry is missing, empty or broken")]

    def test_numbers_that_are_none_are_told_by_row(self, tmp_path: Path, suffix: str) -> None:
        shapes = [shapely.Point(99.1, 23.7), shapely.Point(np.nan, 23.7), shapely.Point(np.inf, 23.7)]
        if suffix == "geojson":
            points = ("[99.1, 23.7]", "[NaN, 23.7]", "[Infinity, 23.7]")
            path = tmp_path / "a.geojson"
            features = ",".join(
                f'{{"type":"Feature","properties":{{"site_id":"s{at}","name":"甲"}},'
                f'"geometry":{{"type":"Point","coordinates":{point}}}}}'
                for at, point in enumerate(points)
            )
            path.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}', "utf-8")
        elif suffix == "shp":  # which GDAL writes only with numbers that are some
            path = self.write(tmp_path, suffix, [shapely.Point(lon, 23.7) for lon in (99.1, 99.2, 99.3)])
            body = path.read_bytes()
            for lon, none in ((99.2, np.nan), (99.3, np.inf)):
                body = body.replace(struct.pack("<d", lon), struct.pack("<d", none))
            path.write_bytes(body)
        else:
            path = self.write(tmp_path, suffix, shapes)
        assert [row for row, _ in self.rows(path)] == [2, 3]

    def test_shapes_of_another_kind_are_told_by_row(self, tmp_path: Path, suffix: str) -> None:
        shapes = [shapely.LineString([(99, 23), (99.1, 23.1)]), shapely.LineString([(99, 24), (99.1, 24.1)])]
        found = self.rows(self.write(tmp_path, suffix, shapes))
        assert sorted(found) == [(1, "wrong type of geometry"), (2, "wrong type of geometry")]

    def test_a_layer_of_no_rows_is_empty(self, tmp_path: Path, suffix: str) -> None:
        path = self.write(tmp_path, suffix, [shapely.Point(99, 23)])
        empty = gpd.GeoDataFrame({"site_id": [], "name": []}, geometry=[], crs=4326).astype({"name": "str"})
        if suffix == "parquet":
            empty.to_parquet(path)
        elif suffix == "geojson":
            path.write_text('{"type":"FeatureCollection","features":[]}')
        else:
            path.unlink()
            empty.to_file(path, geometry_type="Point", **({"encoding": "GBK"} if suffix == "shp" else {}))
        loaded = load_layer(path, kind="duty_points", crs="EPSG:4326")
        assert loaded.frame is None
        assert [fault.what for fault in loaded.faults] == ["the layer is empty"]

    def test_a_ring_of_a_million_vertices_is_read_whole(self, tmp_path: Path, suffix: str) -> None:
        turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
        ring = np.column_stack([99.5 + 0.3 * np.cos(turn), 23.5 + 0.3 * np.sin(turn)])
        path = self.write(tmp_path, suffix, [shapely.Polygon(ring)])
        raw = read_file(Ask(path, "a"))
        assert shapely.get_num_coordinates(raw.shapes[0]) >= 999_000
        assert raw.shapes[0].area == pytest.approx(np.pi * 0.09, rel=1e-4)


class TestParquet:
    def geo(self, table: pa.Table, **column: Any) -> pa.Table:
        columns = {"geometry": {"encoding": "WKB", "geometry_types": [], **column}}
        geo = {"version": "1.0.0", "primary_column": "geometry", "columns": columns}
        return table.replace_schema_metadata({"geo": json.dumps(geo)})

    def test_a_value_that_is_repeated_without_end_is_refused_before_it_is_unpacked(
        self, tmp_path: Path
    ) -> None:
        rows = np.zeros(1_000_000, dtype=np.int32)
        for name, value in (
            ("a", b"x" * 1_000_000),
            ("geometry", shapely.to_wkb(shapely.Point(99, 23).buffer(1, 9999))),
        ):
            columns = {"a": b"x", "geometry": shapely.to_wkb(shapely.Point(99, 23)), name: value}
            table = pa.table(
                {
                    of: pa.DictionaryArray.from_arrays(pa.array(rows), pa.array([one]))
                    for of, one in columns.items()
                }
            )
            path = tmp_path / "a.parquet"
            pq.write_table(self.geo(table), path, compression="zstd")
            assert path.stat().st_size < 2_000_000
            tracemalloc.start()
            with pytest.raises(FaultsError, match="too large"):
                read_file(Ask(path, "a"))
            assert tracemalloc.get_traced_memory()[1] < 64 << 20
            tracemalloc.stop()

    def test_too_many_values_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.parquet"
        shape = shapely.to_wkb(shapely.Point(99, 23))
        table = pa.table(
            {"geometry": pa.DictionaryArray.from_arrays(np.zeros(3_500_000, dtype=np.int32), [shape])}
        )
        for at in range(20):
            table = table.append_column(f"c{at}", pa.array(np.zeros(3_500_000, dtype=np.int8)))
        pq.write_table(self.geo(table), path)
        with pytest.raises(FaultsError, match="too large"):
            read_file(Ask(path, "a"))

    def test_a_plain_table_and_strange_metadata(self, tmp_path: Path) -> None:
        path = tmp_path / "a.parquet"
        table = pa.table({"a": [1], "geometry": [shapely.to_wkb(shapely.Point(99, 23))]})
        pq.write_table(table, path)
        with pytest.raises(FaultsError, match="has no geometry"):
            read_file(Ask(path, "a"))
        for text in ("", "[]", "{}", "[" * 9999, '{"primary_column": [], "columns": {}}', '{"columns": 3}',
                     '{"primary_column": "b", "columns": {"b": {}}}'):  # fmt: skip
            pq.write_table(table.replace_schema_metadata({"geo": text}), path)
            assert read(path) is None
        for column in ({"encoding": "blob"}, {"encoding": "point"}, {"encoding": 3}):
            pq.write_table(self.geo(table, **column), path)
            assert read(path) is None

    def test_what_nobody_knows_is_not_carried(self, tmp_path: Path) -> None:
        path = tmp_path / "a.parquet"
        table = pa.table({"a": [1], "geometry": [shapely.to_wkb(shapely.Point(99, 23))]})
        for crs, code in ((None, None), ("EPSG:4490", None), ("http://127.0.0.1:1/", None), ({}, None)):
            pq.write_table(self.geo(table, crs=crs), path)
            carried = read_file(Ask(path, "a")).carried
            assert (carried and carried.to_epsg()) == code
        pq.write_table(self.geo(table), path)
        assert read_file(Ask(path, "a")).carried.to_epsg() == 4326
