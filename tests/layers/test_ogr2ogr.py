"""Files that GDAL's own tool wrote are read back equal: texts, order of columns, positions to 1e-7 degrees.

The sources are Lincang's duty points, border and counties, under Chinese names of columns. Debian's ogr2ogr
writes no GeoParquet: those files are written by geopandas.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.formats import Ask, layers_of, read_file
from layers.load import read_layer

SAMPLES = Path(__file__).parents[2] / "data" / "samples" / "lincang"
COLUMNS = {
    "duty_points": {"site_id": "编号", "name": "名称", "county": "县代码", "staff_required_I": "一级"},
    "border": {"name": "名称"},
    "counties": {"adcode": "代码", "name": "名称"},
}
TOLERANCE = 1e-7


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a GeoJSON per kind, its columns named in Chinese; one name beyond GBK, one with marks."""
    folder = tmp_path_factory.mktemp("sources")
    for kind, columns in COLUMNS.items():
        collection = json.loads((SAMPLES / f"{kind}.geojson").read_text("utf-8"))
        for at, feature in enumerate(collection["features"]):
            given = feature["properties"]
            feature["properties"] = {theirs: given[ours] for ours, theirs in columns.items()}
            if kind == "duty_points":
                feature["properties"]["名称"] += ("", "（甲，乙）", "“丙”'丁'", "·Ω㈠")[at % 4]
        (folder / f"{kind}.geojson").write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    return folder


def ogr2ogr(*arguments: str | Path) -> None:
    command = shutil.which("ogr2ogr")
    assert command, "ogr2ogr is not on the path: sh tools/needs.sh says what to install"
    done = subprocess.run(
        [command, *map(str, arguments)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def expected(sources: Path, kind: str) -> tuple[dict[str, list[str]], Any]:
    """The source's columns as text and its shapes, read without any of the code under test."""
    features = json.loads((sources / f"{kind}.geojson").read_text("utf-8"))["features"]
    names = COLUMNS[kind].values()
    texts = {name: [str(feature["properties"][name]) for feature in features] for name in names}
    return texts, np.array([shapely.geometry.shape(feature["geometry"]) for feature in features])


def check(path: Path, sources: Path, kind: str, crs: str | None, **options: Any) -> None:
    """Columns in their order, every text, every vertex."""
    texts, shapes = expected(sources, kind)
    named = {name: options[name] for name in ("encoding", "layer") if name in options}
    raw = read_file(Ask(path, path.name, **named))
    assert list(raw.columns) == options.get("order", list(texts))
    found = read_layer(path, kind=kind, crs=crs, columns=options.get("columns", COLUMNS[kind]), **named)
    by = options.get("order", list(texts))[0]
    # FlatGeobuf keeps rows by where they are: both sides are put in the order of their first column.
    theirs, ours = (
        np.argsort(texts[by], kind="stable"),
        np.argsort(texts_of(raw.columns[by]), kind="stable"),
    )
    for name, column in texts.items():
        assert np.array(texts_of(raw.columns[name]))[ours].tolist() == np.array(column)[theirs].tolist()
    near = shapely.equals_exact(
        single(np.asarray(found.geometry.array)[ours]), single(shapes[theirs]), tolerance=TOLERANCE
    )
    assert near.all()


def texts_of(column: Any) -> list[str]:
    """What stands in a column, as a person would write it; nothing is "", a whole number has no point."""
    return [
        ""
        if value is None or value != value
        else str(int(value) if isinstance(value, float) and value.is_integer() else value)
        for value in np.asarray(column, dtype=object).tolist()
    ]


def single(shapes: Any) -> Any:
    """Parts, rings and their beginnings in one order, a multi-shape of one as that one."""
    lone = [
        shape.geoms[0] if shape.geom_type.startswith("Multi") and len(shape.geoms) == 1 else shape
        for shape in shapes
    ]
    return shapely.normalize(np.array(lone, dtype=object))


@pytest.mark.parametrize("kind", COLUMNS)
class TestEveryKind:
    @pytest.mark.parametrize(
        ("encoding", "cpg", "declared"),
        [
            ("UTF-8", True, None),
            ("UTF-8", False, "utf-8"),
            ("GBK", True, None),
            ("GBK", False, "gbk"),
            ("GB18030", True, None),
            ("GB18030", False, "gb18030"),
        ],
    )
    def test_shapefile(
        self, tmp_path: Path, sources: Path, kind: str, encoding: str, cpg: bool, declared: str | None
    ) -> None:
        path = tmp_path / f"{kind}.shp"
        ogr2ogr("-lco", f"ENCODING={encoding}", path, sources / f"{kind}.geojson")
        if not cpg:
            path.with_suffix(".cpg").unlink()
        check(path, sources, kind, "EPSG:4326", encoding=declared)

    @pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4521", "EPSG:32647"])
    @pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".shp"])
    def test_carried_systems(self, tmp_path: Path, sources: Path, kind: str, crs: str, suffix: str) -> None:
        path = tmp_path / f"{kind}{suffix}"
        options = ("-lco", "ENCODING=UTF-8") if suffix == ".shp" else ()
        ogr2ogr("-t_srs", crs, *options, path, sources / f"{kind}.geojson")
        check(path, sources, kind, crs)
        check(path, sources, kind, None)

    @pytest.mark.parametrize("rfc7946", ["YES", "NO"])
    def test_geojson(self, tmp_path: Path, sources: Path, kind: str, rfc7946: str) -> None:
        path = tmp_path / "b.geojson"
        options = ("-lco", f"RFC7946={rfc7946}", "-lco", "COORDINATE_PRECISION=9")
        ogr2ogr("-f", "GeoJSON", *options, path, sources / f"{kind}.geojson")
        check(path, sources, kind, "EPSG:4326")

    def test_geojson_with_a_crs_member(self, tmp_path: Path, sources: Path, kind: str) -> None:
        path = tmp_path / "b.geojson"
        ogr2ogr("-t_srs", "EPSG:4490", "-lco", "COORDINATE_PRECISION=9", path, sources / f"{kind}.geojson")
        check(path, sources, kind, "EPSG:4490")

    @pytest.mark.parametrize(("driver", "suffix"), [("KML", "kml"), ("LIBKML", "kml"), ("LIBKML", "kmz")])
    def test_kml_and_kmz(self, tmp_path: Path, sources: Path, kind: str, driver: str, suffix: str) -> None:
        path = tmp_path / f"b.{suffix}"
        ogr2ogr("-f", driver, path, sources / f"{kind}.geojson")
        check(path, sources, kind, "EPSG:4326")

    @pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4521"])
    @pytest.mark.parametrize("layout", ["WKB", "geoarrow"])
    @pytest.mark.parametrize("suffix", ["parquet", "geoparquet"])
    def test_geoparquet(
        self, tmp_path: Path, sources: Path, kind: str, crs: str, layout: str, suffix: str
    ) -> None:
        path = tmp_path / f"{kind}.{suffix}"
        texts, shapes = expected(sources, kind)
        frame = gpd.GeoDataFrame(texts, geometry=shapes, crs=4326).to_crs(crs)
        frame.to_parquet(path, geometry_encoding=layout, write_covering_bbox=True)
        check(path, sources, kind, crs)
        check(path, sources, kind, None)

    def test_a_zipped_shapefile(self, tmp_path: Path, sources: Path, kind: str) -> None:
        path = tmp_path / f"{kind}.shp.zip"
        ogr2ogr("-lco", "ENCODING=GBK", path, sources / f"{kind}.geojson")
        check(path, sources, kind, "EPSG:4326")


class TestTables:
    """Positions as columns, as a county's spreadsheet has them."""

    ORDER = ("编号", "名称", "县代码", "一级", "经度", "纬度")

    @pytest.fixture
    def source(self, tmp_path: Path, sources: Path) -> Path:
        collection = json.loads((sources / "duty_points.geojson").read_text("utf-8"))
        for feature in collection["features"]:
            lon, lat = feature["geometry"]["coordinates"]
            feature["properties"] |= {"经度": lon, "纬度": lat}
            feature["geometry"] = None
        path = tmp_path / "table.geojson"
        path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
        return path

    @pytest.mark.parametrize(("driver", "suffix"), [("CSV", "csv"), ("XLSX", "xlsx")])
    def test_csv_and_xlsx(
        self, tmp_path: Path, sources: Path, source: Path, driver: str, suffix: str
    ) -> None:
        path = tmp_path / f"b.{suffix}"
        ogr2ogr("-f", driver, path, source)
        columns = COLUMNS["duty_points"] | {"lon": "经度", "lat": "纬度"}
        check(path, sources, "duty_points", "EPSG:4326", columns=columns, order=list(self.ORDER))


class TestSeveralLayers:
    def test_a_geopackage_of_three_layers_in_systems_of_their_own(
        self, tmp_path: Path, sources: Path
    ) -> None:
        path = tmp_path / "all.gpkg"
        systems = dict(zip(COLUMNS, ("EPSG:4490", "EPSG:4521", "EPSG:4543"), strict=True))
        for kind, crs in systems.items():
            ogr2ogr("-update", "-append", "-t_srs", crs, "-nln", kind, path, sources / f"{kind}.geojson") if (
                path.exists()
            ) else ogr2ogr("-t_srs", crs, "-nln", kind, path, sources / f"{kind}.geojson")
        assert layers_of(path) == list(COLUMNS)
        for kind, crs in systems.items():
            check(path, sources, kind, crs, layer=kind)

    @pytest.mark.parametrize(("driver", "suffix"), [("KML", "kml"), ("LIBKML", "kml"), ("LIBKML", "kmz")])
    def test_folders_of_a_kml_are_its_layers(
        self, tmp_path: Path, sources: Path, driver: str, suffix: str
    ) -> None:
        package, path = tmp_path / "all.gpkg", tmp_path / f"all.{suffix}"
        for at, kind in enumerate(COLUMNS):
            ogr2ogr(*(("-update",) if at else ()), "-nln", kind, package, sources / f"{kind}.geojson")
        ogr2ogr("-f", driver, path, package)
        assert layers_of(path) == list(COLUMNS)
        for kind in COLUMNS:
            check(path, sources, kind, "EPSG:4326", layer=kind)

    def test_a_zip_of_several_files_is_read_by_their_names(self, tmp_path: Path, sources: Path) -> None:
        path, folder = tmp_path / "all.zip", tmp_path / "in"
        folder.mkdir()
        ogr2ogr("-lco", "ENCODING=GBK", folder / "边境.shp", sources / "border.geojson")
        ogr2ogr(folder / "县.gpkg", sources / "counties.geojson")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in sorted(folder.iterdir()):
                archive.write(one, f"数据/{one.name}")
        assert sorted(map(str, layers_of(path))) == ["数据/县.gpkg", "数据/边境.shp"]
        check(path, sources, "border", "EPSG:4326", layer="数据/边境.shp")
        check(path, sources, "counties", "EPSG:4326", layer="数据/县.gpkg")


class TestText:
    def test_a_name_that_gdal_cut_within_a_letter_loses_only_that_letter(
        self, tmp_path: Path, geojson: Any
    ) -> None:
        source = geojson(({"检查站名称": "甲", "检查站编号": "乙"}, (99.1, 23.7)))
        path = tmp_path / "a.shp"
        ogr2ogr("-lco", "ENCODING=UTF-8", path, source)
        raw = read_file(Ask(path, "a.shp"))
        assert next(iter(raw.columns)) == "检查站"
        assert [column.tolist() for column in raw.columns.values()] == [["甲"], ["乙"]]

    def test_letters_that_only_gb18030_has(self, tmp_path: Path, geojson: Any) -> None:
        source = geojson(({"名称": "䶮塘𠮷站"}, (99.1, 23.7)))
        path = tmp_path / "a.shp"
        ogr2ogr("-lco", "ENCODING=GB18030", path, source)
        assert read_file(Ask(path, "a.shp")).columns["名称"].tolist() == ["䶮塘𠮷站"]
        path.with_suffix(".cpg").unlink()
        # GB 18030 holds GBK whole, so a file declared as GBK is read as what it is.
        for declared in ("gb18030", "gbk", "GB2312"):
            raw = read_file(Ask(path, "a.shp", declared))
            assert raw.columns["名称"].tolist() == ["䶮塘𠮷站"]

    def test_numbers_days_and_nothing_stay_what_they_are(self, tmp_path: Path, geojson: Any) -> None:
        rows = (
            {"long": 9007199254740993, "n": 3, "d": "2026-11-22", "t": "甲", "x": 0.1},
            {"long": None, "n": None, "d": None, "t": None, "x": None},
        )
        source = geojson(*((row, (99.1, 23.7)) for row in rows))
        for suffix in ("gpkg", "fgb", "shp"):
            path = tmp_path / f"a.{suffix}"
            ogr2ogr(*(("-lco", "ENCODING=UTF-8") if suffix == "shp" else ()), path, source)
            found = {name: texts_of(column) for name, column in columns(path).items()}
            assert found["long"] == ["9007199254740993", ""]
            assert (found["n"], found["t"], found["x"]) == (["3", ""], ["甲", ""], ["0.1", ""])
            assert [day[:10] for day in found["d"]] == ["2026-11-22", ""]


def columns(path: Path) -> dict[str, Any]:
    raw = read_file(Ask(path, path.name))
    order = np.argsort([not text for text in texts_of(raw.columns["t"])], kind="stable")
    return {name: np.asarray(column, dtype=object)[order] for name, column in raw.columns.items()}


@pytest.mark.parametrize("suffix", ["gpkg", "fgb"])
def test_arcs_come_as_chords(tmp_path: Path, suffix: str) -> None:
    arc = "CIRCULARSTRING(99 23,99.5 23.5,100 23,99.5 22.5,99 23)"
    plain = "POLYGON((99 23,99.1 23,99.1 23.1,99 23))"
    tin, mixed = "TIN(((0 0,0 1,1 1,0 0)))", f"GEOMETRYCOLLECTION({arc})"
    rows = (f"CURVEPOLYGON({arc})", plain, arc, tin, mixed)
    table = tmp_path / "arcs.csv"
    table.write_text("".join(["n,WKT\n", *(f'{at},"{shape}"\n' for at, shape in enumerate(rows))]))
    path = tmp_path / f"a.{suffix}"
    options = ("-lco", "SPATIAL_INDEX=NO") if suffix == "fgb" else ()
    ogr2ogr("-a_srs", "EPSG:4326", "-nlt", "GEOMETRY", *options, path, table)
    disc, triangle, line, *others = read_file(Ask(path, "a")).shapes
    assert disc.area == pytest.approx(np.pi / 4, rel=1e-3)
    assert line.length == pytest.approx(np.pi, rel=1e-3)
    assert (triangle.geom_type, others) == ("Polygon", [None, None])
