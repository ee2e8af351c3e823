"""A brief's table as a native table of a slide: as large as its place allows, no more rows than fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Emu, Pt

from dashboard.briefs.cells import numeric, shown
from dashboard.briefs.deck import NAMES, speech
from dashboard.briefs.manuscript import Manuscript, Table
from dashboard.briefs.measure import ems, lines
from dashboard.briefs.slide_picture import POINT, Box, box_of, describe
from dashboard.theme import LIGHT, SEVERITIES
from dashboard.words import say

SIZES = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0)
"""Sizes of letters in points, tried from the first."""
EASY = (14.0, 13.0, 12.0, 11.0)
"""Sizes at which a table is first tried with every text in one line."""
SLACK, SHORT = 0.4, 4.6
"""Room beside a text, and texts so short that they are never broken; in sizes of letters."""
PAD_X, PAD_Y, LINE = 4.0, 2.5, 1.3
"""Distance of text from its cell's edge, points; height of a line in sizes of its letters."""
PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""No style, no grid: what there is to see is said cell by cell, so that every viewer shows the same."""


@dataclass(frozen=True)
class Fit:
    """How a table goes into a place; lengths in points."""

    size: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    """The head's, then that of each row that is shown."""


def put_table(place: Any, table: Table, m: Manuscript) -> int:
    """A native table in a layout's placeholder, or at a `(slide, Box)`.

    Returns how many of its rows it shows.
    """
    box: Box = place[1] if isinstance(place, tuple) else box_of(place)
    told = [
        [shown(cell, column.kind, m.zone, m.at) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    fit = fitted(table, told, box.width / POINT, box.height / POINT)
    count = len(fit.heights) - 1
    if isinstance(place, tuple):
        frame: Any = place[0].shapes.add_table(count + 1, len(table.columns), *box.lengths)
    else:
        frame = place.insert_table(count + 1, len(table.columns))
    frame.left, frame.top, frame.width = Emu(box.left), Emu(box.top), Emu(box.width)
    frame.height = Emu(round(sum(fit.heights) * POINT))
    native = frame.table
    native._tbl.tblPr.find("{*}tableStyleId").text = PLAIN
    native.horz_banding = False
    for column, width in zip(native.columns, fit.widths, strict=True):
        column.width = Emu(round(width * POINT))
    for row, height in zip(native.rows, fit.heights, strict=True):
        row.height = Emu(round(height * POINT))
    right = [numeric(column) for column in table.columns]
    _row(native, 0, [column.title for column in table.columns], right, fit.size)
    for n, texts in enumerate(told[:count], start=1):
        _row(native, n, texts, right, fit.size)
    _grades(native, table, m.lang)
    for run in native._tbl.iter("{*}rPr"):
        run.set("lang", speech(m.lang))
    describe(frame, table.title)
    return count


def fitted(table: Table, told: Sequence[Sequence[str]], width: float, height: float) -> Fit:
    """The largest letters at which the whole table fits, best with no text, then with no cell in two lines.

    Where it fits at none: the smallest, and as many rows as there is room for.
    """
    whole, cells, least = _needs(table, told)
    pads, heads = 2 * PAD_X * len(whole), [column.title for column in table.columns]
    fit = Fit(SIZES[-1], (), ())
    for wanted, sizes in ((whole, EASY), (cells, SIZES), (least, SIZES)):
        for size in sizes:
            if sum(wanted) * size + pads > width and size != SIZES[-1]:
                continue
            widths = _widths(whole, wanted if wanted is cells else least, width - pads, size)
            heights = [_height(texts, widths, size) for texts in (heads, *told)]
            fit = Fit(size, tuple(widths), tuple(heights))
            if sum(heights) <= height and sum(wanted) * size + pads <= width:
                # A table of few rows has air rather than a hole below it, within reason.
                spare = min((height - sum(heights)) / len(heights), size * 0.7)
                return Fit(size, fit.widths, tuple(one + spare for one in heights))
    kept: list[float] = []
    for one in fit.heights:
        if kept[1:] and sum(kept) + one > height:
            break
        kept.append(one)
    return Fit(fit.size, fit.widths, tuple(kept))


def _needs(table: Table, told: Sequence[Sequence[str]]) -> tuple[list[float], list[float], list[float]]:
    """What each column needs in letters: to stay in one line, without its head, and to break no word."""
    whole, cells, least = [], [], []
    for n, column in enumerate(table.columns):
        texts = [row[n] for row in told]
        head = ems(column.title)
        widest = max((ems(text) for text in texts), default=1.0)
        whole.append(max(widest, head) + SLACK)
        unbroken = widest if column.kind != "text" else max((_word(text) for text in texts), default=1.0)
        title = max(_word(column.title), math.ceil(head / 2) if head > 3 else head)
        cells.append(max(widest, title) + SLACK)
        least.append(max(unbroken, title) + SLACK)
    return whole, cells, least


def _word(text: str) -> float:
    """The longest piece of a text that is not broken; short texts stay whole."""
    if ems(text) <= SHORT:
        return ems(text)
    # Chinese may break after any letter: four in a line still read well.
    return max(
        (min(ems(word), 4.0) if not word.isascii() else ems(word) for word in text.split()), default=1.0
    )


def _widths(whole: Sequence[float], least: Sequence[float], width: float, size: float) -> list[float]:
    """Widths of the columns that fill the width, which is without the edges of cells."""
    spare = width - sum(whole) * size
    if spare >= 0:
        return [need * size * (1 + spare / (sum(whole) * size)) + 2 * PAD_X for need in whole]
    spare = width - sum(least) * size
    if spare < 0:
        return [need * width / sum(least) + 2 * PAD_X for need in least]
    wishes = [much - little for much, little in zip(whole, least, strict=True)]
    return [
        little * size + spare * wish / (sum(wishes) or 1) + 2 * PAD_X
        for little, wish in zip(least, wishes, strict=True)
    ]


def _height(texts: Sequence[str], widths: Sequence[float], size: float) -> float:
    most = max(lines(text, wide - 2 * PAD_X, size) for text, wide in zip(texts, widths, strict=True))
    return most * size * LINE + 2 * PAD_Y


def _row(native: Any, n: int, texts: Sequence[str], right: Sequence[bool], size: float) -> None:
    for at, (text, end) in enumerate(zip(texts, right, strict=True)):
        cell = native.cell(n, at)
        cell.margin_left = cell.margin_right = Pt(PAD_X)
        cell.margin_top = cell.margin_bottom = Pt(PAD_Y)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = cell.text_frame.paragraphs[0]
        # Said exactly, so that every viewer makes the same rows whatever face it has.
        paragraph.line_spacing = Pt(size * LINE)
        paragraph.alignment = PP_ALIGN.RIGHT if end else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(size), n == 0
        run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
        if n == 0:
            cell.fill.solid()
            cell.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
        _rule(cell, *(("accent", 1.5) if n == 0 else ("hairline", 0.75)))


def _grades(native: Any, table: Table, lang: str) -> None:
    """How grave an alert is, in the colour that it has everywhere."""
    hues = {say(lang, grade): LIGHT[f"loud-{grade}"].lstrip("#").upper() for grade in SEVERITIES}
    for at in (n for n, column in enumerate(table.columns) if column.name == "severity"):
        for cell in (native.cell(n, at) for n in range(1, len(native.rows))):
            font = cell.text_frame.paragraphs[0].runs[0].font
            if cell.text in hues:
                font.color.rgb, font.bold = cast("Any", RGBColor).from_string(hues[cell.text]), True


def _rule(cell: Any, colour: str, points: float) -> None:
    """A line below a cell."""
    hue = LIGHT[colour].lstrip("#").upper()
    cell._tc.get_or_add_tcPr().insert(
        0,
        parse_xml(
            f'<a:lnB {NAMES} w="{round(points * POINT)}"><a:solidFill><a:srgbClr val="{hue}"/>'
            f"</a:solidFill></a:lnB>"
        ),
    )
