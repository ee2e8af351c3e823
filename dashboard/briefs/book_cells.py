"""Cells and looks of a brief's workbook: each value with its type, words always as words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from dashboard.briefs.cells import DASH, moment, unknown
from dashboard.briefs.manuscript import Cell, Column, Kind, Table
from dashboard.briefs.measure import ems, lines
from dashboard.theme import LIGHT

FACE, SIZE = "Microsoft YaHei", 10
FORMS: dict[Kind, str] = {
    "text": "@", "whole": "#,##0", "decimal": "#,##0.0", "share": "0.0%",
    "time": "yyyy-mm-dd hh:mm", "day": "yyyy-mm-dd",
}  # fmt: skip
"""How a column of each kind is written."""
BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What words begin with that a spreadsheet takes for a formula when they are edited or read again."""
LONGEST = 32_000
"""Letters that a cell can hold are a few more."""
WIDEST, NARROWEST, LEAST = 46.0, 7.0, 84.0
"""Widths of columns and, the last, of a whole table; in digits."""
DIGITS, LINE_PT = 1.9, 14.5
"""Width of a Chinese letter in digits; height of a line."""


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, zone: str) -> None:
        self.book, self.zone = book, zone
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **values: object) -> Any:
        """A format; the face and the middle of the row go without saying."""
        values = {"font_name": FACE, "font_size": SIZE, "valign": "vcenter"} | values
        key = tuple(sorted(values.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(values)
        return self._made[key]

    def head(self, *, right: bool = False) -> Any:
        """The head of a table."""
        return self.get(
            bold=True, bg_color=LIGHT["ground"], bottom=2, bottom_color=LIGHT["accent"], text_wrap=True,
            align="right" if right else "left", indent=0 if right else 1,
        )  # fmt: skip

    def cell(self, kind: Kind, *, quoted: bool = False, missing: bool = False) -> Any:
        """A cell of a table; one that is not known stands where its number would."""
        values: dict[str, object] = {"bottom": 1, "bottom_color": LIGHT["hairline"]}
        values["num_format"] = "@" if missing else FORMS[kind]
        values["align"] = "left" if kind == "text" else "right"
        if kind == "text":
            values |= {"text_wrap": True, "indent": 1}
        if quoted:
            values["quote_prefix"] = True
        if missing:
            values["font_color"] = LIGHT["quiet"]
        return self.get(**values)


def put(sheet: Any, looks: Looks, at: tuple[int, int], cell: Cell, kind: Kind) -> None:
    """One cell with its type: numbers as numbers, moments as local times of the zone, words as words."""
    if unknown(cell):
        sheet.write_string(*at, DASH, looks.cell(kind, missing=True))
    elif isinstance(cell, str) or cell is None or kind == "text":
        words(sheet, at, str(cell), looks.cell("text", quoted=str(cell).startswith(BEGINS)))
    elif kind in ("time", "day"):
        when = moment(cell, looks.zone).replace(tzinfo=None)
        sheet.write_datetime(*at, when.date() if kind == "day" else when, looks.cell(kind))
    else:
        sheet.write_number(*at, cell, looks.cell(kind))


def words(sheet: Any, at: tuple[int, int], text: str, look: Any) -> None:
    """Words as words, whatever they begin with, as far as a cell can hold them."""
    if text:
        sheet.write_string(*at, text if len(text) <= LONGEST else text[:LONGEST] + "…", look)
    else:
        sheet.write_blank(*at, None, look)


def widths(table: Table) -> list[float]:
    """How wide each column has to be for what it holds, within bounds; in digits.

    A table of few columns is made as wide as the lines above it.
    """
    found = [_width(column, table, at) for at, column in enumerate(table.columns)]
    return [found[0] + max(LEAST - sum(found), 0), *found[1:]] if found else []


def _width(column: Column, table: Table, at: int) -> float:
    # A head takes two lines, and has room for the button of the filter.
    head = math.ceil(ems(column.title) / 2) * DIGITS + 4.5
    if column.kind in ("time", "day"):
        return max(17.0 if column.kind == "time" else 12.0, head)
    if column.kind == "text":
        texts = [str(row[at]) for row in table.rows if not unknown(row[at])]
    else:
        texts = [f"{row[at]:,.1f}" for row in table.rows if isinstance(row[at], (int, float))]
    longest = max((ems(text) for text in texts), default=2.0)
    return min(max(longest * DIGITS + 2, head, NARROWEST), WIDEST)


def height(texts: Iterable[tuple[str, float]]) -> float:
    """How high a row has to be, in points, for texts in columns of a width in digits."""
    most = max((lines(text, (wide - 1) / DIGITS, 1) for text, wide in texts), default=1)
    return most * LINE_PT + 3
