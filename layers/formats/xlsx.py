"""A spreadsheet (.xlsx): sheets with a header and rows, a position per row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from layers.faults import Fault, FaultsError
from layers.formats.base import Ask, Raw, stop
from layers.formats.points import placed
from layers.formats.sheet_size import unpacked
from layers.formats.table import Table, columns_of, take_header
from layers.hints import did_you_mean, one_of, reader_says, shown

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an .xls begins, and an .xlsx behind a password."""
_ZIP = b"PK\x03\x04"
T = TypeVar("T")


def read_xlsx(ask: Ask) -> Raw:
    """One sheet with a position per row."""
    return placed(sheet_table(ask), ask)


def sheet_table(ask: Ask) -> Table:
    """One sheet: the named one, or the only one with anything in it. A formula is what it last came to.

    Row 1 in faults is the row under the header; blank rows are left out but counted, so that a row's number
    and the header's together are its number in the sheet.
    """
    file = ask.file
    book = _opened(ask.path, file)
    names = _trusted(lambda: _filled(book), file)
    if ask.layer is None and len(names) > 1:
        got, hint = f"{len(names)} sheets and no choice", 'Name one of them: layer = "…"'
        what = "the spreadsheet holds several sheets"
        raise FaultsError([Fault(what, file, None, "layer", got, one_of(names), hint)])
    if ask.layer is not None and ask.layer not in book.sheet_names:
        what, hint = "no such sheet in the spreadsheet", did_you_mean(ask.layer, book.sheet_names)
        known = one_of(book.sheet_names)
        raise FaultsError([Fault(what, file, None, "layer", shown(ask.layer), known, hint)])
    name = ask.layer if ask.layer is not None else next(iter(names), "")
    return _trusted(lambda: _table(_rows(book, name), ask), file)


def sheets_in(path: Path) -> list[str | None]:
    """The sheets that people see with anything in them; one None where they cannot be listed."""
    try:
        book = _opened(path, path.name)
        return [*_trusted(lambda: _filled(book), path.name)] or [None]
    except (FaultsError, OSError):
        return [None]


def _opened(path: Path, file: str) -> CalamineWorkbook:
    with path.open("rb") as stream:
        head = stream.read(len(_OLD))
    if head == _OLD:
        what, got = "not a spreadsheet that can be read", "an old spreadsheet, or one behind a password"
        hint = "Open it and save it as .xlsx, without a password"
        raise stop(what, file, got, "an .xlsx without a password", hint)
    if not head.startswith(_ZIP):
        raise stop("not a spreadsheet", file, f"a file that begins with {head!r}", "an .xlsx")
    body = unpacked(path, file)
    return _trusted(lambda: CalamineWorkbook.from_filelike(body), file)


def _trusted(read: Callable[[], T], file: str) -> T:
    """What the library reads; raises FaultsError where it cannot."""
    try:
        return read()
    except FaultsError:
        raise
    except BaseException as error:
        # Rust's panics are no Exception, so that nobody takes them for one: here a file is at fault.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise stop("the spreadsheet cannot be read", file, reader_says(error), "a whole .xlsx") from None


def _filled(book: CalamineWorkbook) -> list[str]:
    """The sheets of cells that are not hidden, and of these the ones with anything in them."""
    seen = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if len(seen) == 1:
        return seen
    return [name for name in seen if book.get_sheet_by_name(name).total_height]


def _rows(book: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a sheet that are not blank, with their numbers in the sheet; no sheet has none."""
    if not name:
        return
    sheet = book.get_sheet_by_name(name)
    top = sheet.start[0] if sheet.start else 0
    for at, row in enumerate(sheet.iter_rows(), top + 1):
        if any(cell != "" and str(cell).strip() for cell in row):
            yield at, row


def _table(rows: Iterator[tuple[int, list[Any]]], ask: Ask) -> Table:
    header, top, below = take_header(rows, ask.file, header_row=ask.header_row)
    kept: list[list[Any]] = []
    index: list[int] = []
    for at, row in below:
        kept.append(row)
        index.append(at - top - 1)
    return Table(columns_of(header, kept), np.array(index, dtype=np.int64))
