"""A bureau's own template is filled with the same brief, and cannot leave out what the figures are."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from pptx import Presentation
from pptx.util import Inches, Pt

from dashboard.briefs.cells import DASH
from dashboard.briefs.document import docx
from dashboard.briefs.manuscript import Manuscript
from dashboard.briefs.measure import lines as lines_of
from dashboard.briefs.outline import row
from dashboard.briefs.slides import pptx
from dashboard.guide.pages import body
from dashboard.words import say
from data.profile_template_file import stories
from data.profile_template_names import BLOCKS, MEMBERS, PARTS, TEXTS
from data.profile_template_words import check_words
from layers.faults import FaultsError
from tests.dashboard.made_brief import HARD, made, pictures
from tests.data.templates import document, slides
from tools import brief_template

LANGUAGES = ("zh-CN", "en")
TIMES = "数据截至2026年11月23日8时30分；统计时段2026年11月22日7时59分至2026年11月23日8时30分"


def filled(template: bytes, m: Manuscript) -> Any:
    return Document(io.BytesIO(docx(m, pictures(), template)))


def shown(template: bytes, m: Manuscript) -> Any:
    return Presentation(io.BytesIO(pptx(m, pictures(), template)))


def cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in table.rows]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_tables_and_the_map_stand_where_the_template_has_them(lang: str) -> None:
    m = made(lang, sites=12)
    doc = filled(
        document("{{ title }}", "{{p 态势图 }}", "之间", "{{ lines.table }}", "{{ 综述 }}", "{{ qr }}"), m
    )
    texts = [one.text for one in doc.paragraphs]
    assert texts[0] == m.title
    assert m.summary in texts
    lines = m.part("lines").tables[0]
    head = [column.title for column in lines.columns]
    assert cells(doc.tables[0]) == [head, *(list(row(m, lines, values)) for values in lines.rows)]
    order = [one.tag.rpartition("}")[2] for one in doc.element.body]
    assert texts.index("之间") > next(n for n, one in enumerate(doc.paragraphs) if one._p.xpath(".//pic:pic"))
    assert order.count("tbl") == 1
    told = doc.element.body.xpath(".//wp:docPr")[0].get("descr")
    assert told == pictures().alternative
    assert not any("\ue000" in one.text or "{{" in one.text for one in doc.paragraphs)


def test_every_part_may_be_put_in_at_once_and_rows_one_by_one() -> None:
    m = made(sites=12)
    loop = ["{%tr for r in slowest.rows %}", "{{ r.site }} {{ r.wait }} {{ r.queue_m }}", "{%tr endfor %}"]
    template = Document(io.BytesIO(document("{{ parts }}")))
    table = template.add_table(rows=3, cols=1)
    for line, text in zip(table.rows, loop, strict=True):
        line.cells[0].text = text
    stream = io.BytesIO()
    template.save(stream)
    doc = filled(stream.getvalue(), m)
    heads = [part.title for part in m.parts if part.name not in ("summary", "sites")]
    heads += [m.part("sites").title, say("zh-CN", "paper_definitions")]
    assert [one.text for one in doc.paragraphs if one.style.name == "Heading 1"] == heads
    rows = [line.cells[0].text for line in doc.tables[-1].rows]
    assert rows == [f"站点{n} {60 - n} {DASH}" for n in range(10)]
    assert HARD in [one.text for one in doc.paragraphs]


@pytest.mark.parametrize("named", [True, False])
def test_marks_are_on_every_page_and_times_below_whatever_the_template_says(named: bool) -> None:
    m = made(sites=3)
    header = "{{ 密级标识 }}　{{ 标记 }}" if named else "某局"
    doc = filled(document("{{ title }}", *(["{{ head }}"] if named else []), header=header), m)
    said = [one.text for one in doc.sections[0].header.paragraphs]
    assert said == ([f"{m.handling}　模拟数据 · 补发"] if named else ["模拟数据 · 补发", "某局"])
    told = "\n".join(one.text for one in doc.paragraphs)
    assert (m.figures in told) == (not named)
    assert (m.lines[0] in told) == named


def test_a_slides_shape_becomes_the_table_the_chart_or_the_map() -> None:
    m = replace(made(sites=3), figures=TIMES)
    deck = slides(
        "{{ title }}：{{ 文号 }}",
        "{{ map }}",
        "{{ lines.table }}",
        "{{ 防线.图表 }}",
        "{{ gaps }}",
        "{{ qr }}",
    )
    told = shown(deck, m)
    pages = [list(slide.shapes) for slide in told.slides]
    assert pages[0][0].text_frame.text == f"{m.title}：{m.number}"
    assert pages[1][0]._element.xpath(".//p:cNvPr")[0].get("descr") == pictures().alternative
    lines = m.part("lines").tables[0]
    assert cells(pages[2][0].table)[1:] == [list(row(m, lines, values)) for values in lines.rows]
    chart = m.part("lines").charts[0]
    assert [series.values for series in pages[3][0].chart.plots[0].series] == [
        values for _, values in chart.series
    ]
    assert pages[4][0].text_frame.text == "无。"
    box = Inches(1), Inches(1)
    assert all((page[0].left, page[0].top) >= box for page in pages)
    for slide in told.slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert "模拟数据 · 补发" in texts
        shapes: list[Any] = [one for one in slide.shapes if one.has_text_frame]
        [low] = [one for one in shapes if one.text_frame.text == m.figures]
        # In one line: it stands at the foot of the page.
        frame = low.text_frame
        room = low.width - frame.margin_left - frame.margin_right
        assert lines_of(m.figures, room, Pt(9)) == 1
        assert low.left + low.width <= (told.slide_width or 0)
        assert m.figures in slide.notes_slide.notes_text_frame.text


def test_a_run_keeps_its_look_and_lines_are_broken() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    paragraph = slide.shapes.add_textbox(0, 0, Inches(5), Inches(2)).text_frame.paragraphs[0]
    for text, bold in (("截至：", False), ("{{ he", True), ("ad }}", False)):
        run = paragraph.add_run()
        run.text, run.font.bold = text, bold
    stream = io.BytesIO()
    deck.save(stream)
    m = made(sites=1)
    shape = shown(stream.getvalue(), m).slides[0].shapes[0]
    assert shape.text_frame.text == "截至：" + "\v".join(m.lines)
    assert [run.font.bold for run in shape.text_frame.paragraphs[0].runs] == [True] * len(m.lines)


def test_what_was_not_found_at_check_time_stops_the_file_with_words() -> None:
    m = made(sites=1)
    for said, why in (("{{ nothing }}", "nothing"), ("{{ title | round }}", "__round__")):
        for form, template in ((docx, document(said)), (pptx, slides(said))):
            with pytest.raises(FaultsError, match=rf"the template cannot be filled .*{why}"):
                form(m, pictures(), template)


@pytest.mark.parametrize("form", ["docx", "pptx"])
def test_the_examples_to_begin_with_are_right_and_filled(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"example.{form}"
    {"docx": brief_template.document, "pptx": brief_template.deck}[form](path)
    assert [
        fault for story in stories(path, form, path.name) for fault in check_words(story, path.name)
    ] == []
    m = made(sites=3)
    if form == "docx":
        doc = filled(path.read_bytes(), m)
        texts = [one.text for one in doc.paragraphs]
        assert m.summary in texts
        assert "{" not in "".join(texts)
        assert doc.sections[0].header.paragraphs[0].text == f"{m.handling}　{' · '.join(m.marks)}"
    else:
        pages = [list(slide.shapes) for slide in shown(path.read_bytes(), m).slides]
        assert [sum(one.has_chart + one.has_table for one in page) for page in pages] == [0, 0, 2]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_page_names_everything_that_a_template_may(lang: str) -> None:
    text = body("exports", lang)
    for table in (TEXTS, PARTS, BLOCKS, MEMBERS):
        for english, chinese in table.items():
            assert (chinese if lang == "zh-CN" else english) in text


def test_blocks_are_as_wide_as_the_templates_own_page() -> None:
    template = Document(io.BytesIO(document("{{ lines.table }}", "{{ map }}")))
    template.sections[0].left_margin = template.sections[0].right_margin = Mm(60)
    stream = io.BytesIO()
    template.save(stream)
    doc = filled(stream.getvalue(), made(sites=1))
    room = (template.sections[0].page_width or 0) - Mm(120)
    assert sum(column.width for column in doc.tables[0].columns) == pytest.approx(room, rel=0.01)
    assert doc.element.body.xpath(".//wp:extent")[0].cx <= room
