"""A handover as a document for Word and WPS, laid out as official Chinese documents are (GB/T 9704): A4,
margins of 37, 35, 28 and 26 mm, real headings and tables. The same handover in the same state is the same
file, byte for byte.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from dashboard.handover.content import Section, Telling, head, proof, sections, signatures, title
from dashboard.words import say
from data.signoff import Handover

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
TEXT_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
BODY, BLACK, SONG = "仿宋_GB2312", "黑体", "方正小标宋简体"  # fonts of official documents; Word falls back
LATIN = "Times New Roman"
TITLE_PT, HEAD_PT, BODY_PT, TABLE_PT, PROOF_PT = 22, 15, 12, 9, 7.5


def document(found: Handover, lang: str) -> bytes:
    """The file."""
    told = Telling(found, lang)
    doc: Doc = Document()
    _page(doc)
    _styles(doc, lang)
    doc.add_paragraph(title(found, lang), style="Title")
    for line in head(found, lang):
        doc.add_paragraph(line, style="Subtitle")
    for section in sections(found, lang):
        _section(doc, section)
    doc.add_heading(told.say("signatures"), level=1)
    heads = (told.say("side"), told.say("signer"), told.say("signed_at"))
    _table(doc, heads, signatures(found, lang), (2.4, 4, 4), high=True)
    for line in proof(found, lang):
        doc.add_paragraph(line, style="Caption")
    _footer(doc, told)
    _named(doc, found, lang)
    stream = io.BytesIO()
    doc.save(stream)
    return _steady(stream.getvalue())


def _page(doc: Doc) -> None:
    page = doc.sections[0]
    page.page_width, page.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    page.top_margin, page.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    page.left_margin, page.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    page.header_distance, page.footer_distance = Mm(15), Mm(20)


def _styles(doc: Doc, lang: str) -> None:
    for name, font, size, bold in (
        ("Normal", BODY, BODY_PT, False),
        ("Title", SONG, TITLE_PT, False),
        ("Subtitle", BODY, BODY_PT, False),
        ("Heading 1", BLACK, HEAD_PT, False),
        ("Caption", BODY, PROOF_PT, False),
    ):
        style = doc.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), bold
        style.font.italic = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)
        style.paragraph_format.space_before = Pt(10 if name == "Heading 1" else 0)
        style.paragraph_format.space_after = Pt(4)
        if name in ("Title", "Subtitle"):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            # The template draws a line below the title.
            for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
                border.getparent().remove(border)
    speech = OxmlElement("w:lang")
    speech.set(qn("w:val"), "zh-CN" if lang.startswith("zh") else "en-GB")
    speech.set(qn("w:eastAsia"), "zh-CN")
    normal = doc.styles["Normal"].element.get_or_add_rPr()
    normal.append(speech)


def _section(doc: Doc, section: Section) -> None:
    doc.add_heading(section.title, level=1)
    for line in section.lines:
        doc.add_paragraph(line)
    if section.rows:
        _table(doc, section.heads, section.rows, section.widths)
    if section.after:
        doc.add_paragraph(section.after)


def _table(
    doc: Doc,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    *,
    high: bool = False,
) -> None:
    """A table over the width of the text; its head comes again on every page."""
    table: Table = doc.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    shares = [Mm(TEXT_MM * width / sum(widths)) for width in widths]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share
    for cell, text, share in zip(table.rows[0].cells, heads, shares, strict=True):
        _write(cell, text, share, bold=True)
    again = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(again)
    for values in rows:
        row = table.add_row()  # type: ignore[no-untyped-call]
        # A row stays whole: half of an alert on the next page is read as another one.
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if high:
            row.height = Mm(12)
        for cell, text, share in zip(row.cells, values, shares, strict=True):
            _write(cell, text, share)
    _write_none(doc)


def _write(cell: _Cell, text: str, width: Any, *, bold: bool = False) -> None:
    cell.width = width
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(TABLE_PT)


def _write_none(doc: Doc) -> None:
    """A small distance below a table."""
    doc.add_paragraph().paragraph_format.space_after = Pt(0)


def _footer(doc: Doc, told: Telling) -> None:
    """The number of the page, and that the data is made up where it is: on every page."""
    page = doc.sections[0]
    if told.facts["simulated"]:
        over = page.header.paragraphs[0]
        over.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        over.add_run(told.say("simulated")).font.size = Pt(TABLE_PT)
    below = page.footer.paragraphs[0]
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, after = told.say("page", page="\0").split("\0")
    below.add_run(before).font.size = Pt(TABLE_PT)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = below.add_run()
        run.font.size = Pt(TABLE_PT)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    below.add_run(after).font.size = Pt(TABLE_PT)


def _named(doc: Doc, found: Handover, lang: str) -> None:
    """What the file says of itself; nothing of the machine that made it."""
    core = doc.core_properties
    made = datetime.fromtimestamp(found.at, UTC).replace(tzinfo=None)
    core.title, core.subject, core.identifier = title(found, lang), found.id, found.digest
    core.author = core.last_modified_by = say(lang, "handover")
    core.comments, core.language = "", lang
    core.created = core.modified = made
    core.revision = 1


def _steady(data: bytes) -> bytes:
    """The same package with one date on all of its parts."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return stream.getvalue()
