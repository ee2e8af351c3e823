"""A brief as a workbook: a first sheet that says what it is, a sheet per table, its charts, its definitions.

Cells have types; what is not known is a dash, never zero. Times are local times of the profile's zone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeGuard

import xlsxwriter

from dashboard.briefs.book_cells import Looks, height, put, widths, words
from dashboard.briefs.book_charts import put_charts
from dashboard.briefs.cells import moment, numeric
from dashboard.briefs.manuscript import Cell, Column, Manuscript, Table
from dashboard.theme import LIGHT
from dashboard.words import say

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = 3
"""The row of a table's head, from 0: above it its title, the times of its figures, and its note."""
PARAGRAPH = 90
"""Width of the first sheet's text, in digits."""
DEFINED = (26, 66, 32, 22)
"""Widths of the sheet of definitions, in digits."""
A4 = 9


def xlsx(m: Manuscript) -> bytes:
    """The file."""
    stream = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(stream, {"in_memory": True, **safe})
    book.set_properties(
        {
            "title": m.title, "subject": m.scope, "author": m.made_by, "keywords": " ".join(m.marks),
            "comments": "", "created": datetime.fromtimestamp(m.made_at, UTC).replace(tzinfo=None),
        }
    )  # fmt: skip
    looks = Looks(book, m.zone)
    sheets = named(m)
    _cover(book, looks, m, sheets)
    for name, table in sheets:
        _table(_sheet(book, m, name), looks, m, table)
    charts = [chart for part in m.parts for chart in part.charts]
    if charts:
        put_charts(book, _sheet(book, m, say(m.lang, "book_charts")), looks, m, charts)
    _definitions(book, looks, m, sheets)
    book.close()
    return stream.getvalue()


def named(m: Manuscript) -> list[tuple[str, Table]]:
    """Every table, and the name of its sheet: what Excel allows, none of them twice."""
    taken = {say(m.lang, f"book_{one}").casefold() for one in ("cover", "charts", "definitions")} | {
        "history"
    }
    found = []
    for part in m.parts:
        for table in part.tables:
            plain = re.sub(r"[\[\]:*?/\\]", " ", table.title).strip(" '") or table.name
            name, n = plain[:31], 1
            while name.casefold() in taken:
                n += 1
                name = f"{plain[: 31 - len(str(n)) - 1]} {n}"
            taken.add(name.casefold())
            found.append((name, table))
    return found


# ---- sheets ----------------------------------------------------------------------------------------


def _sheet(book: Any, m: Manuscript, name: str) -> Any:
    """An empty sheet with its print settings: A4 across, marks and figures on every page."""
    sheet = book.add_worksheet(name)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.hide_gridlines(2)
    marks = "　".join(one for one in (m.handling, *m.marks) if one)
    pages = say(m.lang, "book_page", page="\0", pages="\1")
    sheet.set_header(_edge(f"&L{_printed(m.title)}&R&B{_printed(marks)}"))
    sheet.set_footer(
        _edge(f"&L{_printed(m.figures)}&R{_printed(pages).replace(chr(0), '&P').replace(chr(1), '&N')}")
    )
    if m.marks:
        sheet.set_tab_color(LIGHT["simulated"])
    return sheet


def _printed(text: str) -> str:
    """Text for the edge of a page, where an ampersand begins a command."""
    return text.replace("&", "&&").replace("\n", " ")[:110]


def _edge(text: str) -> str:
    return text[:255]


def _cover(book: Any, looks: Looks, m: Manuscript, sheets: list[tuple[str, Table]]) -> None:
    """What this is: title, marks, times, the words of every part, and where each table is."""
    sheet = _sheet(book, m, say(m.lang, "book_cover"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, PARAGRAPH)
    sheet.set_column(2, 2, 12)
    words(sheet, (0, 0), m.title, looks.get(font_size=18, bold=True))
    sheet.set_row(0, 32)
    told: list[tuple[str, Cell, str]] = [
        ("handling", m.handling, "status-congested"), ("marks", "　".join(m.marks), "simulated"),
        ("scope", m.scope, ""), ("number", m.number, ""), ("date", m.date, ""),
        ("at", m.at, ""), ("made", m.made_at, ""), ("by", m.made_by, ""), ("zone", m.zone, ""),
        *((("", line, "")) for line in m.lines), ("", m.figures, ""),
        ("source", m.source, ""), ("link", m.link, ""), ("summary", m.summary, ""),
    ]  # fmt: skip
    row = 1
    for key, value, colour in told:
        if not value:
            continue
        label, wide = looks.get(font_color=LIGHT["quiet"], valign="top"), isinstance(value, str)
        words(sheet, (row, 0), say(m.lang, f"book_{key}") if key else "", label)
        look: dict[str, object] = {"text_wrap": True, "align": "left", "valign": "top", "num_format": "@"}
        if colour:
            look |= {"font_color": LIGHT[colour], "bold": True}
        if wide:
            words(sheet, (row, 1), str(value), looks.get(**look))
            sheet.set_row(row, height([(str(value), PARAGRAPH)]))
        else:
            when = moment(float(value), m.zone).replace(tzinfo=None)
            sheet.write_datetime(row, 1, when, looks.get(**look | {"num_format": "yyyy-mm-dd hh:mm"}))
        row += 1
    for part in m.parts:
        for n, text in enumerate(text for text in part.paragraphs if text != m.summary):
            look = {"text_wrap": True, "align": "left", "valign": "top", "num_format": "@"}
            words(
                sheet, (row, 0), "" if n else part.title, looks.get(font_color=LIGHT["quiet"], valign="top")
            )
            words(sheet, (row, 1), text, looks.get(**look))
            sheet.set_row(row, height([(text, PARAGRAPH)]))
            row += 1
    words(sheet, (row, 1), say(m.lang, "book_dash"), looks.get(font_color=LIGHT["quiet"], text_wrap=True))
    row += 2
    for at, key in enumerate(("book_sheets", "book_holds", "book_rows")):
        words(sheet, (row, at), say(m.lang, key), looks.head(right=at == 2))
    home = {table.name: part.title for part in m.parts for table in part.tables}
    text_look = looks.cell("text")
    for row, (name, table) in enumerate(sheets, start=row + 1):  # noqa: B020
        there = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"
        sheet.write_url(row, 0, there, looks.get(font_color=LIGHT["accent"], underline=1), name)
        words(sheet, (row, 1), " · ".join(one for one in (home[table.name], table.note) if one), text_look)
        sheet.set_row(row, height([(home[table.name] + table.note, PARAGRAPH)]))
        sheet.write_number(row, 2, len(table.rows), looks.cell("whole"))
    sheet.activate()


def _table(sheet: Any, looks: Looks, m: Manuscript, table: Table) -> None:
    """One table: its head stays in sight and comes again on every page; filters above every column."""
    _above(sheet, looks, m, table.title, table.note)
    last = len(table.columns) - 1
    wide = widths(table)
    for at, column in enumerate(table.columns):
        words(sheet, (HEAD, at), column.title, looks.head(right=numeric(column)))
        sheet.set_column(at, at, wide[at])
    sheet.set_row(HEAD, 32)
    for n, values in enumerate(table.rows, start=HEAD + 1):
        sheet.set_row(n, height((cell, one) for cell, one in zip(values, wide, strict=True) if _worded(cell)))
        for at, (cell, column) in enumerate(zip(values, table.columns, strict=True)):
            put(sheet, looks, (n, at), cell, column.kind)
    if table.rows:
        sheet.autofilter(HEAD, 0, HEAD + len(table.rows), last)
    sheet.freeze_panes(HEAD + 1, 1 if last else 0)
    sheet.repeat_rows(HEAD)
    sheet.print_area(0, 0, HEAD + len(table.rows), max(last, 0))


def _worded(cell: Cell) -> TypeGuard[str]:
    return isinstance(cell, str)


def _above(sheet: Any, looks: Looks, m: Manuscript, title: str, note: str) -> None:
    words(sheet, (0, 0), title, looks.get(font_size=14, bold=True))
    sheet.set_row(0, 24)
    marks = "　".join(one for one in (m.handling, *m.marks) if one)
    quiet = looks.get(font_color=LIGHT["quiet"])
    if marks:
        bold = looks.get(font_color=LIGHT["simulated"], bold=True)
        sheet.write_rich_string(1, 0, bold, marks, quiet, f"　{m.figures}", quiet)
    else:
        words(sheet, (1, 0), m.figures, quiet)
    words(sheet, (2, 0), note, quiet)


def _definitions(book: Any, looks: Looks, m: Manuscript, sheets: list[tuple[str, Table]]) -> None:
    """What the terms mean, then every column of every sheet with its name in the interface and its kind."""
    sheet = _sheet(book, m, say(m.lang, "book_definitions"))
    _above(sheet, looks, m, say(m.lang, "book_definitions"), "")
    terms = _wordy(m, ("term", "meaning"), m.definitions)
    _rows(sheet, looks, HEAD, terms)
    columns = _wordy(
        m,
        ("sheets", "column", "field", "kind"),
        (
            (name, column.title, f"{table.name}.{column.name}", say(m.lang, f"book_kind_{column.kind}"))
            for name, table in sheets
            for column in table.columns
        ),
    )
    _rows(sheet, looks, HEAD + len(terms.rows) + 3, columns)
    for at, wide in enumerate(DEFINED):
        sheet.set_column(at, at, wide)
    sheet.freeze_panes(HEAD + 1, 0)


def _wordy(m: Manuscript, keys: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table("", "", tuple(Column(key, say(m.lang, f"book_{key}")) for key in keys), tuple(rows))


def _rows(sheet: Any, looks: Looks, top: int, table: Table) -> None:
    for at, column in enumerate(table.columns):
        words(sheet, (top, at), column.title, looks.head())
    for n, values in enumerate(table.rows, start=top + 1):
        sheet.set_row(n, height((str(cell), wide) for cell, wide in zip(values, DEFINED, strict=False)))
        for at, cell in enumerate(values):
            put(sheet, looks, (n, at), cell, "text")
