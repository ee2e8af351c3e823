"""A brief's workbook holds every figure of its manuscript, as a value of its type."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from dashboard.briefs.book_cells import FORMS
from dashboard.briefs.cells import DASH, unknown
from dashboard.briefs.manuscript import Cell, Column, Manuscript, Part, Table
from dashboard.briefs.workbook import HEAD, named, xlsx
from dashboard.words import say
from tests.briefs import manuscript_of

pytestmark = pytest.mark.xdist_group("briefs")  # they share a simulated store

FIRST = HEAD + 2
"""Row of a table's first values, counted from 1."""


def opened(m: Manuscript) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx(m)))


@pytest.fixture(scope="module", params=("zh-CN", "en"))
def told(request: pytest.FixtureRequest) -> tuple[Manuscript, Any]:
    m = manuscript_of("lincang", request.param)
    return m, opened(m)


def of(*rows: tuple[Cell, ...], kinds: tuple[Any, ...] = ("text",), title: str = "T") -> Manuscript:
    columns = tuple(Column(f"c{n}", f"C{n}", kind) for n, kind in enumerate(kinds))
    m = manuscript_of("lincang", "en")
    return replace(m, parts=(Part("lines", "Lines", tables=(Table("lines", title, columns, rows),)),))


def meant(cell: Cell, kind: str, zone: str) -> object:
    """What a cell of the manuscript is in the workbook."""
    if unknown(cell):
        return DASH
    if kind in ("time", "day"):
        assert isinstance(cell, (int, float))
        when = datetime.fromtimestamp(cell, ZoneInfo(zone)).replace(tzinfo=None)
        return when if kind == "time" else datetime(when.year, when.month, when.day)
    return cell


def test_every_cell_is_the_manuscripts_value_with_its_type(told: tuple[Manuscript, Any]) -> None:
    m, book = told
    cells = 0
    for name, table in named(m):
        sheet = book[name]
        assert [cell.value for cell in sheet[HEAD + 1]] == [column.title for column in table.columns]
        for at, row in enumerate(table.rows, start=FIRST):
            for n, (cell, column) in enumerate(zip(row, table.columns, strict=True), start=1):
                found = sheet.cell(at, n)
                wanted = meant(cell, column.kind, m.zone)
                # The file has 16 digits of a number.
                assert found.value == (pytest.approx(wanted, 1e-14) if isinstance(wanted, float) else wanted)
                if not unknown(cell) and column.kind != "text" and not isinstance(cell, str):
                    assert found.number_format == FORMS[column.kind]
                    assert found.data_type in ("n", "d")
                cells += 1
    assert cells > 10_000, "all sites of the prefecture"


def test_heads_stay_in_sight_and_come_again_on_paper(told: tuple[Manuscript, Any]) -> None:
    m, book = told
    for name, table in named(m):
        sheet = book[name]
        assert sheet.freeze_panes == f"B{FIRST}"
        assert sheet.print_title_rows == f"${HEAD + 1}:${HEAD + 1}"
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "landscape"
        if table.rows:
            last = openpyxl.utils.get_column_letter(len(table.columns))
            assert sheet.auto_filter.ref == f"A{HEAD + 1}:{last}{HEAD + 1 + len(table.rows)}"


def test_marks_and_times_are_on_every_sheet_and_every_page(told: tuple[Manuscript, Any]) -> None:
    m, book = told
    for sheet in book.worksheets:
        printed = sheet.oddHeader.right.text
        for mark in (m.handling, *m.marks):
            assert mark in printed
        assert sheet.oddFooter.left.text == m.figures
    for name, _ in named(m):
        # A cell of several faces is read as its whole text.
        assert m.marks[0] in str(book[name]["A2"].value)
        assert m.figures in str(book[name]["A2"].value)


def test_the_first_sheet_says_what_it_is_and_where_everything_is(told: tuple[Manuscript, Any]) -> None:
    m, book = told
    cover = book.worksheets[0]
    texts = [cell.value for row in cover.iter_rows() for cell in row if cell.value is not None]
    assert texts[0] == m.title
    for one in (m.summary, m.number, m.figures, m.source, m.link, m.zone, *m.lines, "　".join(m.marks)):
        assert one in texts
    for part in m.parts:
        assert [text for text in part.paragraphs if text not in texts] == []
    links = {cell.value: cell.hyperlink for row in cover.iter_rows() for cell in row if cell.hyperlink}
    assert list(links) == [name for name, _ in named(m)]
    assert all(link.location and not link.target for link in links.values()), "nothing beyond the file"
    when = datetime.fromtimestamp(m.at, ZoneInfo(m.zone)).replace(tzinfo=None)
    assert when in texts


def test_definitions_explain_every_term_and_every_column(told: tuple[Manuscript, Any]) -> None:
    m, book = told
    rows = {tuple(cell.value for cell in row) for row in book[say(m.lang, "book_definitions")].iter_rows()}
    for term, meaning in m.definitions:
        assert (term, meaning, None, None) in rows
    for name, table in named(m):
        for column in table.columns:
            kind = say(m.lang, f"book_kind_{column.kind}")
            assert (name, column.title, f"{table.name}.{column.name}", kind) in rows


def test_charts_are_drawn_from_figures_beside_them(told: tuple[Manuscript, Any]) -> None:
    m, book = told
    sheet = book[say(m.lang, "book_charts")]
    charts = [chart for part in m.parts for chart in part.charts]
    assert len(sheet._charts) == len(charts)
    column = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    for chart in charts:
        top = next(n for n, text in enumerate(column) if text and str(text).startswith(chart.title))
        for n, (name, values) in enumerate(chart.series, start=2):
            assert sheet.cell(top + 3, n).value == name
            found = [sheet.cell(top + 4 + at, n).value for at in range(len(values))]
            assert found == [value and pytest.approx(value) for value in values], "a gap is drawn as none"
            assert column[top + 3 : top + 3 + len(values)] == list(chart.categories)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|calc", "https://x.example", "12"])
def test_words_stay_words_whatever_they_begin_with(text: str) -> None:
    sheet = opened(of((text,), ('=HYPERLINK("http://x","y")',)))["T"]
    cell = sheet.cell(FIRST, 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert bool(cell.quotePrefix) == (text[0] in "=+-@\t|")
    assert sheet.cell(FIRST + 1, 1).data_type == "s"


def test_what_is_not_known_is_a_dash_in_every_kind_of_column() -> None:
    kinds = ("text", "whole", "decimal", "share", "time", "day")
    sheet = opened(of((None,) * 6, ("", float("nan"), float("inf"), None, None, None), kinds=kinds))["T"]
    for row in (FIRST, FIRST + 1):
        assert [sheet.cell(row, n).value for n in range(1, 7)] == [DASH] * 6


def test_moments_are_the_zones_own_whatever_the_machines() -> None:
    m = replace(of((1_793_000_000, 1_793_000_000), kinds=("time", "day")), zone="America/New_York")
    sheet = opened(m)["T"]
    local = datetime.fromtimestamp(1_793_000_000, ZoneInfo("America/New_York")).replace(tzinfo=None)
    assert sheet.cell(FIRST, 1).value == local
    assert sheet.cell(FIRST, 2).value == datetime(local.year, local.month, local.day)


def test_names_of_sheets_are_what_a_spreadsheet_allows_and_none_comes_twice() -> None:
    long = "各县（市、区）/[全部]:站点*运行?情况" * 3
    table = Table("t", long, (Column("c", "C"),), (("x",),))
    tables = (table, table, replace(table, title="History"), replace(table, title="'About'"))
    m = replace(manuscript_of("lincang", "en"), parts=(Part("lines", "Lines", tables=tables),))
    names = [name for name, _ in named(m)]
    assert len({name.casefold() for name in names}) == 4
    assert opened(m).sheetnames[1:5] == names
    assert "History" not in names


def test_a_text_longer_than_a_cell_holds_is_cut_and_says_so() -> None:
    value = opened(of(("长" * 40_000,)))["T"].cell(FIRST, 1).value
    assert value.endswith("长…")
    assert len(value) <= 32_767
