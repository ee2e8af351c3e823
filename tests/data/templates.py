"""Small templates of briefs, made of paragraphs and slides."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from docx import Document
from pptx import Presentation
from pptx.util import Inches


def document(*paragraphs: str, header: str = "", cells: Iterable[str] = ()) -> bytes:
    """A .docx of these paragraphs, and a table of one row with these cells at its end."""
    doc = Document()
    for text in paragraphs:
        doc.add_paragraph(text)
    if header:
        doc.sections[0].header.paragraphs[0].text = header
    row = list(cells)
    if row:
        table = doc.add_table(rows=1, cols=len(row))
        for cell, text in zip(table.rows[0].cells, row, strict=True):
            cell.text = text
    stream = io.BytesIO()
    doc.save(stream)
    return stream.getvalue()


def slides(*texts: str) -> bytes:
    """A .pptx with a slide per text, in a box each."""
    deck = Presentation()
    for text in texts:
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(4)).text_frame.text = text
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def with_part(package: bytes, name: str, body: bytes) -> bytes:
    """The same package with a part put in, or another one in its place."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, body)
    return stream.getvalue()
