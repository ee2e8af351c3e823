"""An encoding declared where the format has its own is never left without a word."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from layers.check import check_file
from layers.formats import Ask, read_file
from layers.load import load_layer, read_layer
from layers.repair import repair_file

SUFFIXES = (".gpkg", ".fgb", ".parquet", ".xlsx")


def written(folder: Path, suffix: str) -> Path:
    path = folder / f"hubs{suffix}"
    if suffix == ".xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in (("hub_id", "name", "kind", "lon", "lat"), ("h1", "甲站", "rail", 99.1, 23.7)):
            book.active.append(row)
        book.save(path)
        return path
    columns = {"hub_id": ["h1"], "name": ["甲站"], "kind": ["rail"]}
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(99.1, 23.7)], crs=4326)
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
class TestDeclared:
    @pytest.mark.parametrize("encoding", ["utf-8", "UTF8"])
    def test_utf_8_is_warned_of_and_read(self, tmp_path: Path, suffix: str, encoding: str) -> None:
        path = written(tmp_path, suffix)
        (fault,) = check_file(path, kind="hubs", crs="EPSG:4326", encoding=encoding)
        assert (fault.what, fault.field) == ("the format itself fixes the encoding", "encoding")
        assert (fault.got, fault.warning) == (encoding, True)
        frame = read_layer(path, kind="hubs", crs="EPSG:4326", encoding=encoding)
        assert frame["name"].tolist() == ["甲站"]

    @pytest.mark.parametrize("encoding", ["gb18030", "klingon"])
    def test_any_other_is_a_fault_beside_all_others(self, tmp_path: Path, suffix: str, encoding: str) -> None:
        path = written(tmp_path, suffix)
        found = check_file(path, kind="roads" if suffix != ".xlsx" else "hubs", encoding=encoding)
        mine = [fault for fault in found if fault.field == "encoding"]
        known = "the format itself fixes the encoding"
        assert [fault.what for fault in mine] == [known if encoding == "gb18030" else "no such encoding"]
        assert not mine[0].warning
        assert len(found) > 1

    def test_none_is_not_spoken_of(self, tmp_path: Path, suffix: str) -> None:
        assert read_file(Ask(written(tmp_path, suffix), "a")).faults == []

    def test_it_is_said_of_a_broken_file_too(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"a{suffix}"
        path.write_bytes(b"x")
        found = load_layer(path, kind="hubs", crs="EPSG:4326", encoding="big5").faults
        assert found[0].field == "encoding"
        assert len(found) == 2


def test_a_copy_is_repaired_in_spite_of_the_warning(tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    assert repair_file(written(tmp_path, ".fgb"), out, encoding="utf-8") == []
    assert out.is_file()
