"""The layout of official Chinese documents (GB/T 9704) for Word and WPS: A4, margins of 37, 35, 28 and 26 mm,
the fonts that they are set in with names to fall back on, numbered headings, page numbers.

What is laid out here is laid out the same in a handover and in a brief.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from dashboard.theme import LIGHT

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
TEXT_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
WIDE_MM = PAGE_MM[1] - TOP_MM - BOTTOM_MM
"""Width of the text, and of that on a page that lies across."""
HEADER_MM, FOOTER_MM = 20, 23
"""From the paper's edge; the page's number stands 7 mm below the text."""

SONG, BODY, BLACK, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
"""Title, body, first headings, second headings."""
LATIN, LATIN_BLACK = "Times New Roman", "Arial"
RED = RGBColor.from_string(LIGHT["severity-critical"][1:].upper())
"""What the head of an official document is set in."""

FONTS: tuple[tuple[str, str, str, str], ...] = (
    # name, names to fall back on, family, PANOSE
    (SONG, "STZhongsong,SimSun,Source Han Serif SC,Noto Serif CJK SC", "roman", "02010600030101010101"),
    (BODY, "仿宋,FangSong,STFangsong,Noto Serif CJK SC", "roman", "02010609060101010101"),
    (BLACK, "SimHei,Source Han Sans SC,Noto Sans CJK SC", "swiss", "02010609060101010101"),
    (KAI, "楷体,KaiTi,STKaiti,Noto Serif CJK SC", "roman", "02010609060101010101"),
)
"""A machine without the fonts of official documents finds one of their kind by the other names, which stand
in the file's table of fonts with commas between them (ECMA-376, 17.8.3.1)."""

STYLE_OF_NUMBERS = 97
"""The numbering of headings in the file; the template's own end far below."""


def page(section: Section, *, across: bool = False) -> None:
    """A4 with the margins of an official document; `across` turns the paper, and the margins with it."""
    sides = (TOP_MM, RIGHT_MM, BOTTOM_MM, LEFT_MM)
    width, height = PAGE_MM
    if across:
        sides, width, height = (LEFT_MM, TOP_MM, RIGHT_MM, BOTTOM_MM), height, width
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, sides)
    section.header_distance = Mm(HEADER_MM if not across else 12)
    section.footer_distance = Mm(FOOTER_MM if not across else 12)


def style(
    doc: Doc,
    name: str,
    east: str,
    size: float,
    *,
    latin: str = LATIN,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    line: float = 0,
    centred: bool = False,
    indent: float = 0,
    colour: RGBColor | None = None,
    base: str = "",
) -> ParagraphStyle:
    """A paragraph style, changed or made: sizes and distances in points; `line` is its exact height,
    `indent` that of a first line; `base` is what a new one stands on."""
    names = [one.name for one in doc.styles]
    made = doc.styles[name] if name in names else doc.styles.add_style(name, 1)
    assert isinstance(made, ParagraphStyle)
    if base:
        made.base_style = doc.styles[base]
    made.font.name, made.font.size, made.font.bold, made.font.italic = latin, Pt(size), bold, False
    made.font.color.rgb = colour or RGBColor(0, 0, 0)
    letters = made.element.get_or_add_rPr()
    fonts = letters.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east)
    fonts.set(qn("w:hAnsi"), latin)
    for left in ("w:spacing", "w:kern"):  # the template's title is spaced wide
        for one in letters.findall(qn(left)):
            letters.remove(one)
    shape = made.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if line:
        shape.line_spacing = Pt(line)
    if centred:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        shape.first_line_indent = Pt(indent)
    # The template draws a line below the title, and has stops of its own in what stands on every page.
    for drawn in ("w:pBdr", "w:tabs"):
        for one in made.element.findall(f"{qn('w:pPr')}/{qn(drawn)}"):
            one.getparent().remove(one)
    return made


def speech(doc: Doc, lang: str) -> None:
    """The language of the document, for spelling and for voices that read it.

    Latin letters and digits are English in a Chinese document too, as Word has it: in Chinese a number may
    be broken over two lines.
    """
    word = OxmlElement("w:lang")
    word.set(qn("w:val"), "en-US" if lang.startswith("zh") else "en-GB")
    word.set(qn("w:eastAsia"), "zh-CN")
    letters = doc.styles["Normal"].element.get_or_add_rPr()
    for old in letters.findall(qn("w:lang")):
        letters.remove(old)
    letters.append(word)
    for default in doc.styles.element.findall(f"{qn('w:docDefaults')}//{qn('w:lang')}"):
        default.set(qn("w:val"), word.get(qn("w:val")))
        default.set(qn("w:eastAsia"), "zh-CN")
    for theme in doc.settings.element.findall(qn("w:themeFontLang")):
        theme.set(qn("w:eastAsia"), "zh-CN")


def fallbacks(doc: Doc) -> None:
    """Say in the file's table of fonts what to set where a font is not installed."""
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, other, family, panose in FONTS
    )
    latin = "".join(
        f'<w:font w:name="{name}"><w:charset w:val="00"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, family in ((LATIN, "roman"), (LATIN_BLACK, "swiss"))
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    table = f"{head}<w:fonts {nsdecls('w')}>{rows}{latin}</w:fonts>"
    for relation in doc.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            part: Part = relation.target_part
            part._blob = table.encode()


def numbered(doc: Doc, lang: str) -> None:
    """Headings that number themselves: 一、 and （一）, or 1. and 1.1 in English."""
    chinese = lang.startswith("zh")
    levels = (
        (("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）"))
        if chinese
        else (("decimal", "%1."), ("decimal", "%1.%2"))
    )
    rows = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="Heading{n + 1}"/><w:suff w:val="{"nothing" if chinese else "space"}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{STYLE_OF_NUMBERS}">'
        f'<w:multiLevelType w:val="multilevel"/>{rows}</w:abstractNum>'
    )
    listed: Any = doc.part.numbering_part.element
    # Those that are abstract stand before all that use them.
    first = listed.find(qn("w:num"))
    first.addprevious(abstract)
    listed.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{STYLE_OF_NUMBERS}">'
            f'<w:abstractNumId w:val="{STYLE_OF_NUMBERS}"/></w:num>'
        )
    )
    for n in range(len(levels)):
        shape = doc.styles[f"Heading {n + 1}"].element.get_or_add_pPr()
        shape._insert_numPr(_numbers(n, STYLE_OF_NUMBERS))


def unnumbered(heading: Paragraph) -> None:
    """A heading that bears no number, such as an appendix with its own."""
    shape: Any = heading._p.get_or_add_pPr()
    shape._insert_numPr(_numbers(0, 0))


def _numbers(level: int, number: int) -> Any:
    return parse_xml(
        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def field(paragraph: Paragraph, code: str, size: float | None = None, shown: str = "") -> None:
    """A field that Word counts itself, such as PAGE; `shown` is what stands there until it does."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("=", shown), ("end", "")):
        if not shown and kind in ("separate", "="):
            continue
        run = paragraph.add_run(shown if kind == "=" else "")
        if size:
            run.font.size = Pt(size)
        if kind == "=":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def page_number(paragraph: Paragraph, text: str, size: float) -> None:
    """The number of the page inside words such as `— \0 —`."""
    before, after = text.split("\0")
    paragraph.add_run(before).font.size = Pt(size)
    field(paragraph, "PAGE", size)
    paragraph.add_run(after).font.size = Pt(size)


def named(doc: Doc, *, title: str, subject: str, author: str, lang: str, at: float, key: str = "") -> None:
    """What the file says of itself; nothing of the machine that made it."""
    core = doc.core_properties
    made = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
    # A property holds 255 characters; what is longer stands in the document itself.
    core.title, core.subject, core.identifier = (clean(text)[:255] for text in (title, subject, key))
    core.author = core.last_modified_by = clean(author)[:255]
    core.comments, core.language, core.keywords = "", lang, ""
    core.created = core.modified = made
    core.revision = 1


def modern(doc: Doc) -> None:
    """Open in Word as a file of today, without the template's own picture of itself."""
    for setting in doc.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    package = doc.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]


def steady(data: bytes) -> bytes:
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


def clean(text: str) -> str:
    """Text without the control characters that no XML may hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)
