"""A table of an official document: real rows with a head that comes again on every page.

Rows are written as XML: a thousand of them through python-docx's cells take half a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as Doc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table

from dashboard.official import TEXT_MM, clean
from dashboard.theme import LIGHT

TWIPS = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
BRIEF = "BriefTable"
"""Style id of a table with rules above, below and under its head."""


@dataclass(frozen=True)
class Sheet:
    """How a table is set."""

    style: str = "TableGrid"
    paragraph: str = ""
    """Style id of the cells' paragraphs; the document's own where empty."""
    size: float = 0
    """Points of the letters, where the paragraph's style does not say."""
    sides: tuple[str, ...] = ()
    """left, center or right per column; left where empty."""
    width_mm: float = TEXT_MM
    high_mm: float = 0
    """Least height of a row."""
    title: str = ""
    """For whoever hears the table."""
    words: str = ""
    tied: bool = False
    """Whether its last row stays on the page of what follows, such as its note."""
    whole: bool = False
    """Whether all of its rows stay on one page."""


def add_table(
    doc: Doc,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    sheet: Sheet,
) -> Table:
    """A table at the end of the document, over the given width; `widths` are its columns' shares."""
    whole = sheet.width_mm * TWIPS
    spans = [round(whole * width / sum(widths)) for width in widths]
    sides = sheet.sides or ("left",) * len(heads)
    body = list(rows)
    # Of a table that goes over a page's end, two rows at least stand on either side.
    kept = set(range(len(body) - 1)) if sheet.whole or len(body) < 3 else {0, len(body) - 2}
    kept |= {len(body) - 1} if sheet.tied else set()
    parts = [
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblStyle w:val={quoteattr(sheet.style)}/>"
        f'<w:tblW w:w="{sum(spans)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
        ' w:noHBand="0" w:noVBand="1"/>',
        f"<w:tblCaption w:val={quoteattr(clean(sheet.title))}/>" if sheet.title else "",
        f"<w:tblDescription w:val={quoteattr(clean(sheet.words))}/>" if sheet.words else "",
        "</w:tblPr><w:tblGrid>",
        *(f'<w:gridCol w:w="{span}"/>' for span in spans),
        "</w:tblGrid>",
        _row(heads, spans, sides, sheet, head=True),
        *(_row(values, spans, sides, sheet, kept=n in kept) for n, values in enumerate(body)),
        "</w:tbl>",
    ]
    made = parse_xml("".join(parts))
    doc.element.body.insert_element_before(made, "w:sectPr")
    return Table(made, doc)


def add_style(doc: Doc) -> None:
    """The table style of a brief: what a reader of official documents calls a table of three rules."""
    rule, hair, tint = LIGHT["text"][1:], LIGHT["hairline"][1:], LIGHT["hover"][1:]
    doc.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{BRIEF}">'
            '<w:name w:val="Brief Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>'
            '<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>'
            f'<w:top w:val="single" w:sz="12" w:space="0" w:color="{rule}"/>'
            f'<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{rule}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{hair}"/></w:tblBorders>'
            '<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="56" w:type="dxa"/>'
            '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="56" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
            f'<w:bottom w:val="single" w:sz="6" w:space="0" w:color="{rule}"/></w:tcBorders>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/><w:vAlign w:val="center"/></w:tcPr>'
            "</w:tblStylePr></w:style>"
        )
    )


def _row(
    values: Sequence[str],
    spans: Sequence[int],
    sides: Sequence[str],
    sheet: Sheet,
    *,
    head: bool = False,
    kept: bool = False,
) -> str:
    # A row stays whole: half of an alert on the next page is read as another one.
    shape = "<w:cantSplit/>"
    if sheet.high_mm and not head:
        shape += f'<w:trHeight w:val="{round(sheet.high_mm * TWIPS)}"/>'
    shape += "<w:tblHeader/>" if head else ""
    letters = ("<w:b/>" if head else "") + (f'<w:sz w:val="{round(sheet.size * 2)}"/>' if sheet.size else "")
    letters = f"<w:rPr>{letters}</w:rPr>" if letters else ""
    kind = f'<w:pStyle w:val="{sheet.paragraph}"/>' if sheet.paragraph else ""
    # The head goes with the row below it over a page's end.
    kind += "<w:keepNext/>" if head or kept else ""
    after = "" if sheet.paragraph else '<w:spacing w:after="0"/>'
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:w="{span}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'{kind}{after}<w:jc w:val="{side}"/></w:pPr><w:r>{letters}{_lines(text)}</w:r></w:p></w:tc>'
        for text, span, side in zip(values, spans, sides, strict=True)
    )
    return f"<w:tr><w:trPr>{shape}</w:trPr>{''.join(cells)}</w:tr>"


def _lines(text: str) -> str:
    return "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n")
    )
