"""A brief as a document: every figure reads back, and the layout is that of official documents."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
from datetime import UTC
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from openpyxl import load_workbook

from dashboard.briefs.cells import shown
from dashboard.briefs.document import docx
from dashboard.briefs.manuscript import Manuscript
from tests.dashboard.made_brief import AT, HARD, LINK, MAP, made, pictures

LANGS = ("zh-CN", "en")
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module", params=LANGS)
def brief(request: pytest.FixtureRequest) -> tuple[Manuscript, bytes]:
    m = made(request.param)
    return m, docx(m, pictures())


def read(brief: tuple[Manuscript, bytes]) -> Doc:
    return Document(io.BytesIO(brief[1]))


def headings(doc: Doc, level: int) -> list[str]:
    return [
        one.text for one in doc.paragraphs if one.style is not None and one.style.name == f"Heading {level}"
    ]


def test_every_cell_reads_back_from_a_real_table(brief: tuple[Manuscript, bytes]) -> None:
    m = brief[0]
    expected = [
        [
            [column.title for column in table.columns],
            *([shown(cell, column.kind, m.zone, AT) for cell, column in zip(row, table.columns, strict=True)]
              for row in table.rows),
        ]
        for part in m.parts
        for table in part.tables
        if table.rows
    ]  # fmt: skip
    found = []
    for table in read(brief).tables:
        grid = [[cell.text for cell in row.cells] for row in table.rows]
        # A head may be broken before its unit.
        found.append([[head.replace("\n", "") for head in grid[0]], *grid[1:]])
    for rows in expected:
        rows[0] = [head.replace(" (", "(") for head in rows[0]]
    for rows in found:
        rows[0] = [head.replace(" (", "(") for head in rows[0]]
    assert found[:-1] == expected
    assert found[-1][1:] == [list(pair) for pair in m.definitions]


def test_a_head_comes_again_on_every_page_and_a_row_stays_whole(brief: tuple[Manuscript, bytes]) -> None:
    for table in read(brief).tables:
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in others)
        assert table.style is not None
        assert table.style.name == "Brief Table"
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_a_long_table_begins_where_there_is_room_for_two_rows_and_ends_with_two(
    brief: tuple[Manuscript, bytes],
) -> None:
    long = [table for table in read(brief).tables if len(table.rows) > 8]
    assert long
    for table in long:
        tied = [bool(row.xpath(".//w:keepNext")) for row in table._tbl.tr_lst]
        assert tied[:3] == [True, True, False]
        assert tied[-3:-1] == [False, True]


def test_the_layout_is_that_of_official_documents(brief: tuple[Manuscript, bytes]) -> None:
    doc = read(brief)
    body, sites, definitions = doc.sections
    for section in (body, definitions):
        assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
        sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert sites.orientation == WD_ORIENT.LANDSCAPE
    fonts = {
        name: doc.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Normal", "Heading 1", "Heading 2")
    }
    assert list(fonts.values()) == ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"]
    with ZipFile(io.BytesIO(brief[1])) as package:
        table = package.read("word/fontTable.xml").decode()
    for name in fonts.values():
        others = re.search(rf'w:name="{name}"><w:altName w:val="([^"]+)"', table)
        assert others is not None
        assert "Noto" in others.group(1)


def test_headings_are_real_and_number_themselves(brief: tuple[Manuscript, bytes]) -> None:
    m, doc = brief[0], read(brief)
    body = [part.title for part in m.parts if not part.appendix and part.name != "summary"]
    assert headings(doc, 1)[: len(body)] == body
    annex = {"zh-CN": "附件", "en": "Annex "}[m.lang]
    for n, heading in enumerate(headings(doc, 1)[len(body) :], start=1):
        assert heading.startswith(f"{annex}{n}")
    assert headings(doc, 2) == [table.title for table in m.part("open").tables]
    for level in (1, 2):
        numbers = doc.styles[f"Heading {level}"].element.pPr.numPr
        listed = doc.part.numbering_part.element
        used = listed.find(f"{qn('w:num')}[@{qn('w:numId')}='{numbers.numId.val}']")
        abstract = used.find(qn("w:abstractNumId")).get(qn("w:val"))
        levels = listed.find(f"{qn('w:abstractNum')}[@{qn('w:abstractNumId')}='{abstract}']")
        text = levels.findall(qn("w:lvl"))[level - 1].find(qn("w:lvlText")).get(qn("w:val"))
        assert text == {"zh-CN": ("%1、", "（%2）"), "en": ("%1.", "%1.%2")}[m.lang][level - 1]


def test_marks_and_the_page_number_are_on_every_page(brief: tuple[Manuscript, bytes]) -> None:
    m, doc = brief[0], read(brief)
    assert doc.settings.odd_and_even_pages_header_footer
    for section in doc.sections:
        assert not section.different_first_page_header_footer
        for over in (section.header, section.even_page_header):
            text = over.paragraphs[0].text
            assert all(mark in text for mark in (m.handling, *m.marks))
        for below in (section.footer, section.even_page_footer):
            assert [one.text for one in below._element.iter(qn("w:instrText"))] == ["PAGE"]


def test_pictures_are_vector_with_pixels_beside_them_and_words_for_all(
    brief: tuple[Manuscript, bytes],
) -> None:
    m, doc = brief[0], read(brief)
    inlines = list(doc.element.body.iter(qn("wp:inline")))
    told = [inline.find(qn("wp:docPr")).get("descr") for inline in inlines]
    charts = [chart for part in m.parts for chart in part.charts]
    assert len(told) == len(charts) + 2
    assert all(told)
    assert len({inline.find(qn("wp:docPr")).get("id") for inline in inlines}) == len(inlines)
    vectors = []
    for blip in doc.element.body.iter(f"{DRAWING}blip"):
        assert doc.part.related_parts[blip.get(qn("r:embed"))].content_type == "image/png"
        (use,) = blip.iter("{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip")
        vectors.append(doc.part.related_parts[use.get(qn("r:embed"))])
    assert [part.content_type for part in vectors] == ["image/svg+xml"] * 2
    assert vectors[0].blob == MAP.encode()


def test_charts_are_words_own_with_their_numbers_in_a_workbook(brief: tuple[Manuscript, bytes]) -> None:
    m, doc = brief[0], read(brief)
    charts = [chart for part in m.parts for chart in part.charts]
    uses = [one.get(qn("r:id")) for one in doc.element.body.iter(f"{CHART}chart")]
    for chart, use in zip(charts, uses, strict=True):
        part: Any = doc.part.related_parts[use]
        space = ElementTree.fromstring(part.blob)
        for (name, values), drawn in zip(chart.series, space.iter(f"{CHART}ser"), strict=True):
            assert drawn.findtext(f"{CHART}tx//{CHART}v") == name
            points = {
                int(pt.get("idx")): float(pt[0].text) for pt in drawn.iterfind(f"{CHART}val//{CHART}pt")
            }
            assert points == {n: value for n, value in enumerate(values) if value is not None}
        (book,) = (relation.target_part.blob for relation in part.rels.values())
        rows = list(load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
        assert rows[0][1:] == tuple(name for name, _ in chart.series)
        assert [row[0] for row in rows[1:]] == list(chart.categories)
        assert [row[1:] for row in rows[1:]] == list(
            zip(*(values for _, values in chart.series), strict=True)
        )


def test_the_summary_is_said_once_and_the_link_is_there_as_text(brief: tuple[Manuscript, bytes]) -> None:
    m, doc = brief[0], read(brief)
    words = [one.text for one in doc.paragraphs]
    assert words.count(m.summary) == 1
    assert words.index(m.summary) < words.index(m.part("map").title)
    assert LINK in [text.strip() for text in words]
    assert HARD in words
    for text in (m.title, m.number, m.source, m.figures, *m.lines):
        assert text in words


def test_what_the_file_says_of_itself(brief: tuple[Manuscript, bytes]) -> None:
    m, doc = brief[0], read(brief)
    core = doc.core_properties
    assert (core.title, core.author, core.language) == (m.title, "zk-duty", m.lang)
    assert core.created is not None
    assert core.created.replace(tzinfo=UTC).timestamp() == m.made_at
    speech = doc.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert speech.get(qn("w:eastAsia")) == "zh-CN"
    # Digits set as Chinese would be broken over two lines.
    assert speech.get(qn("w:val")) == {"zh-CN": "en-US", "en": "en-GB"}[m.lang]
    with ZipFile(io.BytesIO(brief[1])) as package:
        assert not [name for name in package.namelist() if "thumbnail" in name]
        everything = b"".join(package.read(name) for name in package.namelist() if name.endswith(".rels"))
    assert b"External" not in everything


def test_what_no_xml_may_hold_is_left_out_and_an_empty_brief_is_a_document() -> None:
    m = made(sites=1)
    bare = dataclasses.replace(
        m,
        title="值班\x00\x0b简报\ud800",
        parts=(),
        definitions=(),
        marks=(),
        handling="",
        number="",
        link=LINK * 9,
    )
    doc = Document(io.BytesIO(docx(bare, pictures())))
    assert doc.paragraphs[0].text == "值班简报"
    assert doc.tables == []
    assert len(doc.sections) == 1


def test_captions_count_on(brief: tuple[Manuscript, bytes]) -> None:
    doc = read(brief)
    counted: dict[str, list[int]] = {}
    for line in doc.paragraphs:
        if line.style is None or line.style.name != "Caption":
            continue
        (code,) = line._p.iter(qn("w:instrText"))
        kind = str(code.text).split()[1]
        found = re.search(r"\d+", line.text)
        assert found is not None
        counted.setdefault(kind, []).append(int(found.group()))
    assert counted.keys() == {"table", "figure"}
    for numbers in counted.values():
        assert numbers == list(itertools.islice(itertools.count(1), len(numbers)))
