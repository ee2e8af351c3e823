"""A bureau's own deck with placeholders, filled with a brief.

Words are filled run by run, so that they keep their look; a shape of nothing but a block's placeholder
becomes the map, the code, a native table or a native chart at its place. Marks and times of the figures are
put onto slides that do not name them.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.util import Emu, Pt

from dashboard.briefs import outline
from dashboard.briefs.deck import speech
from dashboard.briefs.manuscript import Manuscript, Part, Pictures, Table
from dashboard.briefs.slide_chart import put_chart
from dashboard.briefs.slide_picture import Box, box_of, put_picture
from dashboard.briefs.slide_table import put_table
from dashboard.briefs.template import WRONG, not_filled
from dashboard.briefs.template_names import context, marked, names, parts_of
from dashboard.theme import LIGHT
from dashboard.words import say
from data.profile_template_words import environment, plain

MARGIN, NOTE_PT, MARK_PT, HIGH = Pt(18), 9, 11, Pt(20)
Block = tuple[Any, Box]
"""A slide, and where a block stands on it."""


def fill_pptx(m: Manuscript, pictures: Pictures, template: bytes) -> bytes:
    """The template with the brief in it; raises FaultsError where it names what the brief does not have."""
    made: Deck = Presentation(io.BytesIO(template))
    told = context(m)
    try:
        for slide in made.slides:
            _slide(made, slide, _Filled(m, pictures, told))
    except WRONG as error:
        raise not_filled(error) from None
    core = made.core_properties
    core.title, core.subject, core.author = m.title, m.scope, m.made_by or m.title
    core.last_modified_by, core.language, core.keywords = m.made_by or m.title, m.lang, " ".join(m.marks)
    core.created = core.modified = datetime.fromtimestamp(m.made_at, UTC).replace(tzinfo=None)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


class _Filled:
    """A brief, and its words for placeholders."""

    def __init__(self, m: Manuscript, pictures: Pictures, told: dict[str, Any]) -> None:
        self.m, self.pictures, self.told = m, pictures, told
        self.parts = parts_of(m)

    def words(self, text: str) -> str:
        """A paragraph with its placeholders filled."""
        # Escaping is for XML, which python-pptx writes by itself.
        return environment().overlay(autoescape=False).from_string(plain(text)).render(self.told)


def _slide(made: Deck, slide: Any, filled: _Filled) -> None:
    said = "\n".join(_text(one) for one in slide._element.iter("{*}p"))
    for shape in list(slide.shapes):
        _shape(slide, shape, filled)
    m = filled.m
    if m.marks and not names(said, "marks"):
        top = Box(
            made.slide_width // 2 if made.slide_width else 0,
            Pt(6),
            (made.slide_width or 0) // 2 - MARGIN,
            HIGH,
        )
        _note(slide, top, " · ".join(m.marks), m.lang, mark=True)
    if m.figures and not names(said, "figures", "head"):
        low = (made.slide_height or 0) - HIGH - Pt(2)
        # As wide as the page: a second line would run out of it.
        _note(slide, Box(MARGIN, low, (made.slide_width or 0) - 2 * MARGIN, HIGH), m.figures, m.lang)
    notes = slide.notes_slide.notes_text_frame
    if notes is not None:
        for paragraph in notes.paragraphs:
            _paragraph(paragraph._p, filled)
        if m.figures not in notes.text:
            notes.text = "\n".join(filter(None, (notes.text, m.figures, "　".join(m.marks), m.source)))


def _shape(slide: Any, shape: Any, filled: _Filled) -> None:
    """One shape: its words, those of the cells of a table, those of a group's shapes; or its block."""
    if shape.has_text_frame:
        words = "\n".join(filter(None, (filled.words(text).strip() for text in _tagged(shape))))
        block = marked(words)
        if block:
            _block(slide, shape, block, filled)
            return
    for paragraph in shape._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        _paragraph(paragraph, filled)


def _tagged(shape: Any) -> Iterator[str]:
    """The paragraphs of a shape; none where they hold more than placeholders for a block."""
    texts = [_text(paragraph._p) for paragraph in shape.text_frame.paragraphs]
    texts = [text for text in texts if text.strip()]
    if len(texts) == 1:
        yield texts[0]


def _text(paragraph: Any) -> str:
    return "".join(run.text or "" for run in paragraph.iter("{*}t"))


def _paragraph(paragraph: Any, filled: _Filled) -> None:
    """The words of a paragraph, in the look of the run that its first placeholder begins in."""
    text = _text(paragraph)
    if "{{" not in text and "{%" not in text:
        return
    runs = [one for one in paragraph if one.tag.endswith(("}r", "}fld")) and one.find("{*}t") is not None]
    first = next((run for run in runs if "{" in (run.find("{*}t").text or "")), runs[0])
    lines = filled.words(text).split("\n")
    at = paragraph.index(first)
    for run in runs:
        if run is not first:
            paragraph.remove(run)
    at = paragraph.index(first)
    first.find("{*}t").text = lines[0]
    space = first.tag[: first.tag.index("}") + 1]
    for n, line in enumerate(lines[1:]):
        more = copy.deepcopy(first)
        more.find("{*}t").text = line
        paragraph.insert(at + 1 + 2 * n, paragraph.makeelement(f"{space}br", {}))
        paragraph.insert(at + 2 + 2 * n, more)


def _block(slide: Any, shape: Any, block: str, filled: _Filled) -> None:
    """The block in place of the shape: in its box, at its depth, by its name."""
    m, pictures = filled.m, filled.pictures
    name, _, member = block.partition(".")
    part, box = filled.parts.get(name), box_of(shape)
    tree = shape._element.getparent()
    before = set(tree)
    if block == "map":
        put_picture((slide, box), pictures.map_png, pictures.map_svg, pictures.alternative)
    elif block == "qr" and pictures.qr_png:
        put_picture((slide, box), pictures.qr_png, pictures.qr_svg, say(m.lang, "slides_code"))
    elif part is not None and member != "chart" and any(table.rows for table in part.tables):
        _table((slide, box), next(table for table in part.tables if table.rows), m)
    elif part is not None and member != "table" and part.charts:
        put_chart((slide, box), part.charts[0], m)
    elif part is not None:
        _none(shape, part, m)
        return
    for element in [one for one in tree if one not in before]:
        shape._element.addprevious(element)
    tree.remove(shape._element)


def _table(place: Block, table: Table, m: Manuscript) -> None:
    """A table, and below it how many rows it has no room for."""
    slide, box = place
    count = put_table(place, table, m)
    if count < len(table.rows):
        frame = slide.shapes[-1]
        frame._element.getparent().remove(frame._element)
        shorter = Box(box.left, box.top, box.width, box.height - HIGH)
        count = put_table((slide, shorter), table, m)
        text = say(m.lang, "slides_first", title=table.title, n=count, total=len(table.rows))
        _note(slide, Box(box.left, box.top + box.height - HIGH, box.width, HIGH), text, m.lang)


def _none(shape: Any, part: Part, m: Manuscript) -> None:
    """A part without a table says its words, or that there is nothing."""
    paragraph = shape.text_frame.paragraphs[0]
    _set(paragraph._p, outline.paragraphs(m, part) if part.title else ())


def _set(paragraph: Any, lines: Sequence[str]) -> None:
    runs = paragraph.findall("{*}r")
    for run in runs[1:]:
        paragraph.remove(run)
    runs[0].find("{*}t").text = " ".join(lines)


def _note(slide: Any, box: Box, text: str, lang: str, *, mark: bool = False) -> None:
    """A line of small letters; a mark in its colour, at the right."""
    shape = slide.shapes.add_textbox(*(Emu(side) for side in (box.left, box.top, box.width, box.height)))
    shape.text_frame.word_wrap = True
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if mark else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font._element.set("lang", speech(lang))
    run.font.size, run.font.bold = Pt(MARK_PT if mark else NOTE_PT), mark
    colour = LIGHT["simulated" if mark else "quiet"][1:].upper()
    run.font.color.rgb = cast("Any", RGBColor).from_string(colour)
