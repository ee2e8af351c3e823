"""A brief in every format opens in LibreOffice, is saved again without loss, and no page of it is blank."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

import openpyxl
import pytest
from docx import Document
from pptx import Presentation

from dashboard.briefs import outline
from dashboard.briefs.document import docx
from dashboard.briefs.manuscript import Manuscript, Part
from dashboard.briefs.pictures import pictures
from dashboard.briefs.slides import pptx
from dashboard.briefs.workbook import xlsx
from tests.briefs import SAMPLES, brief_of, manuscript_of
from tests.office import Office, blank_pages, open_office, page_texts, squeezed

pytestmark = pytest.mark.xdist_group("briefs")

SPOKEN = {name: ("zh-CN", "en")[n % 2] for n, name in enumerate(SAMPLES)}
"""Each profile in one of its languages; the layouts are the same, and LibreOffice takes its time."""
ANNEX = 12
"""Rows of the annex that are kept: a thousand are no other test."""
FORMS = ("docx", "pptx", "xlsx")


@dataclass(frozen=True)
class Opened:
    """What was written, what LibreOffice made of it, and its pages."""

    told: dict[str, Manuscript]
    written: dict[str, bytes]
    saved: dict[str, bytes]
    pages: dict[str, bytes]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def opened(office: Office) -> Opened:
    told, written = {}, {}
    for name, lang in SPOKEN.items():
        m = told[name] = _short(manuscript_of(name, lang))
        drawn = pictures(brief_of(name), lang)
        for form, data in (("docx", docx(m, drawn)), ("pptx", pptx(m, drawn)), ("xlsx", xlsx(m))):
            written[f"{name}.{form}"] = data
    paged = {name: data for name, data in written.items() if not name.endswith(".xlsx")}
    return Opened(told, written, office.saved_again(written), office.pages(paged))


def _short(m: Manuscript) -> Manuscript:
    def cut(part: Part) -> Part:
        return replace(part, tables=tuple(replace(one, rows=one.rows[:ANNEX]) for one in part.tables))

    return replace(m, parts=tuple(cut(part) if part.appendix else part for part in m.parts))


def document(data: bytes) -> dict[str, Any]:
    doc = Document(io.BytesIO(data))
    body = doc.element.body
    return {
        "headings": [
            (one.style.name, one.text) for one in doc.paragraphs if one.style.name.startswith("Heading")
        ],
        "texts": [one.text for one in doc.paragraphs if one.text],
        "tables": [[[cell.text for cell in row.cells] for row in table.rows] for table in doc.tables],
        "heads that come again": len(body.xpath(".//w:tblHeader")),
        "charts": len(body.xpath(".//*[local-name()='chart']")),
        "pictures": [
            one.get("descr") for one in body.xpath(".//wp:docPr[following-sibling::a:graphic//pic:pic]")
        ],
        "headers": [[line.text for line in section.header.paragraphs] for section in doc.sections],
        "pages": [(round(section.page_width.mm), round(section.left_margin.mm)) for section in doc.sections],
    }


def slides(data: bytes) -> list[dict[str, Any]]:
    return [
        {
            # A page's number is a field: what it says is not kept with it.
            "texts": sorted(
                shape.text_frame.text
                for shape in slide.shapes
                if shape.has_text_frame and not shape.element.xpath(".//a:fld")
            ),
            "tables": [
                [[cell.text for cell in row.cells] for row in shape.table.rows]
                for shape in slide.shapes
                if shape.has_table
            ],
            "charts": [
                [(series.name, [None if v is None else round(v, 6) for v in series.values]) for series in
                 shape.chart.plots[0].series]
                for shape in slide.shapes
                if shape.has_chart
            ],
            "notes": slide.notes_slide.notes_text_frame.text,
            "pictures": len(slide.element.xpath(".//p:pic")),
        }
        for slide in Presentation(io.BytesIO(data)).slides
    ]  # fmt: skip


def sheets(data: bytes) -> dict[str, Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: {
            "cells": [[_cell(cell) for cell in row] for row in sheet.iter_rows()],
            # Where it is frozen belongs to a window, which there is none of: the head on every page tells it.
            "head": sheet.print_title_rows,
            "filter": sheet.auto_filter.ref,
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
        }
        for sheet in book.worksheets
    }


def _cell(cell: Any) -> Any:
    """LibreOffice writes an empty text where there was nothing."""
    return round(cell.value, 9) if isinstance(cell.value, float) else None if cell.value == "" else cell.value


@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_is_saved_again_without_loss(opened: Opened, name: str) -> None:
    ours, theirs = document(opened.written[f"{name}.docx"]), document(opened.saved[f"{name}.docx"])
    assert ours["charts"] > 2
    assert ours["pictures"][0]
    for what, value in ours.items():
        assert theirs[what] == value, what
    m = opened.told[name]
    tables = [table for part in (*outline.lead(m), *outline.annexes(m)) for table in outline.tables(part)]
    told = [[list(outline.row(m, table, row)) for row in table.rows] for table in tables if table.rows]
    assert [table[-len(rows) :] for table, rows in zip(theirs["tables"], told, strict=True)] == told


@pytest.mark.parametrize("name", SAMPLES)
def test_slides_are_saved_again_without_loss(opened: Opened, name: str) -> None:
    ours, theirs = slides(opened.written[f"{name}.pptx"]), slides(opened.saved[f"{name}.pptx"])
    assert 1 <= len(ours) <= 6
    assert sum(len(slide["charts"]) for slide in ours) >= 2
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
        for what, value in one.items():
            assert other[what] == value, (number, what)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_workbook_is_saved_again_without_loss(opened: Opened, name: str) -> None:
    ours, theirs = sheets(opened.written[f"{name}.xlsx"]), sheets(opened.saved[f"{name}.xlsx"])
    assert list(theirs) == list(ours)
    for title, sheet in ours.items():
        for what, value in sheet.items():
            assert theirs[title][what] == value, (title, what)


@pytest.mark.parametrize("form", ["docx", "pptx"])
@pytest.mark.parametrize("name", SAMPLES)
def test_pages_say_something_and_bear_their_marks(opened: Opened, name: str, form: str) -> None:
    pdf, m = opened.pages[f"{name}.{form}"], opened.told[name]
    texts = [squeezed(text) for text in page_texts(pdf)]
    assert blank_pages(pdf) == []
    assert 4 <= len(texts) <= (40 if form == "docx" else 6)
    for mark in filter(None, (m.handling, *m.marks)):
        assert [n for n, text in enumerate(texts, 1) if squeezed(mark) not in text] == []
    whole = "".join(texts)
    parts = [part for part in m.parts if form == "docx" or part.name in ("map", "lines", "slowest")]
    assert [part.title for part in parts if squeezed(part.title) not in whole] == []
    assert "\ufffd" not in whole
