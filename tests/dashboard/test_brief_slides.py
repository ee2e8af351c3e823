"""A brief's slides say what its manuscript says, in shapes that stay editable, on every viewer."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation

from dashboard.briefs.cells import shown
from dashboard.briefs.manuscript import Chart, Column, Manuscript, Part, Pictures, Table
from dashboard.briefs.slides import pptx
from dashboard.briefs.workbook import xlsx
from tests.briefs import manuscript_of

pytestmark = pytest.mark.xdist_group("briefs")  # they share a simulated store

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0L4 3" stroke="#000"/></svg>'
LANGUAGES = ("zh-CN", "en")


def pictures() -> Pictures:
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(stream, "png")
    png = stream.getvalue()
    return Pictures(SVG, png, (400, 300), "A map in words", SVG, png)


def opened(m: Manuscript) -> Any:
    return Presentation(io.BytesIO(pptx(m, pictures())))


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request: pytest.FixtureRequest) -> tuple[Manuscript, Any]:
    m = manuscript_of("lincang", request.param)
    return m, opened(m)


def shapes(deck: Any) -> list[Any]:
    return [shape for slide in deck.slides for shape in slide.shapes]


def bare(m: Manuscript, *parts: Part) -> Manuscript:
    """A manuscript of these parts and nothing else."""
    return replace(m, parts=parts)


def test_one_to_six_slides_of_sixteen_to_nine_each_in_placeholders(told: tuple[Manuscript, Any]) -> None:
    _, deck = told
    assert deck.slide_width * 9 == deck.slide_height * 16
    assert len(deck.slides) == 6
    assert all(shape.is_placeholder for shape in shapes(deck))
    assert all(slide.shapes.title.text_frame.text for slide in deck.slides)
    empty = [
        (shape.name, shape.has_text_frame)
        for shape in shapes(deck)
        if shape.has_text_frame and not shape.text_frame.text
    ]
    assert empty == []


def test_tables_say_what_the_manuscript_says(told: tuple[Manuscript, Any]) -> None:
    m, deck = told
    by_title = {table.title: table for part in m.parts for table in part.tables}
    seen = set()
    for shape in shapes(deck):
        if not shape.has_table:
            continue
        rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
        title = shape._element.xpath(".//p:cNvPr")[0].get("descr")
        table = by_title[title]
        seen.add(table.name)
        assert rows[0] == [column.title for column in table.columns]
        assert rows[1:] == [
            [shown(cell, column.kind, m.zone, m.at) for cell, column in zip(row, table.columns, strict=True)]
            for row in table.rows[: len(rows) - 1]
        ]
    assert {"lines", "counties", "open", "response", "outcomes", "staffing"} <= seen


def test_charts_hold_the_figures_of_the_manuscript(told: tuple[Manuscript, Any]) -> None:
    m, deck = told
    charts = {tuple(chart.series): chart for part in m.parts for chart in part.charts}
    found = set()
    for shape in shapes(deck):
        if not shape.has_chart:
            continue
        plot = shape.chart.plots[0]
        series = tuple((one.name, tuple(one.values)) for one in plot.series)
        chart = charts[series]
        found.add(chart.name)
        assert list(plot.categories) == list(chart.categories)
        assert chart.title in shape.chart.chart_title.text_frame.text
        assert shape.chart.part.chart_workbook.xlsx_part.blob[:2] == b"PK", "its figures can be edited"
    assert {"day", "lines_staff", "response", "slowest"} <= found


def test_the_cover_has_the_summary_and_the_key_numbers(told: tuple[Manuscript, Any]) -> None:
    m, deck = told
    text = "\n".join(shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame)
    assert m.summary in text
    assert m.title in text
    assert m.link in text
    table = m.part("summary").tables[0]
    for row in table.rows:
        assert f"{shown(row[1], 'whole', m.zone)}\n{row[0]}" in text


def test_marks_numbers_and_times_are_on_every_slide(told: tuple[Manuscript, Any]) -> None:
    m, deck = told
    assert m.handling
    assert m.marks
    for n, slide in enumerate(deck.slides):
        kinds = {shape.placeholder_format.type.name: shape for shape in slide.placeholders}
        for mark in (m.handling, *m.marks):
            assert mark in kinds["FOOTER"].text_frame.text, n
        assert kinds["DATE"].text_frame.text == m.figures
        assert kinds["SLIDE_NUMBER"]._element.xpath(".//a:fld")[0].get("type") == "slidenum"
        notes = slide.notes_slide.notes_text_frame.text
        assert m.figures in notes
        assert m.marks[0] in notes


def test_the_map_is_vector_with_pixels_for_old_viewers_and_words_for_the_blind(
    told: tuple[Manuscript, Any],
) -> None:
    _, deck = told
    pics = [shape for shape in shapes(deck) if shape._element.tag.endswith("}pic")]
    assert len(pics) == 2, "the map and the code"
    for shape in pics:
        blip = shape._element.xpath(".//a:blip")[0]
        link = next(
            node.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed")
            for node in blip.iter()
            if node.tag.endswith("}svgBlip")
        )
        assert shape.part.related_part(link).blob == SVG
        assert shape.image.ext == "png"
        assert shape.width * 3 == pytest.approx(shape.height * 4, rel=0.01)
    untold = [
        shape.name
        for shape in shapes(deck)
        if not shape.has_text_frame and not shape._element.xpath(".//p:cNvPr")[0].get("descr")
    ]
    assert untold == []


def test_nothing_reaches_beyond_the_slide(told: tuple[Manuscript, Any]) -> None:
    _, deck = told
    for slide in deck.slides:
        for shape in slide.shapes:
            high = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.left >= 0, shape.name
            assert shape.left + shape.width <= deck.slide_width, shape.name
            assert shape.top + high <= deck.slide_height, shape.name
            if shape.has_table:
                widths = sum(column.width for column in shape.table.columns)
                assert widths == pytest.approx(shape.width, rel=0.01)


def test_the_file_says_who_made_it_and_when_and_nothing_of_the_machine(told: tuple[Manuscript, Any]) -> None:
    m, deck = told
    assert deck.core_properties.title == m.title
    assert deck.core_properties.author == m.made_by
    with zipfile.ZipFile(io.BytesIO(pptx(m, pictures()))) as package:
        assert not [name for name in package.namelist() if "printer" in name]
        assert "image/svg+xml" in package.read("[Content_Types].xml").decode()


def test_a_table_with_more_rows_than_fit_says_how_many_there_are() -> None:
    m = manuscript_of("lincang", "en")
    columns = (Column("severity", "Severity"), Column("place", "Place"), Column("n", "N", "whole"))
    rows = tuple(("critical", f"Checkpoint number {n}", n) for n in range(60))
    deck = opened(bare(m, Part("open", "Alerts", tables=(Table("open", "Open alerts", columns, rows),))))
    slide = deck.slides[-1]
    table = next(shape for shape in slide.shapes if shape.has_table).table
    count = len(table.rows) - 1
    assert 10 < count < 60
    text = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert f"Open alerts (first {count} of 60)" in text


def test_what_is_not_known_is_a_gap_and_a_dash_never_a_zero() -> None:
    m = manuscript_of("lincang", "en")
    chart = Chart("lines_staff", "Staff", "column", ("a", "b"), (("On duty", (None, 4.0)),), "people")
    table = Table("lines", "Lines", (Column("a", "A"), Column("b", "B", "whole")), (("x", None),))
    deck = opened(bare(m, Part("lines", "Lines", tables=(table,), charts=(chart,))))
    slide = deck.slides[-1]
    drawn = next(shape for shape in slide.shapes if shape.has_chart).chart
    assert tuple(drawn.plots[0].series[0].values) == (None, 4.0)
    native = next(shape for shape in slide.shapes if shape.has_table).table
    assert native.cell(1, 1).text == "—"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_brief_of_nothing_is_still_a_deck(lang: str) -> None:
    m = replace(manuscript_of("lincang", lang), parts=(), marks=(), handling="", link="", number="", lines=())
    pics = replace(pictures(), qr_png=b"", qr_svg=b"")
    deck = Presentation(io.BytesIO(pptx(m, pics)))
    assert 1 <= len(deck.slides) <= 2
    assert xlsx(m)[:2] == b"PK"
