"""A bureau's own document with placeholders, filled with a brief.

Its words are filled by docxtpl, without a way to call anything; where a block is to go a mark is left, and
the brief's own writer puts tables, charts and the map there, the same as in the plain brief.
A template cannot leave out what makes figures other than live: the marks are put into its headers where it
does not name them, and the times of the figures at its end.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, RGBColor
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from dashboard import official
from dashboard.briefs import outline
from dashboard.briefs.document import Writer, add_styles, finished
from dashboard.briefs.document_pictures import add_picture
from dashboard.briefs.manuscript import Manuscript, Part, Pictures
from dashboard.briefs.template_names import context, marked, names, parts_of
from dashboard.official import MEDIA_TYPE
from dashboard.theme import LIGHT
from dashboard.words import say
from data.profile_template_words import environment
from layers.faults import Fault, FaultsError
from layers.hints import reader_says

__all__ = ["MEDIA_TYPE", "WRONG", "fill_document", "not_filled"]

STYLES = (
    "Body Text", "Caption", "Heading 1", "Heading 2", "Brief Head", "Brief Note", "Brief Picture",
    "Brief Cell", "Brief Small Cell", "Brief Table",
)  # fmt: skip
"""What the writer sets blocks in; those that a template has of its own stay as they are."""
QR_MM = 26


def fill_document(template: bytes, m: Manuscript, pictures: Pictures) -> bytes:
    """The template with the brief in it; raises FaultsError where it names what the brief does not have."""
    made = _Template(io.BytesIO(template))
    made.init_docx()
    doc: Doc = made.docx
    _marks(doc, m)
    if not names(_words_of(doc), "head", "figures") and m.figures:
        doc.add_paragraph("{{ figures }}")
    try:
        made.render(context(m), environment())
    except WRONG as error:
        raise not_filled(error) from None
    filled = io.BytesIO()
    made.save(filled)
    doc = Document(filled)  # another body is in it now than python-docx had in mind
    _adopt_styles(doc, m.lang)
    _put_blocks(doc, m, pictures)
    return finished(doc, m)


WRONG = (TemplateError, TypeError, ValueError, ArithmeticError)
"""What filling raises where a template asks for what cannot be, such as to round a word."""


def not_filled(error: Exception) -> FaultsError:
    """What is raised where a template names something that this brief does not have."""
    expected, hint = "names that a brief has", "Check the profile, and correct the template"
    return FaultsError(
        [Fault("the template cannot be filled", got=reader_says(error), expected=expected, hint=hint)]
    )


class _Template(DocxTemplate):  # type: ignore[misc]  # has no types
    """One in which `{{p name }}` is the same as `{{ name }}`: blocks are put in their places later."""

    def patch_xml(self, src_xml: str) -> str:
        """The XML as Jinja reads it."""
        whole = re.sub(r"(?<={)(<[^>]*>)+(?={)", "", src_xml)
        whole = re.sub(
            r"{{(?:(?!}}).)*",
            lambda tag: re.sub("</w:t>.*?(<w:t>|<w:t [^>]*>)", "", tag[0], flags=re.DOTALL),
            whole,
            flags=re.DOTALL,
        )
        return str(super().patch_xml(re.sub(r"{{(?:p|tr|tc|r)(?=\s)", "{{", whole)))


def _words_of(doc: Doc) -> str:
    """The text of the body, paragraph by paragraph."""
    return "\n".join(_text(paragraph) for paragraph in doc.element.body.iter(qn("w:p")))


def _text(paragraph: Any) -> str:
    """The text of a paragraph's own runs, and not of a box inside it."""
    return "".join(
        text.text or ""
        for text in paragraph.iter(qn("w:t"))
        if next(text.iterancestors(qn("w:p"))) is paragraph
    )


def _marks(doc: Doc, m: Manuscript) -> None:
    """The marks at the top of every page, where the template does not say them there itself."""
    if not m.marks:
        return
    for section in doc.sections:
        for over, below in _edges(doc, section):
            if over.is_linked_to_previous and section is not doc.sections[0]:
                continue
            told = "\n".join(_text(p) for part in (over, below) for p in part._element.iter(qn("w:p")))
            if names(told, "marks"):
                continue
            line: Paragraph = (
                over.paragraphs[0].insert_paragraph_before() if over.paragraphs else over.add_paragraph()
            )
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = line.add_run("{{ marks }}")
            run.font.bold, run.font.color.rgb = True, RGBColor.from_string(LIGHT["simulated"][1:].upper())


def _edges(doc: Doc, section: Section) -> Iterator[tuple[Any, Any]]:
    yield section.header, section.footer
    if section.different_first_page_header_footer:
        yield section.first_page_header, section.first_page_footer
    if doc.settings.odd_and_even_pages_header_footer:
        yield section.even_page_header, section.even_page_footer


def _adopt_styles(doc: Doc, lang: str) -> None:
    """The styles that blocks are set in, where the template has none of that name."""
    ours: Doc = Document()
    add_styles(ours, lang)
    have = {style.name for style in doc.styles}
    for style in ours.styles:
        if style.name not in STYLES or style.name in have:
            continue
        mine = copy.deepcopy(style.element)
        for name in ("w:link", "w:next"):
            for link in mine.findall(qn(name)):
                mine.remove(link)
        for numbers in list(mine.iter(qn("w:numPr"))):  # the list that they count in stayed behind
            numbers.getparent().remove(numbers)
        base = mine.find(qn("w:basedOn"))
        if base is not None:
            parent = ours.styles.element.find(
                f"{qn('w:style')}[@{qn('w:styleId')}='{base.get(qn('w:val'))}']"
            )
            name = parent.find(qn("w:name")).get(qn("w:val")) if parent is not None else ""
            known = {one.element.find(qn("w:name")).get(qn("w:val")): one.style_id for one in doc.styles}
            if name in known:
                base.set(qn("w:val"), known[name])
            else:
                mine.remove(base)
        if style.name == "Body Text":  # the text of a bureau's document is set as that document is
            for letters in mine.findall(qn("w:rPr")):
                mine.remove(letters)
        doc.styles.element.append(mine)


def _put_blocks(doc: Doc, m: Manuscript, pictures: Pictures) -> None:
    """Every marked paragraph gives way to its block."""
    body = doc.element.body
    page = doc.sections[0]
    width = (page.page_width or Mm(official.PAGE_MM[0])) - (page.left_margin or 0) - (page.right_margin or 0)
    writer = Writer(doc, m, pictures, width_mm=width / Mm(1))
    for paragraph in list(body.iter(qn("w:p"))):
        block = marked(_text(paragraph))
        if not block:
            continue
        before = set(body)
        _write(writer, block, Paragraph(paragraph, doc._body))
        for element in [one for one in body if one not in before]:
            paragraph.addprevious(element)
        holder = paragraph.getparent()
        holder.remove(paragraph)
        # A cell ends in a paragraph, whatever else is in it.
        if holder.tag == qn("w:tc") and (not len(holder) or holder[-1].tag != qn("w:p")):
            holder.append(copy.deepcopy(Document().add_paragraph()._p))


def _write(writer: Writer, block: str, at: Paragraph) -> None:
    """One block, at the end of the document."""
    m, found = writer.m, parts_of(writer.m)
    name, _, member = block.partition(".")
    part = found.get(name)
    if block == "parts":
        for one in outline.lead(m):
            writer.part(one)
        for one in outline.annexes(m):
            _annex(writer, one)
    elif block == "qr":
        _code(writer, at)
    elif block == "map":
        writer.map(part.title if part else "")
    elif part is None:
        return
    elif member == "table":
        for table in outline.tables(part):
            writer.table(table, small=part.appendix)
    elif member == "chart":
        for chart in part.charts:
            writer.chart(chart)
    elif part.appendix:
        _annex(writer, part)
    else:
        writer.part(part)


def _code(writer: Writer, at: Paragraph) -> None:
    """The link as a code, at the side that its placeholder stands at."""
    qr = writer.pictures
    if qr.qr_png:
        line = writer.doc.add_paragraph(style="Brief Picture")
        line.paragraph_format.alignment = at.alignment or WD_ALIGN_PARAGRAPH.LEFT
        words = say(writer.m.lang, "paper_code")
        add_picture(line, qr.qr_png, qr.qr_svg, width_mm=QR_MM, words=words, name="code")


def _annex(writer: Writer, part: Part) -> None:
    """What stands at the end, in the layout of the template's own pages."""
    writer.doc.add_heading(official.clean(part.title), level=1)
    for text in part.paragraphs:
        writer.doc.add_paragraph(official.clean(text), style="Body Text")
    for table in outline.tables(part):
        if len(part.tables) > 1:
            writer.doc.add_heading(official.clean(table.title), level=2)
        writer.table(table, small=True)
