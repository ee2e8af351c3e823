"""A handover as a document for Word and WPS, laid out as official Chinese documents are (GB/T 9704): A4,
margins of 37, 35, 28 and 26 mm, real headings and tables. The same handover in the same state is the same
file, byte for byte.
"""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from dashboard import official
from dashboard.handover.content import Section, Telling, head, proof, sections, signatures, title
from dashboard.official import BLACK, BODY, MEDIA_TYPE, SONG
from dashboard.official_table import Sheet, add_table
from dashboard.words import say
from data.signoff import Handover

__all__ = ["MEDIA_TYPE", "document"]

TITLE_PT, HEAD_PT, BODY_PT, TABLE_PT, PROOF_PT = 22, 15, 12, 9, 7.5


def document(found: Handover, lang: str) -> bytes:
    """The file."""
    told = Telling(found, lang)
    doc: Doc = Document()
    official.page(doc.sections[0])
    _styles(doc, lang)
    doc.add_paragraph(title(found, lang), style="Title")
    for line in head(found, lang):
        doc.add_paragraph(line, style="Subtitle")
    for section in sections(found, lang):
        _section(doc, section)
    doc.add_heading(told.say("signatures"), level=1)
    heads = (told.say("side"), told.say("signer"), told.say("signed_at"))
    add_table(doc, heads, signatures(found, lang), (2.4, 4, 4), Sheet(size=TABLE_PT, high_mm=12))
    _apart(doc)
    for line in proof(found, lang):
        doc.add_paragraph(line, style="Caption")
    _every_page(doc, told)
    name, author = title(found, lang), say(lang, "handover")
    official.named(doc, title=name, subject=found.id, author=author, lang=lang, at=found.at, key=found.digest)
    stream = io.BytesIO()
    doc.save(stream)
    return official.steady(stream.getvalue())


def _styles(doc: Doc, lang: str) -> None:
    for name, font, size in (
        ("Normal", BODY, BODY_PT),
        ("Title", SONG, TITLE_PT),
        ("Subtitle", BODY, BODY_PT),
        ("Heading 1", BLACK, HEAD_PT),
        ("Caption", BODY, PROOF_PT),
    ):
        before = 10 if name == "Heading 1" else 0
        official.style(doc, name, font, size, before=before, after=4, centred=name in ("Title", "Subtitle"))
    official.speech(doc, lang)
    official.fallbacks(doc)
    official.modern(doc)


def _section(doc: Doc, section: Section) -> None:
    doc.add_heading(section.title, level=1)
    for line in section.lines:
        doc.add_paragraph(line)
    if section.rows:
        add_table(doc, section.heads, section.rows, section.widths, Sheet(size=TABLE_PT))
        _apart(doc)
    if section.after:
        doc.add_paragraph(section.after)


def _apart(doc: Doc) -> None:
    """A small distance below a table."""
    doc.add_paragraph().paragraph_format.space_after = Pt(0)


def _every_page(doc: Doc, told: Telling) -> None:
    """The number of the page, and that the data is made up where it is."""
    page = doc.sections[0]
    if told.facts["simulated"]:
        over = page.header.paragraphs[0]
        over.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        over.add_run(told.say("simulated")).font.size = Pt(TABLE_PT)
    below = page.footer.paragraphs[0]
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    official.page_number(below, told.say("page", page="\0"), TABLE_PT)
