"""Tables of points, from a CSV and from a spreadsheet: whose columns hold what, and where their rows lie."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
import shapely
from pyproj import Transformer

from layers.faults import Fault
from layers.formats import table
from layers.load import Loaded, load_layer

DMS = ("99°24′36″E", "北纬23度30分")
PLACED = [99.41, 23.5]
MAPPED = {"hub_id": "编号", "name": "站点名称", "kind": "类别", "lon": "经度", "lat": "纬度"}
HEADER = ("编号", "站点名称", "类别", "经度", "纬度")

Write = Callable[..., Path]


@pytest.fixture(params=["csv", "xlsx"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Write:
    """rows(row, …, name=…): a table of these rows, once as a CSV and once as a spreadsheet."""

    def write(*lines: tuple[Any, ...], name: str = "table") -> Path:
        path = tmp_path / f"{name}.{request.param}"
        if request.param == "csv":
            quoted = (",".join(f'"{cell}"' if cell != "" else "" for cell in line) for line in lines)
            path.write_text("\n".join(quoted), "utf-8")
        else:
            book = openpyxl.Workbook()
            for line in lines:
                book.active.append(line)
            book.save(path)
        return path

    return write


def load(path: Path, **options: Any) -> Loaded:
    return load_layer(path, **{"kind": "hubs", "crs": "EPSG:4326"} | options)


def only(loaded: Loaded) -> Fault:
    assert len(loaded.faults) == 1, loaded.faults
    return loaded.faults[0]


def xy(loaded: Loaded) -> list[list[float]]:
    assert loaded.faults == []
    assert loaded.frame is not None
    return [[round(number, 9) for number in pair] for pair in shapely.get_coordinates(loaded.frame.geometry)]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_ogr2ogr_writes_is_read_back(tmp_path: Path, suffix: str) -> None:
    made = gpd.GeoDataFrame(
        {
            "编号": ["0001", "h,2"], "站点名称": ["小黑江", '"河底岗"'], "类别": ["rail", "air"],
            "经度": [99.123456789, 100.5], "纬度": [23.987654321, -0.25],
        },
        geometry=gpd.points_from_xy([0, 0], [0, 0]),
        crs=4326,
    )  # fmt: skip
    made.to_file(tmp_path / "a.gpkg", driver="GPKG")
    path = tmp_path / f"a.{suffix}"
    command = ["ogr2ogr", str(path), str(tmp_path / "a.gpkg")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = load(path, columns=MAPPED)
    assert xy(loaded) == [[99.123456789, 23.987654321], [100.5, -0.25]]
    assert loaded.frame[["hub_id", "name", "kind"]].values.tolist() == [
        ["0001", "小黑江", "rail"],
        ["h,2", '"河底岗"', "air"],
    ]


class TestPositions:
    def test_angles_of_any_style_are_read(self, rows: Write) -> None:
        path = rows(HEADER, ("h1", "甲", "rail", *DMS), ("h2", "乙", "air", 99.41, 23.5))
        assert xy(load(path, columns=MAPPED)) == [PLACED, PLACED]

    def test_a_wrong_angle_names_its_row_and_why(self, rows: Write) -> None:
        path = rows(
            HEADER,
            ("h1", "甲", "rail", *DMS),
            ("h2", "乙", "air", *reversed(DMS)),
            ("h3", "丙", "air", "", "23°60′"),
            ("h4", "丁", "air", 99.41, 23.5),
        )
        loaded = load(path, columns=MAPPED)
        assert [(fault.row, fault.field) for fault in loaded.faults] == [
            (2, "lon"), (3, "lon"), (2, "lat"), (3, "lat"),
        ]  # fmt: skip
        hints = [fault.hint for fault in loaded.faults]
        assert "swapped" in hints[0]
        assert "below 60" in hints[3]
        assert [shape is None for shape in loaded.frame.geometry] == [False, True, True, False]

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("latlon", "23°30′N, 99°24′36″E"),
            ("lonlat", "99.41，23.5"),
            ("lonlat", "东经99°24′36″ 北纬23°30′"),
        ],
    )
    def test_one_column_may_hold_both(self, rows: Write, field: str, text: str) -> None:
        path = rows(("hub_id", "name", "kind", "坐标"), ("h1", "甲", "rail", text))
        assert xy(load(path, columns={field: "坐标"})) == [PLACED]

    def test_a_position_that_cannot_be_cut_names_its_row(self, rows: Write) -> None:
        header = ("hub_id", "name", "kind", "坐标")
        path = rows(
            header,
            ("h1", "甲", "rail", "99.41,23.5"),
            ("h2", "乙", "rail", "附图"),
            ("h3", "丙", "air", "23,N"),
        )
        faults = load(path, columns={"lonlat": "坐标"}).faults
        assert [(fault.row, fault.field, fault.got) for fault in faults] == [
            (2, "lonlat", "附图"),
            (3, "lonlat", "23,N"),
        ]
        assert faults[0].expected == "longitude and latitude, such as 99°24′36.5″E, 北纬23°30′"

    def test_a_position_is_given_once(self, rows: Write) -> None:
        path = rows(("hub_id", "name", "kind", "坐标", "x"), ("h1", "甲", "rail", "99.41,23.5", "1"))
        fault = only(load(path, columns={"lonlat": "坐标", "lon": "x"}))
        assert (fault.field, fault.got) == ("columns.lonlat", "lon, lonlat")

    def test_degrees_run_together_are_not_taken_apart(self, rows: Write) -> None:
        path = rows(("hub_id", "name", "kind", "lon", "lat"), ("h1", "甲", "rail", 992436.5, 233012))
        fault = only(load(path))
        assert fault.what == "coordinates whose degrees, minutes and seconds are run together"
        assert "99:24:36.5" in fault.hint

    def test_eastings_and_northings_are_read(self, rows: Write) -> None:
        x, y = Transformer.from_crs(4326, 4521, always_xy=True).transform(*PLACED)
        path = rows(
            ("hub_id", "name", "kind", "东坐标", "北坐标"), ("h1", "甲", "rail", round(x, 4), round(y, 4))
        )
        loaded = load(path, columns={"lon": "东坐标", "lat": "北坐标"}, crs="EPSG:4521")
        assert xy(loaded)[0] == pytest.approx(PLACED, abs=1e-8)


class TestColumns:
    @pytest.mark.parametrize(
        ("names", "values", "east", "north"),
        [
            (("经度", "纬度"), (99.41, 23.5), "经度", "纬度"),
            (("站点经度（°）", "站点纬度（°）"), DMS, "站点经度（°）", "站点纬度（°）"),
            (("lng_gcj02", "lat_gcj02"), (99.41, 23.5), "lng_gcj02", "lat_gcj02"),
            (("纬度N", "经度E"), (23.5, 99.41), "经度E", "纬度N"),
            (("东坐标", "北坐标"), (541234.5, 2612345.5), "东坐标", "北坐标"),
            (("X", "Y"), (99.41, 23.5), "X", "Y"),
            (("X", "Y"), (541234.5, 2612345.5), "X", "Y"),
            # A surveyor's X points north.
            (("X", "Y"), (2612345.5, 541234.5), "Y", "X"),
            (("X坐标", "Y坐标"), (2612345.5, 33541234.5), "Y坐标", "X坐标"),
            (("x", "y"), (23.5, 99.41), "y", "x"),
        ],
    )
    def test_likely_columns_are_proposed_with_their_values(
        self, rows: Write, names: tuple[str, str], values: tuple[Any, Any], east: str, north: str
    ) -> None:
        path = rows(("hub_id", "name", "kind", *names), ("h1", "甲", "rail", *values))
        hints = {fault.field: fault.hint for fault in load(path).faults}
        assert f'columns = {{ lon = "{east}" }}' in hints["lon"]
        assert f'columns = {{ lat = "{north}" }}' in hints["lat"]
        assert f"its first value is {values[names.index(east)]}" in hints["lon"]

    @pytest.mark.parametrize(("text", "field"), [("99.41,23.5", "lonlat"), ("23.5,99.41", "latlon")])
    def test_a_column_of_both_is_proposed_as_such(self, rows: Write, text: str, field: str) -> None:
        path = rows(("hub_id", "name", "kind", "经纬度"), ("h1", "甲", "rail", text))
        for fault in load(path).faults:
            assert f'columns = {{ {field} = "经纬度" }}' in fault.hint

    def test_nothing_is_proposed_where_nothing_is_like_it(self, rows: Write) -> None:
        loaded = load(rows(("hub_id", "name", "kind", "地址"), ("h1", "甲", "rail", "某路")))
        told = [(fault.field, fault.hint, fault.warning) for fault in loaded.faults]
        assert told == [("lon", "", False), ("lat", "", False), ("columns", "", True)]


class TestRows:
    def test_a_title_above_the_header_is_told_from_it(self, rows: Write) -> None:
        lines = (
            ("临沧市检查站统计表", "", "", "", ""),
            ("填报单位：某局", "", "", "", "2026年"),
            HEADER,
            ("h1", "甲", "rail", 99.41, 23.5),
        )
        fault = only(load(rows(*lines), columns=MAPPED))
        assert (fault.field, fault.got) == ("header_row", "临沧市检查站统计表")
        assert "say header_row = 3" in fault.hint
        assert "编号, 站点名称" in fault.hint
        loaded = load(rows(*lines, name="again"), columns=MAPPED, header_row=3)
        assert xy(loaded) == [PLACED]
        assert loaded.frame.index.tolist() == [0]

    def test_a_header_beyond_the_end_is_said(self, rows: Write) -> None:
        assert only(load(rows(HEADER), columns=MAPPED, header_row=9)).got == "nothing in row 9"

    def test_columns_without_a_name_and_blank_rows_are_left_behind(self, rows: Write) -> None:
        path = rows((*HEADER, "", ""), ("h1", "甲", "rail", 99.41, 23.5, "x", "y"), ("",) * 7)
        assert xy(load(path, columns=MAPPED)) == [PLACED]

    def test_a_name_that_stands_twice_is_refused(self, rows: Write) -> None:
        path = rows((*HEADER, "经度"), ("h1", "甲", "rail", 99.41, 23.5, 1))
        assert only(load(path, columns=MAPPED)).got == "经度"

    def test_more_cells_than_the_bound_are_refused(
        self, rows: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(table, "MAX_CELLS", 20)
        monkeypatch.setattr("layers.formats.sheet_size.MAX_CELLS", 20)
        path = rows(HEADER, *[("h1", "甲", "rail", 99.41, 23.5)] * 5)
        assert only(load(path, columns=MAPPED)).what == "the table is too large"


class TestEncoding:
    LINES = ("编号,站点名称,类别,经度,纬度", "h1,小黑江,rail,99.41,23.5")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_utf_8_and_what_a_mark_says_need_no_declaration(self, text: Write, encoding: str) -> None:
        loaded = load(text(*self.LINES, encoding=encoding), columns=MAPPED)
        assert xy(loaded) == [PLACED]
        assert loaded.frame["name"].tolist() == ["小黑江"]

    def test_what_is_not_utf_8_shows_what_it_may_be(self, text: Write) -> None:
        path = text(*self.LINES, encoding="gb18030")
        fault = only(load(path, columns=MAPPED))
        assert fault.field == "encoding"
        assert 'encoding = "gb18030"' in fault.hint
        assert "站点名称" in fault.hint
        assert xy(load(path, columns=MAPPED, encoding="GBK")) == [PLACED]

    def test_a_mark_that_contradicts_the_declaration_is_a_fault(self, text: Write) -> None:
        fault = only(load(text(*self.LINES, encoding="utf-8-sig"), columns=MAPPED, encoding="gb18030"))
        assert (fault.field, fault.got) == ("encoding", "the mark of utf-8")
        assert xy(load(text(*self.LINES, encoding="utf-16"), columns=MAPPED, encoding="UTF-16")) == [PLACED]
