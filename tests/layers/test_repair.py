"""A mended copy of a file: what was asked for is mended and listed, and nothing else is touched or lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from layers.faults import FaultsError
from layers.mending import MOST_CROSSINGS, is_tangled
from layers.repair import repair, repair_file

BOW = "POLYGON ((99 23, 99.1 23.1, 99.1 23, 99 23.1, 99 23))"
SQUARE = "POLYGON ((99 23, 99.1 23, 99.1 23.1, 99 23.1, 99 23))"
DOUBLED = "POLYGON ((99 23, 99.1 23, 99.1 23, 99.1 23, 99.1 23.1, 99 23.1, 99 23))"


def frame(*shapes: str | None, **columns: Any) -> gpd.GeoDataFrame:
    geometry = [None if shape is None else shapely.from_wkt(shape) for shape in shapes]
    return gpd.GeoDataFrame({"a": range(len(shapes)), **columns}, geometry=geometry, crs=4326)


def told(found: list[Any]) -> list[tuple[int, str, bool]]:
    return [(one.row, one.what, one.done) for one in found]


class TestShapes:
    def test_a_good_layer_comes_back_as_it_was(self) -> None:
        given = frame(SQUARE, None, SQUARE)
        mended, repairs = repair(given)
        assert repairs == []
        assert shapely.equals_exact(mended.geometry.array, given.geometry.array, tolerance=0).tolist() == [
            True, False, True,
        ]  # fmt: skip
        assert mended.geometry.iloc[1] is None

    def test_a_crossed_ring_becomes_valid_and_stays_an_area(self) -> None:
        mended, repairs = repair(frame(BOW))
        (shape,) = mended.geometry
        assert (shape.is_valid, shape.geom_type) == (True, "MultiPolygon")
        assert shape.area == pytest.approx(0.005)
        assert told(repairs) == [(1, "invalid ring made valid (self-intersection)", True)]

    def test_a_spike_goes_and_leaves_no_line_behind(self) -> None:
        mended, _ = repair(frame("POLYGON ((0 0, 10 0, 10 10, 15 10, 10 10, 0 10, 0 0))"))
        assert mended.geometry.iloc[0].equals(shapely.box(0, 0, 10, 10))

    def test_doubled_vertices_go_and_are_counted(self) -> None:
        mended, repairs = repair(frame(DOUBLED, "LINESTRING (0 0, 1 1, 1 1, 2 2)"))
        assert told(repairs) == [
            (1, "2 doubled vertices dropped", True),
            (2, "1 doubled vertex dropped", True),
        ]
        assert mended.geometry.iloc[0].equals_exact(shapely.from_wkt(SQUARE), 0)
        assert shapely.get_num_coordinates(mended.geometry.iloc[1]) == 3

    def test_a_step_in_height_is_no_doubled_vertex(self) -> None:
        given = "LINESTRING Z (0 0 1, 1 1 2, 1 1 5, 2 2 5)"
        mended, repairs = repair(frame(given))
        assert repairs == []
        assert mended.geometry.iloc[0].wkt == given

    @pytest.mark.parametrize(
        ("single", "multi", "kind"),
        [
            (SQUARE, f"MULTI{SQUARE.replace('((', '(((').replace('))', ')))')}", "MultiPolygon"),
            ("LINESTRING (0 0, 1 1)", "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", "MultiLineString"),
            ("POINT (0 0)", "MULTIPOINT (0 0, 1 1)", "MultiPoint"),
        ],
    )
    def test_single_and_multi_parts_become_one_sort(self, single: str, multi: str, kind: str) -> None:
        mended, repairs = repair(frame(single, multi, single))
        assert mended.geometry.geom_type.unique().tolist() == [kind]
        assert told(repairs) == [(row, "single part made a multi-part of one", True) for row in (1, 3)]

    def test_multi_points_of_one_become_points(self) -> None:
        mended, repairs = repair(frame("POINT (0 0)", "MULTIPOINT (1 1)"))
        assert mended.geometry.geom_type.tolist() == ["Point", "Point"]
        assert told(repairs) == [(2, "multi-point of one made a point", True)]

    def test_lines_and_areas_side_by_side_keep_to_themselves(self) -> None:
        given = frame("LINESTRING (0 0, 1 1)", SQUARE)
        mended, repairs = repair(given)
        assert repairs == []
        assert mended.geometry.geom_type.tolist() == ["LineString", "Polygon"]

    @pytest.mark.parametrize(
        ("shape", "why"),
        [
            ("POLYGON ((0 0, 10 0, 5 0, 0 0))", "encloses nothing"),
            ("POLYGON ((0 0, 0 0, 0 0, 0 0))", "encloses nothing"),
        ],
    )
    def test_what_cannot_be_mended_stays_and_is_said_to(self, shape: str, why: str) -> None:
        mended, repairs = repair(frame(shape))
        assert mended.geometry.iloc[0].equals_exact(shapely.from_wkt(shape), 0)
        (one,) = repairs
        assert not one.done
        assert why in one.what

    def test_coordinates_that_are_no_numbers_are_left_alone(self) -> None:
        with np.errstate(invalid="ignore"):
            broken = shapely.polygons([(0, 0), (1, np.nan), (1, 1), (0, 0)])
            (one,) = repair(gpd.GeoDataFrame(geometry=[broken]))[1]
        assert (one.done, one.what) == (False, "left as it is: a coordinate is not a number")

    def test_columns_index_and_system_stay(self) -> None:
        given = frame(BOW, SQUARE, name=["甲", None]).set_index(np.array([4, 9])).to_crs(4521)
        mended, repairs = repair(given)
        assert mended.drop(columns="geometry").equals(given.drop(columns="geometry"))
        assert mended.crs == given.crs
        assert {one.row for one in repairs} == {5, 10}
        assert given.geometry.iloc[1].geom_type == "Polygon", "what was given is not written into"


def star(count: int, *, wild: bool) -> Any:
    """A ring of many vertices: crooked like a coast with one knot, or a tangle."""
    rng = np.random.default_rng(3)
    if wild:
        xy = rng.random((count, 2))
    else:
        angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
        xy = np.column_stack([np.cos(angle), np.sin(angle)]) * (1 + 0.1 * np.sin(5_000 * angle))[:, None]
        xy[count // 2 : count // 2 + 10] = xy[count // 2 : count // 2 + 10][::-1].copy()
    return shapely.polygons(np.vstack([xy, xy[:1]]))


class TestLargeRings:
    def test_a_ring_of_a_million_vertices_is_mended(self) -> None:
        ring = star(1_000_000, wild=False)
        assert not ring.is_valid
        mended, repairs = repair(gpd.GeoDataFrame(geometry=[ring]))
        assert [one.done for one in repairs] == [True]
        assert mended.geometry.iloc[0].is_valid
        assert mended.geometry.iloc[0].area == pytest.approx(ring.area, rel=1e-6)

    def test_a_tangle_of_a_million_vertices_is_left_without_trying(self) -> None:
        """To mend it would take 10^11 crossings."""
        (one,) = repair(gpd.GeoDataFrame(geometry=[star(1_000_000, wild=True)]))[1]
        assert (one.done, one.what) == (
            False,
            f"left as it is: it meets itself over {MOST_CROSSINGS:,} times",
        )

    def test_what_counts_as_a_tangle(self) -> None:
        assert is_tangled(star(3_000, wild=True))
        assert not is_tangled(star(500, wild=True))
        assert not is_tangled(star(100_000, wild=False))


class TestFiles:
    def collection(self, tmp_path: Path, *features: tuple[str | None, dict[str, Any]]) -> Path:
        path = tmp_path / "given.geojson"
        body = [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": None
                if shape is None
                else json.loads(shapely.to_geojson(shapely.from_wkt(shape))),
            }
            for shape, properties in features
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": body}), "utf-8")
        return path

    def test_every_row_and_column_is_kept_known_or_not(self, tmp_path: Path) -> None:
        path = self.collection(
            tmp_path,
            (BOW, {"fid": "x", "名称": "甲", "geom": 3, "list": [1, 2], "table": {"b": 1}, "yes": True}),
            (None, {"fid": "y", "名称": None, "geom": 4, "mixed": "text"}),
            (SQUARE, {"fid": "z", "mixed": 5, "at": "2026-11-22T08:00:00Z", "n": 1.5}),
        )
        out = tmp_path / "mended.gpkg"
        repairs = repair_file(path, out)
        assert [one.row for one in repairs] == [1, 3]
        found = pyogrio.read_dataframe(out)
        assert found.crs.to_epsg() == 4326
        assert found.geometry.is_valid.tolist() == [True, False, True]
        assert found.geometry.isna().tolist() == [False, True, False]
        assert found["fid"].tolist() == ["x", "y", "z"]
        assert found["名称"].tolist()[0] == "甲"
        assert [json.loads(text) for text in found["list"].dropna()] == [[1, 2]]
        assert [json.loads(text) for text in found["table"].dropna()] == [{"b": 1}]
        assert found["geom"].dropna().tolist() == [3, 4]
        assert found["n"].dropna().tolist() == [1.5]
        assert found["yes"].dropna().tolist() == [True]
        assert found["mixed"].dropna().tolist() == ["text", "5"]
        assert set(found.columns) - {"geometry"} == {
            "fid", "名称", "geom", "list", "table", "yes", "mixed", "at", "n",
        }  # fmt: skip

    def test_open_rings_are_closed(self, tmp_path: Path) -> None:
        path = self.collection(tmp_path, (SQUARE, {"a": 1}), (None, {"a": 2}))
        body = json.loads(path.read_text("utf-8"))
        body["features"][0]["geometry"]["coordinates"][0].pop()
        path.write_text(json.dumps(body), "utf-8")
        out = tmp_path / "mended.gpkg"
        assert told(repair_file(path, out)) == [(1, "open ring closed", True)]
        found = pyogrio.read_dataframe(out)
        assert found.geometry.iloc[0].equals(shapely.from_wkt(SQUARE))
        assert found.geometry.iloc[1] is None

    def test_coordinates_stay_in_the_file_s_own_system(self, geopackage, tmp_path: Path) -> None:
        given = frame(SQUARE, SQUARE).to_crs(4521)
        out = tmp_path / "mended.gpkg"
        assert repair_file(geopackage({"roads": given}), out, crs="EPSG:4521") == []
        found = pyogrio.read_dataframe(out)
        assert found.crs.to_epsg() == 4521
        assert found.geometry.geom_equals_exact(given.geometry, 0).all()

    def test_all_layers_of_a_file_are_kept_under_their_names(self, geopackage, tmp_path: Path) -> None:
        path, out = geopackage({"one": frame(BOW), "two": frame(SQUARE)}), tmp_path / "mended.gpkg"
        (one,) = repair_file(path, out)
        assert (one.layer, one.row) == ("one", 1)
        assert pyogrio.list_layers(out)[:, 0].tolist() == ["one", "two"]
        single = tmp_path / "single.gpkg"
        assert repair_file(path, single, layer="two") == []
        assert pyogrio.list_layers(single)[:, 0].tolist() == ["two"]

    def test_shifted_degrees_are_not_given_the_code_of_wgs_84(self, text, tmp_path: Path) -> None:
        path, out = text("id,lon,lat", "1,99.1,23.7"), tmp_path / "mended.gpkg"
        assert repair_file(path, out, crs="GCJ-02") == []
        found = pyogrio.read_dataframe(out)
        assert found.crs is None
        assert (found.geometry.iloc[0].x, found.geometry.iloc[0].y) == (99.1, 23.7)

    def refused(self, path: Path, out: Path, **options: Any) -> str:
        before = sorted(os.listdir(out.parent)) if out.parent.is_dir() else []
        with pytest.raises(FaultsError) as caught:
            repair_file(path, out, **options)
        assert (sorted(os.listdir(out.parent)) if out.parent.is_dir() else []) == before, (
            "nothing is left behind"
        )
        return caught.value.faults[0].what

    def test_nothing_is_ever_overwritten(self, tmp_path: Path) -> None:
        path, out = self.collection(tmp_path, (BOW, {})), tmp_path / "mended.gpkg"
        out.write_bytes(b"mine")
        assert self.refused(path, out) == "the file to write exists already"
        assert out.read_bytes() == b"mine"
        out.unlink()
        out.symlink_to(tmp_path / "nowhere.gpkg")
        assert self.refused(path, out) == "the file to write exists already"

    def test_the_input_is_not_overwritten_under_another_path(self, geopackage, tmp_path: Path) -> None:
        path = geopackage({"one": frame(BOW)})
        body = path.read_bytes()
        assert self.refused(path, tmp_path / "." / path.name) == "the file to write exists already"
        assert path.read_bytes() == body

    def test_what_cannot_be_written_or_read_is_refused(self, text, tmp_path: Path) -> None:
        path = self.collection(tmp_path, (BOW, {}))
        assert self.refused(path, tmp_path / "a.shp") == "repairs are written as GeoPackage"
        assert self.refused(path, tmp_path / "no" / "a.gpkg") == "no such folder"
        assert self.refused(path, tmp_path / "a.gpkg", kind="roadz") == "unknown layer kind"
        assert self.refused(tmp_path / "none.geojson", tmp_path / "a.gpkg") == "no such file"
        assert self.refused(path, tmp_path / "a.gpkg", crs="EPSG:0000") == "no such coordinate system"

    def test_a_table_whose_rows_would_be_lost_is_refused(self, text, tmp_path: Path) -> None:
        path = text("id,lon,lat", "1,99.1,23.7", "2,x,23.7", name="t.csv")
        assert self.refused(path, tmp_path / "a.gpkg", crs="EPSG:4326") == "not a coordinate"

    def test_columns_that_a_geopackage_cannot_tell_apart_are_refused(self, tmp_path: Path) -> None:
        path = self.collection(tmp_path, (SQUARE, {"Name": 1, "name": 2}))
        assert self.refused(path, tmp_path / "a.gpkg") == "two columns differ only in case"
