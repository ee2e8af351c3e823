"""A CSV as columns of text, with every row that does not fit the header named."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.faults import Fault, FaultsError
from layers.hints import shown


@dataclass(frozen=True)
class TextTable:
    """Columns of text as they stand in the file; empty is ""."""

    columns: dict[str, list[str]]
    index: NDArray[np.int64]
    """0-based data row of each kept row; blank lines are not counted."""
    faults: list[Fault]
    """Rows with too many or too few values, which are left out."""
    hint: str = ""
    """What may be wrong where a column is missing."""


def read_csv(text: str, file: str) -> TextTable:
    """Comma-separated text with a header line; raises FaultsError where there is no table in it."""
    rows = csv.reader(io.StringIO(text, newline=""))
    kept: list[list[str]] = []
    index: list[int] = []
    faults: list[Fault] = []
    try:
        header = [name.strip() for name in next((row for row in rows if row), [])]
        _check_header(header, file)
        for at, row in enumerate(row for row in rows if row):
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
        broken = Fault(what, file, got=shown(str(error)), expected="comma-separated text", hint=hint)
        raise FaultsError([*faults, broken]) from None
    columns = dict(zip(header, map(list, zip(*kept, strict=True)), strict=True)) if kept else {}
    hint = ""
    if len(header) == 1:
        mark = next((mark for mark in (";", "\t", "|") if mark in header[0]), "")
        hint = f"The file seems to be separated by {mark!r}: save it with commas" if mark else ""
    return TextTable(columns or {name: [] for name in header}, np.array(index, dtype=np.int64), faults, hint)


def _check_header(header: list[str], file: str) -> None:
    if not any(header):
        what, expected = "the file is empty", "a header line and rows"
        raise FaultsError([Fault(what, file, got="no header line", expected=expected)])
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        got = ", ".join(shown(name) for name in twice)
        what, expected = "a column name stands twice in the header", "each name once"
        raise FaultsError([Fault(what, file, got=got, expected=expected)])
