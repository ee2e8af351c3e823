"""Shapefiles: encodings that are declared, carried or proposed with evidence; parts that are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from layers.faults import Fault, FaultsError
from layers.formats import Ask, Raw, read_file
from layers.load import load_layer

NAMES = ["镇康检查站", "耿马检查站", "沧源检查站"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three points in GBK, with a .cpg that says so."""
    return written(tmp_path, NAMES)


def written(folder: Path, names: list[Any], encoding: str = "GBK", column: str = "名称") -> Path:
    path = folder / "站点.shp"
    points = gpd.points_from_xy([99.1 + at / 10 for at in range(len(names))], [23.7] * len(names))
    frame = gpd.GeoDataFrame({column: names, "n": range(len(names))}, geometry=points, crs=4490)
    frame.to_file(path, encoding=encoding)
    return path


def read(path: Path, encoding: str | None = None) -> Raw:
    return read_file(Ask(path, path.name, encoding))


def faults(path: Path, encoding: str | None = None) -> tuple[Fault, ...]:
    with pytest.raises(FaultsError) as caught:
        read(path, encoding)
    return caught.value.faults


def only(path: Path, encoding: str | None = None) -> Fault:
    found = faults(path, encoding)
    assert len(found) == 1, found
    return found[0]


class TestEncoding:
    def test_a_declaration_goes_before_the_cpg(self, path: Path) -> None:
        path.with_suffix(".cpg").write_text("UTF-8")
        assert read(path, "gbk").columns["名称"].tolist() == NAMES

    @pytest.mark.parametrize(
        "said",
        [
            "GBK",
            "gb2312",
            "GB18030",
            "936",
            "CP936",
            "ANSI 936",
            "OEM 936",
            "ms936",
            "54936",
            "LDID/77",
            "GBK\r\n",
        ],
    )
    def test_any_name_that_a_cpg_has_for_it(self, path: Path, said: str) -> None:
        path.with_suffix(".cpg").write_text(said, newline="")
        assert read(path).columns["名称"].tolist() == NAMES

    @pytest.mark.parametrize(
        ("encoding", "said"),
        [("UTF-8", "utf8"), ("UTF-8", "65001"), ("UTF-8", "\ufeffUTF-8"), ("ISO-8859-1", "88591"),
         ("ISO-8859-1", "ISO 88591"), ("ISO-8859-1", "8859_1"), ("ISO-8859-1", "1252"), ("CP1251", "1251")],
    )  # fmt: skip
    def test_other_encodings(self, tmp_path: Path, encoding: str, said: str) -> None:
        names = {"UTF-8": "镇康", "CP1251": "Привет"}.get(encoding, "Köln")
        path = written(tmp_path, [names], encoding, "name")
        path.with_suffix(".cpg").write_text(said, "utf-8")
        assert read(path).columns["name"].tolist() == [names]

    def test_the_language_driver_byte_is_believed_where_there_is_no_cpg(self, path: Path) -> None:
        path.with_suffix(".cpg").unlink()
        for driver in (0x4D, 0x7A):
            stamp(path, driver)
            assert read(path).columns["名称"].tolist() == NAMES
        # What many programs write whatever the text is says nothing.
        for driver in (0x00, 0x03, 0x57):
            stamp(path, driver)
            assert only(path).field == "encoding"

    @pytest.mark.parametrize(("encoding", "likely"), [("GBK", "gb18030"), ("UTF-8", "utf-8")])
    def test_no_encoding_is_a_fault_that_proposes_one_with_its_evidence(
        self, tmp_path: Path, encoding: str, likely: str
    ) -> None:
        path = written(tmp_path, NAMES, encoding)
        path.with_suffix(".cpg").unlink()
        fault = only(path)
        assert (fault.what, fault.field) == ("the encoding is not known", "encoding")
        assert f'encoding = "{likely}"' in fault.hint
        assert "镇康检查站" in fault.hint

    @pytest.mark.parametrize(("encoding", "likely"), [("GBK", "gb18030"), ("UTF-8", "utf-8")])
    def test_a_name_of_a_column_is_evidence_too(self, tmp_path: Path, encoding: str, likely: str) -> None:
        path = written(tmp_path, ["a", "b"], encoding, "站点名")
        path.with_suffix(".cpg").unlink()
        fault = only(path)
        assert f'encoding = "{likely}"' in fault.hint
        assert "站点名" in fault.hint

    def test_plain_ascii_needs_none(self, tmp_path: Path) -> None:
        path = written(tmp_path, ["a", "b"], column="name")
        path.with_suffix(".cpg").unlink()
        assert read(path).columns["name"].tolist() == ["a", "b"]

    def test_a_wrong_encoding_proposes_the_right_one(self, path: Path) -> None:
        assert 'encoding = "gb18030"' in only(path, "utf-8").hint
        path.with_suffix(".cpg").write_text("UTF-8")
        assert "carried" in only(path).what
        assert "镇康检查站" in only(path).hint or "名称" in only(path).hint

    @pytest.mark.parametrize("declared", ["utf-16", "nope", "base64", ""])
    def test_a_declaration_that_cannot_be_is_named(self, path: Path, declared: str) -> None:
        assert only(path, declared).field == "encoding"

    def test_an_unknown_cpg_is_named(self, path: Path) -> None:
        path.with_suffix(".cpg").write_text("Klingon")
        fault = only(path)
        assert (fault.field, fault.got) == ("encoding", "Klingon")
        assert 'encoding = "gb18030"' in fault.hint

    @pytest.mark.parametrize("said", ["", " \r\n", "SYSTEM"])
    def test_a_cpg_that_says_nothing_says_nothing(self, path: Path, said: str) -> None:
        path.with_suffix(".cpg").write_text(said)
        assert only(path).what == "the encoding is not known"

    def test_a_text_that_was_cut_within_a_letter_names_its_row(self, path: Path) -> None:
        table = path.with_suffix(".dbf")
        table.write_bytes(
            table.read_bytes().replace("耿马检查站".encode("gbk"), "耿马检查".encode("gbk") + b"\xd5 ")
        )
        loaded = load_layer(path, kind="border", crs="EPSG:4490", columns={"name": "名称"})
        fault = next(fault for fault in loaded.faults if fault.field == "名称")
        assert (fault.row, fault.what) == (2, "the text cannot be decoded")
        assert fault.got.startswith("耿马检查")
        assert loaded.frame is not None
        assert len(loaded.frame) == 3


class TestParts:
    def test_every_missing_part_is_named_at_once(self, path: Path) -> None:
        path.with_suffix(".dbf").unlink()
        path.with_suffix(".shx").unlink()
        table, index = faults(path)
        assert "table of the shapefile is missing" in table.what
        assert "index of the shapefile is missing" in index.what
        assert "SHAPE_RESTORE_SHX" in index.hint

    def test_without_a_prj_it_carries_no_system(self, path: Path) -> None:
        assert read(path).carried.to_epsg() == 4490
        path.with_suffix(".prj").unlink()
        assert read(path).carried is None

    @pytest.mark.parametrize("prj", ["", "nonsense", "http://127.0.0.1:1/x"])
    def test_a_prj_that_means_nothing_carries_nothing(self, path: Path, prj: str) -> None:
        path.with_suffix(".prj").write_text(prj)
        assert read(path).carried is None

    @pytest.mark.parametrize("prj", ["GEOGCS[", 'PROJCS["x",GEOGCS["y"]'])
    def test_a_prj_that_breaks_off_is_named(self, path: Path, prj: str) -> None:
        path.with_suffix(".prj").write_text(prj)
        assert (only(path).what, only(path).field) == ("the .prj cannot be read", "crs")

    def test_parts_in_capitals_belong_to_it(self, path: Path) -> None:
        for suffix in (".dbf", ".shx", ".prj", ".cpg"):
            path.with_suffix(suffix).rename(path.with_suffix(suffix.upper()))
        assert (read(path).columns["名称"].tolist(), read(path).carried.to_epsg()) == (NAMES, 4490)

    @pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
    @pytest.mark.parametrize("keep", [0, 3, 40, 0.5, 0.95])
    def test_a_part_that_breaks_off_is_named(self, path: Path, suffix: str, keep: float) -> None:
        part = path.with_suffix(suffix)
        body = part.read_bytes()
        part.write_bytes(body[: int(keep * len(body)) if isinstance(keep, float) else keep])
        fault = only(path)
        assert suffix in fault.what
        assert "breaks off" in fault.what or "cannot be read" in fault.what

    def test_parts_of_different_files_do_not_belong_together(self, tmp_path: Path, path: Path) -> None:
        (tmp_path / "other").mkdir()
        other = written(tmp_path / "other", NAMES[:2])
        other.with_suffix(".dbf").replace(path.with_suffix(".dbf"))
        fault = only(path)
        assert "do not belong together" in fault.what
        assert fault.got == "3 shapes and 2 rows"

    def test_a_file_that_is_none_says_so(self, path: Path) -> None:
        path.write_bytes(b"x" * 200)
        assert only(path).what == "not a shapefile"


class TestRows:
    def test_rows_marked_as_deleted_are_left_out_and_the_others_keep_their_number(self, path: Path) -> None:
        table = path.with_suffix(".dbf")
        body = bytearray(table.read_bytes())
        start, length = (int.from_bytes(body[at : at + 2], "little") for at in (8, 10))
        body[start + length] = ord("*")
        table.write_bytes(body)
        raw = read(path)
        assert raw.index.tolist() == [0, 2]
        assert raw.columns["名称"].tolist() == [NAMES[0], NAMES[2]]
        assert raw.columns["n"].tolist() == [0, 2]
        assert shapely.get_x(raw.shapes).tolist() == pytest.approx([99.1, 99.3])

    def test_columns_come_in_their_order_and_nothing_is_none(self, tmp_path: Path) -> None:
        frame = gpd.GeoDataFrame(
            {"b": [1.5, None], "甲": [None, "x y"], "a": [True, False], "乙": ["  q", None]},
            geometry=gpd.points_from_xy([99, 99], [23, 23]),
            crs=4326,
        )
        frame.to_file(tmp_path / "a.shp", encoding="GB18030")
        raw = read(tmp_path / "a.shp")
        assert list(raw.columns) == ["b", "甲", "a", "乙"]
        assert raw.columns["甲"].tolist() == [None, "x y"]
        assert raw.columns["乙"].tolist() == ["q", None]

    def test_a_value_ends_at_its_first_zero_byte(self, path: Path) -> None:
        table = path.with_suffix(".dbf")
        old = "耿马检查站".encode("gbk")
        table.write_bytes(table.read_bytes().replace(old, b"ab\0" + b"x" * (len(old) - 3)))
        assert read(path).columns["名称"].tolist() == [NAMES[0], "ab", NAMES[2]]

    def test_no_rows_is_an_empty_layer(self, tmp_path: Path) -> None:
        path = written(tmp_path, NAMES)
        empty = gpd.read_file(path, encoding="gbk").iloc[:0]
        empty.to_file(path, encoding="GBK")
        assert len(read(path).index) == 0


def stamp(path: Path, driver: int) -> None:
    table = path.with_suffix(".dbf")
    body = bytearray(table.read_bytes())
    body[29] = driver
    table.write_bytes(body)
