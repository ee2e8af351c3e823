"""Spreadsheets: cells as they are shown, the sheet that is meant, and files that would do harm."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from layers.check import check_file
from layers.faults import Fault
from layers.formats import layers_of, sheet_size
from layers.load import Loaded, load_layer
from layers.schema import check_layer

HEADER = ("site_id", "name", "opened_on", "smart", "lanes_total", "lon", "lat")
ROW = ("d1", "甲", date(2024, 1, 2), True, 6, 99.41, 23.5)
SHEET = "xl/worksheets/sheet1.xml"

Save = Callable[[openpyxl.Workbook], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Writes a workbook to a file."""

    def write(book: openpyxl.Workbook) -> Path:
        book.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return write


def book(*rows: tuple[Any, ...]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = "站点"
    for row in rows or (HEADER, ROW):
        made.active.append(row)
    return made


def edited(path: Path, edit: Callable[[str], str], part: str = SHEET) -> Path:
    """The same file with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = edit(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return path


def load(path: Path, **options: Any) -> Loaded:
    return load_layer(path, **{"kind": "duty_points", "crs": "EPSG:4326"} | options)


def only(path: Path, **options: Any) -> Fault:
    loaded = load(path, **options)
    assert len(loaded.faults) == 1, loaded.faults
    return loaded.faults[0]


def clean(path: Path, **options: Any) -> Any:
    """The frame of the file as the checks leave it."""
    loaded = load(path, **options)
    assert loaded.faults == []
    frame, faults = check_layer(loaded.frame, "duty_points", file="x")
    assert faults == []
    return frame


class TestCells:
    def test_dates_flags_and_numbers_come_right(self, save: Save) -> None:
        frame = clean(
            save(book(HEADER, ROW, (7, 12.0, datetime(2024, 2, 29, 8, 30), False, None, 99, "23.5")))
        )
        assert frame[["site_id", "name", "opened_on"]].values.tolist() == [
            ["d1", "甲", "2024-01-02"],
            ["7", "12", "2024-02-29"],
        ]
        assert frame["smart"].tolist() == [True, False]
        assert frame["lanes_total"].tolist()[0] == 6

    @pytest.mark.parametrize(
        "shown", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "m/d/yy", "[$-804]yyyy/m/d;@", "d-mmm"]
    )
    def test_a_date_is_one_however_it_is_shown(self, save: Save, shown: str) -> None:
        made = book()
        made.active["C2"].number_format = shown
        assert clean(save(made))["opened_on"].tolist() == ["2024-01-02"]

    def test_the_calendar_of_old_macs_is_known(self, save: Save) -> None:
        made = book()
        made.epoch = CALENDAR_MAC_1904
        assert clean(save(made))["opened_on"].tolist() == ["2024-01-02"]

    def test_a_formula_is_its_last_value(self, save: Save) -> None:
        made = book(HEADER, ("d1", "=B9", None, None, None, "=99+0.41", 23.5))
        path = edited(
            save(made),
            lambda text: (
                text.replace('<c r="B2"><f>B9</f><v></v>', '<c r="B2" t="str"><f>B9</f><v>甲站</v>')
                .replace('<c r="B2"><f>B9</f><v />', '<c r="B2" t="str"><f>B9</f><v>甲站</v>')
                .replace("<f>99+0.41</f><v></v>", "<f>99+0.41</f><v>99.41</v>")
                .replace("<f>99+0.41</f><v />", "<f>99+0.41</f><v>99.41</v>")
            ),
        )
        frame = clean(path)
        assert frame["name"].tolist() == ["甲站"]
        assert frame.geometry.iloc[0].x == 99.41

    def test_a_formula_that_was_never_computed_is_nothing(self, save: Save) -> None:
        fault = only(save(book(HEADER, ("d1", "甲", None, None, None, "=99+0.41", 23.5))))
        assert (fault.row, fault.field, fault.what) == (1, "lon", "not a coordinate")

    def test_text_in_several_fonts_is_one_text(self, save: Save) -> None:
        rich = CellRichText("小黑江", TextBlock(InlineFont(b=True), "检查站"))
        assert clean(save(book(HEADER, ("d1", rich, *ROW[2:]))))["name"].tolist() == ["小黑江检查站"]

    def test_angles_that_the_program_took_for_times_are_angles(self, save: Save) -> None:
        made = book(HEADER, (*ROW[:5], timedelta(hours=99, minutes=24, seconds=36), time(23, 30)))
        shape = clean(save(made)).geometry.iloc[0]
        assert (shape.x, shape.y) == pytest.approx((99.41, 23.5))

    def test_a_flag_is_no_coordinate(self, save: Save) -> None:
        assert only(save(book(HEADER, (*ROW[:5], True, 23.5)))).got == "True"

    def test_blank_rows_are_left_out_and_counted(self, save: Save) -> None:
        made = book((), HEADER, ROW, (), ("d2", "乙", None, None, None, "x", 23.5))
        assert only(save(made)).row == 3


class TestSheets:
    def test_the_only_sheet_with_anything_in_it_is_meant(self, save: Save) -> None:
        made = book()
        made.create_sheet("Sheet2")
        made.create_chartsheet("图")
        hidden = made.create_sheet("选项")
        hidden.append(("rail", "air"))
        hidden.sheet_state = "hidden"
        path = save(made)
        assert clean(path)["site_id"].tolist() == ["d1"]
        assert layers_of(path) == ["站点"]

    def test_one_of_several_sheets_is_named(self, save: Save) -> None:
        made = book()
        made.create_sheet("卡点").append(HEADER)
        made["卡点"].append(("d2", *ROW[1:]))
        path = save(made)
        fault = only(path)
        assert (fault.field, fault.expected) == ("layer", "one of 站点, 卡点")
        assert clean(path, layer="卡点")["site_id"].tolist() == ["d2"]
        assert only(path, layer="站点表").hint == "Did you mean '站点'?"
        assert layers_of(path) == ["站点", "卡点"]
        assert check_file(path, kind="duty_points", crs="EPSG:4326") == []

    @pytest.mark.parametrize("layer", [None, "站点"])
    def test_an_empty_sheet_is_an_empty_file(self, save: Save, layer: str | None) -> None:
        made = openpyxl.Workbook()
        made.active.title = "站点"
        assert only(save(made), layer=layer).what == "the file is empty"


class TestRefused:
    @pytest.mark.parametrize(
        ("body", "what"),
        [
            (b"", "not a spreadsheet"),
            (b"site_id,lon,lat\n", "not a spreadsheet"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not a spreadsheet that can be read"),
            (b"PK\x03\x04" + bytes(100), "the zip cannot be read"),
        ],
    )
    def test_what_is_no_spreadsheet(self, tmp_path: Path, body: bytes, what: str) -> None:
        (tmp_path / "a.xlsx").write_bytes(body)
        assert only(tmp_path / "a.xlsx").what == what

    def test_an_old_spreadsheet_says_what_to_do(self, tmp_path: Path) -> None:
        (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        assert only(tmp_path / "a.xls").hint == "Open it and save it as .xlsx"

    def test_a_cut_off_file(self, save: Save) -> None:
        path = save(book())
        path.write_bytes(path.read_bytes()[:-200])
        assert only(path).what == "the zip cannot be read"

    def test_a_zip_of_something_else(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr("a.txt", "x")
        assert only(tmp_path / "a.xlsx").what == "the spreadsheet cannot be read"

    def test_cells_in_far_corners_are_counted_before_room_is_made(self, save: Save) -> None:
        made = book()
        made.active.cell(1_048_576, 16_384).value = "x"
        path = save(made)
        assert only(path).what == "the table is too large"
        spaced = edited(path, lambda text: re.sub(r'<c r="', '<c  r = "', text))
        assert only(spaced).what == "the table is too large"

    def test_empty_cells_in_far_corners_are_none(self, save: Save) -> None:
        made = book()
        made.active.cell(1_048_576, 16_384).number_format = "0.00"
        assert clean(save(made))["site_id"].tolist() == ["d1"]

    def test_a_part_that_unpacks_to_too_much(self, save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
        path = save(book())
        monkeypatch.setattr(sheet_size, "MAX_UNPACKED", 1000)
        assert only(path).what == "the spreadsheet is too large once unpacked"

    def test_a_part_that_says_it_is_smaller_than_it_is(self, save: Save) -> None:
        path = edited(save(book()), lambda text: text.replace("</sheetData>", "</sheetData>" + " " * 50_000))
        body = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            size = archive.getinfo(SHEET).file_size
        lied = bytes(body).replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))
        assert lied != bytes(body)
        path.write_bytes(lied)
        assert only(path).what in ("a file in the zip cannot be unpacked", "the spreadsheet cannot be read")

    def test_a_document_type_is_refused(self, save: Save) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        path = edited(save(book()), lambda text: bomb + text)
        assert only(path).got == "a document type of its own"

    def test_broken_xml_is_named(self, save: Save) -> None:
        path = edited(save(book()), lambda text: text[:-40])
        assert only(path).what == "the spreadsheet cannot be read"


def _body() -> bytes:
    out = io.BytesIO()
    book().save(out)
    return out.getvalue()


BODY = _body()
WILD = settings(max_examples=80)


def with_cells(folder: Path, inner: str) -> Path:
    """A spreadsheet with this between its rows' brackets."""
    path = folder / "wild.xlsx"
    path.write_bytes(BODY)
    rows = f"<sheetData>{inner}</sheetData>"
    return edited(path, lambda text: re.sub("(?s)<sheetData>.*</sheetData>", lambda _: rows, text))


@given(
    st.lists(st.tuples(st.integers(0, len(BODY) - 1), st.integers(0, 255)), max_size=8), st.integers(0, 400)
)
@WILD
def test_any_damage_is_a_fault_or_harmless(tmp_path: Path, changes: list[tuple[int, int]], cut: int) -> None:
    body = bytearray(BODY)
    for at, value in changes:
        body[at] = value
    path = tmp_path / "wild.xlsx"
    path.write_bytes(bytes(body[: len(body) - cut]))
    loaded = load(path)
    assert loaded.faults or loaded.frame is not None
    assert all("\n" not in str(fault) for fault in loaded.faults)


@given(st.text("<>cvrowis t=\"'/AZ019:", max_size=60))
@WILD
def test_any_sheet_is_a_fault_or_harmless(tmp_path: Path, inner: str) -> None:
    loaded = load(with_cells(tmp_path, inner))
    assert loaded.faults or loaded.frame is not None


@given(
    st.lists(
        st.tuples(st.integers(1, 3000), st.integers(1, 80), st.sampled_from(["", "<is><t>x</t></is>"])),
        max_size=12,
    )
)
@WILD
def test_cells_in_any_order_are_a_fault_or_harmless(
    tmp_path: Path, cells: list[tuple[int, int, str]]
) -> None:
    inner = "".join(
        f'<row r="{row}"><c r="{get_column_letter(column)}{row}" t="inlineStr">{value}</c></row>'
        for row, column, value in cells
    )
    loaded = load(with_cells(tmp_path, inner))
    assert loaded.faults or loaded.frame is not None
