"""A brief as a document for Word and WPS, laid out as an official Chinese document (GB/T 9704).

Everything stays what it is there: headings that number themselves, tables with a head on every page, charts
with their numbers, pictures with words for whoever cannot see them.
"""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from dashboard import official
from dashboard.briefs import outline
from dashboard.briefs.document_pictures import add_chart, add_picture
from dashboard.briefs.fitting import fit, heads
from dashboard.briefs.manuscript import Chart, Manuscript, Part, Pictures, Table
from dashboard.briefs.outline import LEAST_PT, SIZES, SMALL_PT, TABLE_PT
from dashboard.official import BLACK, BODY, KAI, LATIN_BLACK, RED, SONG
from dashboard.official_table import BRIEF, Sheet, add_style, add_table
from dashboard.theme import LIGHT
from dashboard.words import say

TITLE_PT, HEAD_PT, BODY_PT, BODY_LINE = 26, 16, 16, 28
"""Chinese: letters of the title, of headings and of the text, and the height of its lines: 二号, 三号."""
ENGLISH_PT, ENGLISH_LINE = 12, 18
CELLS = {TABLE_PT: "Brief Cell", SMALL_PT: "Brief Small Cell", LEAST_PT: "Brief Least Cell"}
"""Styles of the words in tables, by the size of their letters."""
PAGE_PT = 14
"""The page's number: 四号."""


def docx(m: Manuscript, pictures: Pictures, template: bytes | None = None) -> bytes:
    """The file; in a bureau's own layout where a template is given."""
    if template is not None:
        from dashboard.briefs.template import fill_document  # noqa: PLC0415

        return fill_document(template, m, pictures)
    doc: Doc = Document()
    official.page(doc.sections[0])
    add_styles(doc, m.lang)
    every_page(doc.sections[0], m)
    doc.settings.odd_and_even_pages_header_footer = True
    _head(doc, m)
    writer = Writer(doc, m, pictures)
    for part in outline.lead(m):
        writer.part(part)
    writer.proof()
    for n, part in enumerate(outline.annexes(m), start=1):
        writer.annex(n, part)
    return finished(doc, m)


def finished(doc: Doc, m: Manuscript) -> bytes:
    """The file, with what it says of itself."""
    official.named(
        doc,
        title=m.title,
        subject=m.scope,
        author=m.made_by or m.title,
        lang=m.lang,
        at=m.made_at,
        key=m.link,
    )
    stream = io.BytesIO()
    doc.save(stream)
    return official.steady(stream.getvalue())


def add_styles(doc: Doc, lang: str) -> None:
    """Every style that a brief is set in; sizes of official documents in Chinese, smaller ones in English."""
    chinese = lang.startswith("zh")
    size, line = (BODY_PT, BODY_LINE) if chinese else (ENGLISH_PT, ENGLISH_LINE)
    head = HEAD_PT if chinese else ENGLISH_PT + 2
    make = official.style
    make(doc, "Normal", BODY, size, line=line)
    make(
        doc, "Body Text", BODY, size, line=line, after=0 if chinese else 6, indent=2 * size if chinese else 0
    )
    make(doc, "Title", SONG, TITLE_PT, line=TITLE_PT * 1.4, centred=True, colour=RED)
    make(doc, "Subtitle", BODY, size, line=line, centred=True)
    first = make(
        doc, "Heading 1", BLACK, head, latin=LATIN_BLACK, bold=not chinese, before=8, after=2, line=line
    )
    second = make(
        doc, "Heading 2", KAI, head if chinese else ENGLISH_PT, bold=not chinese, before=4, after=2, line=line
    )
    if chinese:
        for one in (first, second):
            one.paragraph_format.first_line_indent = Pt(2 * size)
    caption = make(doc, "Caption", BLACK, TABLE_PT, latin=LATIN_BLACK, before=6, after=4, centred=True)
    caption.paragraph_format.keep_with_next = True
    make(doc, "Brief Head", KAI, TABLE_PT, base="Normal", line=16)
    make(doc, "Brief Note", KAI, SMALL_PT, base="Normal", before=2, after=6, line=13)
    make(
        doc, "Brief Picture", BODY, TABLE_PT, base="Normal", before=4, centred=True
    ).paragraph_format.line_spacing = 1.0
    for letters, name in CELLS.items():
        make(doc, name, BODY, letters, base="Normal", line=letters + 4)
    for name, font, letters in (("Header", BLACK, TABLE_PT), ("Footer", BODY, PAGE_PT)):
        make(doc, name, font, letters)
    add_style(doc)
    official.numbered(doc, lang)
    official.speech(doc, lang)
    official.fallbacks(doc)
    official.modern(doc)


def every_page(section: Section, m: Manuscript) -> None:
    """Handling mark at the left, other marks at the right; the page's number at the outer side."""
    width = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
    for n, (over, below) in enumerate(
        ((section.header, section.footer), (section.even_page_header, section.even_page_footer))
    ):
        over.is_linked_to_previous = below.is_linked_to_previous = False
        line = over.paragraphs[0]
        line.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(official.clean(m.handling)).font.size = Pt(PAGE_PT)
        if m.marks:
            run = line.add_run("\t" + official.clean(" · ".join(m.marks)))
            run.font.bold, run.font.color.rgb = True, RGBColor.from_string(LIGHT["simulated"][1:].upper())
        foot = below.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.LEFT if n else WD_ALIGN_PARAGRAPH.RIGHT
        for name in ("left_indent", "right_indent"):
            setattr(foot.paragraph_format, name, Pt(PAGE_PT))
        official.page_number(foot, say(m.lang, "paper_page", page="\0"), PAGE_PT)


def _head(doc: Doc, m: Manuscript) -> None:
    """The head of the first page: title, number, scope and day over a red rule, times, the summary."""
    doc.add_paragraph(official.clean(m.title), style="Title")
    if m.number:
        doc.add_paragraph(official.clean(m.number), style="Subtitle")
    line = doc.add_paragraph(style="Normal")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(official.TEXT_MM), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(official.clean(f"{m.scope}\t{m.date}"))
    line.paragraph_format.space_after = Pt(8)
    _rule(line, "bottom", str(RED), 18)
    for text in m.lines:
        doc.add_paragraph(official.clean(text), style="Brief Head")
    doc.add_paragraph(official.clean(m.summary), style="Body Text").paragraph_format.space_before = Pt(8)


def _rule(paragraph: Paragraph, side: str, colour: str, eighths: int) -> None:
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{eighths}" w:space="4" '
        f'w:color="{colour}"/></w:pBdr>'
    )
    # Word wants these in their order.
    after = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph._p.get_or_add_pPr().insert_element_before(border, *after)


class Writer:
    """Writes parts of a manuscript at the end of a document."""

    def __init__(
        self, doc: Doc, m: Manuscript, pictures: Pictures, width_mm: float = official.TEXT_MM
    ) -> None:
        self.doc, self.m, self.pictures = doc, m, pictures
        self.width_mm = width_mm
        """Of the text; a template has its own."""
        self.figures = self.tables = 0

    def part(self, part: Part) -> None:
        """A part of the body under its heading."""
        self.doc.add_heading(official.clean(part.title), level=1)
        self.inside(part)

    def inside(self, part: Part) -> None:
        """What stands under a part's heading: words, map, tables, charts."""
        if part.name == "map":
            self.map(part.title)
        for text in outline.paragraphs(self.m, part):
            self.doc.add_paragraph(official.clean(text), style="Body Text")
        found = outline.tables(part)
        for table in found:
            if len(found) > 1:
                self.doc.add_heading(official.clean(table.title), level=2)
            elif table.rows:
                self.tables += 1
                self._caption("paper_table", self.tables, table.title)
            self.table(table)
        for chart in part.charts:
            self.chart(chart)

    def map(self, title: str) -> None:
        """The map over the width of the text, its source below it."""
        line = self.doc.add_paragraph(style="Brief Picture")
        line.paragraph_format.keep_with_next = True
        wide, high = self.pictures.size
        width = min(self.width_mm, 150 * wide / high)
        drawn = self.pictures
        add_picture(line, drawn.map_png, drawn.map_svg, width_mm=width, words=drawn.alternative, name="map")
        self.figures += 1
        self._caption("paper_figure", self.figures, title, below=True)
        if self.m.source:
            self._note(self.m.source)

    def table(self, table: Table, *, small: bool = False, width_mm: float = 0) -> None:
        """A table of typed cells, in words; its note below it."""
        if table.rows:
            rows = [outline.row(self.m, table, values) for values in table.rows]
            width_mm = width_mm or self.width_mm
            letters, widths = fit(table, rows, width_mm, SIZES[1:] if small else SIZES, dense=small)
            sheet = Sheet(
                style=BRIEF,
                paragraph=CELLS[letters].replace(" ", ""),
                sides=tuple(outline.side(column) for column in table.columns),
                width_mm=width_mm,
                title=table.title,
                words=table.note,
                tied=bool(table.note),
                whole=outline.whole(rows),
            )
            add_table(self.doc, heads(table, letters, widths), rows, widths, sheet)
        if table.note:
            self._note(table.note)
        else:
            gap = self.doc.add_paragraph(style="Brief Note")
            gap.paragraph_format.line_spacing = Pt(6)

    def chart(self, chart: Chart) -> None:
        """A chart that stays editable, its name below it."""
        line = self.doc.add_paragraph(style="Brief Picture")
        line.paragraph_format.keep_with_next = True
        add_chart(
            self.doc,
            line,
            chart,
            (self.width_mm, outline.chart_mm(chart)),
            outline.in_words(self.m, chart),
        )
        self.figures += 1
        self._caption("paper_figure", self.figures, outline.chart_title(self.m, chart), below=True)

    def proof(self) -> None:
        """What leads back from the paper to the board: the times of the figures, the link and its code."""
        m = self.m
        if m.figures:
            # A page of its own for the code alone would be poor.
            self._note(m.figures).paragraph_format.keep_with_next = bool(m.link)
        if not m.link:
            return
        line = self.doc.add_paragraph(style="Brief Head")
        line.paragraph_format.space_before = Pt(10)
        line.paragraph_format.keep_with_next = True
        _rule(line, "top", LIGHT["text"][1:], 8)
        line.add_run(say(m.lang, "paper_link")).font.bold = True
        words = self.doc.add_paragraph(style="Brief Head")
        if self.pictures.qr_png:
            # The link stands beside the middle of its code.
            words.paragraph_format.line_spacing = 1.0
            words._p.get_or_add_pPr().append(parse_xml(f'<w:textAlignment {nsdecls("w")} w:val="center"/>'))
            qr = self.pictures
            add_picture(
                words, qr.qr_png, qr.qr_svg, width_mm=20, words=say(m.lang, "paper_code"), name="code"
            )
            words.add_run("\u2003")
        words.add_run(official.clean(m.link))

    def annex(self, n: int, part: Part) -> None:
        """An annex on pages of its own, across where its table is wide."""
        across = outline.across(part)
        section = self.doc.add_section(WD_SECTION.NEW_PAGE)
        official.page(section, across=across)
        every_page(section, self.m)
        heading = self.doc.add_heading(official.clean(outline.annex_title(self.m, n, part)), level=1)
        official.unnumbered(heading)
        heading.paragraph_format.first_line_indent = Pt(0)
        heading.paragraph_format.space_before = Pt(0)
        for text in part.paragraphs:
            self.doc.add_paragraph(official.clean(text), style="Brief Head")
        for table in outline.tables(part):
            if len(part.tables) > 1:
                self.doc.add_heading(official.clean(table.title), level=2)
            self.table(table, small=True, width_mm=official.WIDE_MM if across else 0)

    def _caption(self, key: str, n: int, title: str, *, below: bool = False) -> None:
        line = self.doc.add_paragraph(style="Caption")
        line.paragraph_format.keep_with_next = not below
        before, after = say(self.m.lang, key, n="\0").split("\0")
        line.add_run(before)
        # Word counts captions itself, so that one more table moves the numbers of those behind it.
        official.field(line, f"SEQ {key.removeprefix('paper_')} \\* ARABIC", shown=str(n))
        line.add_run(after + ("\u3000" if self.m.lang.startswith("zh") else "  ") + official.clean(title))

    def _note(self, text: str) -> Any:
        return self.doc.add_paragraph(official.clean(text), style="Brief Note")
