"""A CSV as columns of text, with every row that does not fit the header named."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import numpy as np

from layers.faults import Fault, FaultsError
from layers.formats import table
from layers.formats.table import Numbered, Table, columns_of, take_header, too_large
from layers.hints import reader_says, shown


def read_csv(text: str, file: str, *, header_row: int | None = None) -> Table:
    """Comma-separated text with a header line; raises FaultsError where there is no table in it.

    Blank lines, and those of nothing but commas, are not counted as data rows; `header_row` counts every
    line of the file.
    """
    rows = csv.reader(_lines(text))
    kept: list[list[Any]] = []
    index: list[int] = []
    faults: list[Fault] = []
    cells = 0
    try:
        header, _, below = take_header(_numbered(rows), file, header_row=header_row)
        for at, (_, row) in enumerate(below):
            cells += len(row)
            if cells > table.MAX_CELLS or at >= table.MAX_ROWS:
                raise too_large(file)
            if len(row) == len(header):
                kept.append(row)
                index.append(at)
            else:
                hint = "A value with a comma needs double quotes around it" if len(row) > len(header) else ""
                got, expected = f"{len(row)} values", f"{len(header)} values, as the header has"
                faults.append(Fault("the row does not fit the header", file, at + 1, "", got, expected, hint))
    except csv.Error as error:
        what = f"the table breaks off at line {rows.line_num}"
        hint = "Look for a double quote that is never closed"
        broken = Fault(what, file, got=shown(reader_says(error)), expected="comma-separated text", hint=hint)
        raise FaultsError([*faults, broken]) from None
    hint = ""
    if len(header) == 1:
        mark = next((mark for mark in (";", "\t", "|") if mark in header[0]), "")
        hint = f"The file seems to be separated by {mark!r}: save it with commas" if mark else ""
    return Table(columns_of(header, kept), np.array(index, dtype=np.int64), faults, hint)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one at a time: a copy of the whole may be four times its size."""
    end = "\n" if "\n" in text else "\r"
    begin = 0
    while begin < len(text):
        after = text.find(end, begin) + 1 or len(text)
        yield text[begin:after]
        begin = after


def _numbered(rows: Any) -> Numbered:
    """Rows that are not blank, with the line of the file that each ends on."""
    for row in rows:
        if row and (row[0].strip() or any(cell.strip() for cell in row)):
            yield rows.line_num, row
